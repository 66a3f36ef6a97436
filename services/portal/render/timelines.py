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
    "CaseOpened": N_("收到报送"),
    "RoundOpened": N_("收到再次报送"),
    "CaseTaken": N_("受理"),
    "CaseReleased": N_("释放"),
    "CaseAssigned": N_("转办"),
    "Decided": N_("出具审核意见"),
    "CaseSigned": N_("签发初审意见"),
    "DecisionTookEffect": N_("决定生效"),
    "DecisionHadNoEffect": N_("决定未生效"),
    "OnsiteRecorded": N_("登记核查记录"),
    "InterestDeclared": N_("申请回避"),
    "CaseWithdrawn": N_("企业撤回"),
    "CaseVoided": N_("作废"),
    "ReturnLapsed": N_("终止补正"),
    "ExpertOpinionGiven": N_("出具专家意见"),
    "ConclusionProposed": N_("拟定结论"),
    "ConclusionApproved": N_("批准结论"),
    "ResultPublished": N_("公示"),
    "CaseReopened": N_("异议成立，重新复核"),
    "ResultSettled": N_("公告，结论生效"),
    "PublicityOpened": N_("开始公示"),
    "ObjectionRaised": N_("登记异议"),
    "ObjectionClosed": N_("处理异议"),
    "ResultAnnounced": N_("公告"),
    "RectificationOrdered": N_("责令限期整改"),
    "RectificationReported": N_("报送整改报告"),
    "RecheckMeasured": N_("测算报告当日的数据"),
    "RectificationAccepted": N_("整改合格"),
    "RectificationReopened": N_("报告不全，退回"),
    "RectificationRefused": N_("整改不合格"),
    "QualificationWithdrawalProposed": N_("提出撤回资质"),
    "WithdrawalSettled": N_("结案"),
    "ReferenceBegun": N_("开始维护"),
    "ReferenceChanged": N_("改动参考数据"),
    "ClockSet": N_("设定开发时钟"),
    "CampaignPlanned": N_("建立考核批次"),
    "CampaignChanged": N_("保存批次设置"),
    "CampaignOpened": N_("开始填报"),
    "AbsentListed": N_("列出未参加考核的企业"),
    "CampaignClosed": N_("填报截止"),
}
