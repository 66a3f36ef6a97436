"""The review service in memory, and an assessment service that follows whatever review says."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from libs.chassis.in_memory import MemoryClock, ServiceInMemory, Setting, token
from libs.events.pools import Pool
from libs.events.reader import SYSTEM
from libs.events.value import Act
from libs.published import assessment, enterprise, review
from libs.published.event import PublishedEvent
from services.review.cases.domain.case import Case
from services.review.main import SERVICE
from tests.given import ENTERPRISE, USCC, id_of
from tests.review.given import CASE, THE_RECORD, on

HEARD = (
    review.Decided,
    review.CaseSigned,
    review.ConclusionApproved,
    review.ReturnLapsed,
    review.OnsiteRecorded,
    review.ExpertOpinionGiven,
    review.PublicityOpened,
    review.ObjectionRaised,
    review.ObjectionClosed,
    review.ResultAnnounced,
    review.RectificationOrdered,
    review.RectificationReported,
    review.RectificationAccepted,
    review.RectificationReopened,
    review.QualificationWithdrawalProposed,
    review.WithdrawalSettled,
    review.CaseTaken,
    review.CaseWithdrawn,
)
TOLD: dict[str, type[PublishedEvent]] = {each.TOPIC: each for each in HEARD}


def caller(who: str) -> str:
    """A token for ROLE, ROLE/user, or ROLE/user/city; empty for anybody."""
    if not who:
        return ""
    role, user, city = [*who.split("/"), "", ""][:3]
    if role.startswith("ENT"):
        return token(role, user, org=USCC)
    place = city or {"CITY": "410100", "PROV": "410000"}.get(role[:4], "")
    return token(role, user, **({"city": place} if place else {}))


class House(ServiceInMemory):
    def __init__(self, pool: Pool | None = None) -> None:
        setting = Setting(clock=MemoryClock(on(date(2024, 9, 10))))
        super().__init__(SERVICE, setting, pool=pool)
        # whether the assessment service is there, and how far it has read
        self.follows, self.read = True, 0

    # The assessment service

    async def send(
        self,
        round: int = 1,
        record: UUID = THE_RECORD,
        owner: UUID = ENTERPRISE,
        **changes: Any,
    ) -> None:
        facts: dict[str, Any] = {
            "campaign": id_of("campaign"),
            "record_no": "2024-410100-000001",
            "receipt_no": "R-1",
            "round": round,
            "generation": round,
            "uscc": USCC,
            "name": "某设计院",
            "supervising_city_code": "410100",
            "snapshot_sha256": "a" * 64,
            "proposal": {
                "result": "PASS",
                "policy_version": "2024.1",
                "per_item": [{"item": {"licence": "A32101", "grade": "B"}}],
            },
            "window_end": date(2024, 10, 31),
        }
        if not self.rows("directory"):
            await self.hear(registered(self.clerk), stream=ENTERPRISE)
        sent = assessment.AssessmentSent(act=self.clerk, **(facts | changes))
        await self.tell(sent, record, owner)

    async def tell(
        self, fact: PublishedEvent, record: UUID = THE_RECORD, owner: UUID = ENTERPRISE
    ) -> None:
        """A fact of the assessment service arrives."""
        await self.hear(fact, stream=record, owner=owner)

    async def assess(self) -> None:
        """What takes effect by review's word takes effect at once."""
        while self.follows and self.read < len(self.log.records):
            at = self.log.records[self.read]
            self.read += 1
            told = TOLD.get(at.type)
            answer = answered(told.model_validate_json(at.data)) if told else None
            if answer:
                fact = answer(act=self.clerk, round=at.payload["round"], decision=at.id)
                await self.tell(fact, UUID(at.payload["subject_id"]))

    # Whoever uses the API

    async def do(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        answer = await self.ask(caller(who), method, path, body, headers=headers)
        await self.assess()
        return answer

    async def done(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = await self.do(who, method, path, body, **headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def decided(self, token: str, decision: str, **more: Any) -> Any:
        case = await self.case()
        items = (
            [{"pointer": "/si_proofs/0", "reason": "R06", "text": "社保月份不连续"}]
            if decision == "RETURN"
            else []
        )
        body = {
            "decision": decision,
            "round": case.round,
            "reviewed": case.reviewed.model_dump(),
            "items": items,
            "comment": "审核意见说明",
        }
        return await self.done(token, "POST", f"/cases/{CASE}:decide", body | more)

    async def named(self, expert: str) -> Any:
        """The province's lead hands the case to an expert."""
        to_expert = {"to": expert, "reason": "请专家审核"}
        return await self.done("PROV_LEAD", "POST", f"/cases/{CASE}:assign", to_expert)

    async def case(self) -> Case:
        return await self.application.read(Case, CASE)

    async def at_the_province(self) -> None:
        await self.send()
        await self.decided("CITY_OFFICER", "PASS")
        await self.done("CITY_LEAD", "POST", f"/cases/{CASE}:sign")

    async def concluded(self, result: str = "PASS") -> None:
        await self.at_the_province()
        await self.decided("PROV_OFFICER", "PASS")
        reason = "" if result == "PASS" else "人员不足"
        await self.done(
            "PROV_OFFICER",
            "POST",
            f"/conclusions/{THE_RECORD}:propose",
            {"result": result, "override_reason": reason},
        )
        await self.done("PROV_LEAD", "POST", f"/conclusions/{THE_RECORD}:approve")

    async def announced(self, result: str = "FAIL") -> None:
        await self.concluded(result)
        publicity = await self.done(
            "PROV_OFFICER", "POST", "/publicities", {"records": [str(THE_RECORD)]}
        )
        self.clock.at = on(date(2024, 10, 20))
        await self.done("PROV_LEAD", "POST", f"/publicities/{publicity['id']}:announce")

    @property
    def clerk(self) -> Act:
        return Act(by=SYSTEM, at=self.clock.now())


def registered(act: Act) -> enterprise.EnterpriseRegistered:
    return enterprise.EnterpriseRegistered(
        act=act, uscc=USCC, name="某设计院", supervising_city_code="410100"
    )


def answered(fact: PublishedEvent) -> type[assessment.DecisionApplied] | None:
    """How the assessment service says that it followed (domain book 5.7)."""
    if isinstance(fact, review.CaseSigned):
        return assessment.AssessmentCityPassed
    if isinstance(fact, review.ConclusionApproved):
        return assessment.AssessmentConcluded
    if isinstance(fact, review.Decided) and fact.binding:
        return {
            "RETURN": assessment.AssessmentReturned,
            "ONSITE": assessment.AssessmentOnsiteOrdered,
            "ESCALATE": assessment.AssessmentEscalated,
        }[fact.decision]
    return None
