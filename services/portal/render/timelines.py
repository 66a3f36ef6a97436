"""The timeline renderer: the steps of an item's history as a person reads them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.portal.render.words import N_


class Names(Protocol):
    def item(self, code: Any) -> Mapping[str, Any]: ...


class Speaker(Protocol):
    language: str

    def __call__(self, text: str) -> str: ...


@dataclass(frozen=True)
class TimelineStep:
    at: str
    what: str
    who: str
    role: Mapping[str, Any]
    round: int | None
    position: int
    digest: str


def timeline(
    steps: Iterable[Mapping[str, Any]], roles: Names, words: Speaker
) -> list[TimelineStep]:
    """Newest first."""
    says: Callable[[str], str] = words
    made = [
        TimelineStep(
            at=each["at"],
            what=says(WORDS.get(each["type"].rpartition(".")[2], each["type"])),
            who=each["user"],
            role=roles.item(each["role"]),
            round=each.get("round"),
            position=each["position"],
            digest=each["data_sha256"],
        )
        for each in steps
    ]
    return made[::-1]


WORDS = {
    "EnterpriseRegistered": N_("企业注册"),
    "InformationSaved": N_("保存企业基本信息"),
    "LegacyInformationFetched": N_("获取企业备案信息"),
    "FilingDrafted": N_("添加备案"),
    "FilingSaved": N_("保存备案"),
    "FilingSent": N_("在线发送"),
    "FilingOpened": N_("受理"),
    "FilingReturned": N_("退回补正"),
    "FilingApproved": N_("审核通过"),
    "FilingRejected": N_("审核不通过"),
    "WithdrawalAsked": N_("申请撤回"),
    "FilingWithdrawn": N_("已撤回"),
    "WithdrawalRefused": N_("不予撤回"),
    "FilingVoided": N_("作废"),
    "DecisionNotApplied": N_("决定未生效"),
    "AssessmentStarted": N_("添加动态考核数据"),
    "StepSaved": N_("保存一步"),
    "PersonsFrozen": N_("固定技术人员"),
    "AssessmentGenerated": N_("生成"),
    "AssessmentRegenerated": N_("重新生成"),
    "AssessmentSent": N_("发送"),
    "SnapshotDrifted": N_("发送后来源有变化"),
    "AssessmentWithdrawn": N_("已撤回"),
    "AssessmentReviewOpened": N_("受理"),
    "AssessmentCityPassed": N_("市级初审完成"),
    "AssessmentReturned": N_("退回补正"),
    "AssessmentReturnLapsed": N_("补正期限已过"),
    "AssessmentOnsiteOrdered": N_("实地核查"),
    "AssessmentOnsiteDone": N_("实地核查完成"),
    "AssessmentEscalated": N_("转专家审核"),
    "AssessmentExpertHeard": N_("专家已出意见"),
    "AssessmentConcluded": N_("拟定结论"),
    "AssessmentPublished": N_("公示"),
    "AssessmentObjected": N_("公示期间有异议"),
    "AssessmentObjectionClosed": N_("异议已处理"),
    "AssessmentAnnounced": N_("公告"),
    "AssessmentInRectification": N_("责令限期整改"),
    "AssessmentInRecheck": N_("整改复核"),
    "AssessmentWithdrawalProposed": N_("拟撤回资质"),
    "AssessmentClosed": N_("结案"),
}
