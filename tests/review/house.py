"""The review service without servers: its log in memory, its routes, and an assessment service
that follows whatever review says.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from libs.chassis.app import create_app
from libs.chassis.clock import RandomIds
from libs.chassis.ports import Ports
from libs.chassis.principal import Principal
from libs.events.append import Appended
from libs.events.application import Cause, Command, Unit
from libs.events.contracts import assessment, review
from libs.events.contracts.contract import Contract
from libs.events.errors import Conflict
from libs.events.keyring import MemoryKeyRing
from libs.events.reader import SYSTEM
from libs.events.records import CommandRow, NewEvent, NewUnit, Recorded
from libs.events.store import Log
from libs.events.value import Act
from libs.filing.catalogue import texts_of
from libs.filing.identifiers import enterprise_id
from services.review import policies
from services.review.application import ReviewApplication
from services.review.domain.case import Case
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
TOLD: dict[str, type[Contract]] = {each.TOPIC: each for each in HEARD}


@dataclass
class Memory:
    """The port of the log, as far as commands and policies use it."""

    records: list[Recorded] = field(default_factory=list)
    commands: dict[UUID, CommandRow] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: on(date(2024, 9, 10)))

    async def stream(self, id: UUID, upto: int | None = None, after: int = 0) -> list[Recorded]:
        return [
            each
            for each in self.records
            if each.stream == id and after < each.version and (upto is None or each.version <= upto)
        ]

    async def at(self, id: UUID, version: int) -> Recorded | None:
        return next(
            (each for each in self.records if (each.stream, each.version) == (id, version)), None
        )

    async def command(self, id: UUID) -> CommandRow | None:
        return self.commands.get(id)

    async def append(self, unit: NewUnit) -> Appended:
        for stream, version in unit.expected:
            if len(await self.stream(stream)) != version:
                raise Conflict(stream)
        self.keep(unit.events)
        if unit.command:
            self.commands[unit.command.id] = unit.command._replace(position=len(self.records))
        return Appended(len(self.records))

    def keep(self, events: tuple[NewEvent, ...]) -> None:
        for e in events:
            self.records.append(
                Recorded(
                    len(self.records) + 1,
                    e.stream,
                    e.version,
                    e.type,
                    e.owner,
                    e.data,
                    e.meta,
                    self.now,
                )
            )


class House:
    def __init__(self) -> None:
        self.log, self.ids = Memory(), RandomIds()
        self.app = ReviewApplication(cast(Log, self.log), MemoryKeyRing(), self.ids)
        # whether the assessment service is there, and how far it has read
        self.follows, self.read = True, 0
        self.projected = 0  # how far read models have followed
        self.positions: dict[UUID, int] = {}
        self.served = served()
        self.served.state.ports = Ports(
            service="review",
            clock=self,
            verifier=self,
            texts=texts_of,
            fingerprint_key=b"k" * 32,
            enterprise_id=enterprise_id,
            supervising_city=self.supervising_city,
            positions=self.reached,
            state_rules=SERVICE.state_rules,
        )
        self.served.state.runtime = SimpleNamespace(
            application=self.app, settings=SimpleNamespace(profile="test"), pool=None
        )

    # What the ports ask

    def now(self) -> datetime:
        return self.log.now

    async def supervising_city(self, enterprise: UUID) -> str | None:
        return "410100" if enterprise == ENTERPRISE else None

    async def reached(self) -> dict[str, int]:
        return {"review": len(self.log.records)}

    async def verify(self, token: str) -> Principal:
        """ROLE, ROLE/user, or ROLE/user/city."""
        role, user, city = [*token.split("/"), "", ""][:3]
        unit = city or {"CITY": "410100", "PROV": "410000"}.get(role[:4])
        return Principal(
            user or role.lower(), (role,), org=USCC if role.startswith("ENT") else None, city=unit
        )

    # The assessment service

    async def send(self, round: int = 1, record: UUID = THE_RECORD, **changes: Any) -> None:
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
            "proposal": {"result": "PASS", "policy_version": "2024.1"},
            "window_end": date(2024, 10, 31),
        }
        await self.hear(assessment.AssessmentSent(act=self._clerk(), **(facts | changes)), record)

    async def hear(self, fact: Contract, record: UUID = THE_RECORD) -> None:
        """A fact of the assessment service arrives."""
        unit = Unit(self.app, Command(Act(by=SYSTEM, at=self.log.now)))
        await policies.records.react(unit, fact, self._recorded(fact, record))
        self.log.keep(await self.app.codec.encode(unit.collect(), Cause(self.ids.new())))

    async def follow(self) -> None:
        """What takes effect by review's word takes effect at once."""
        while self.follows and self.read < len(self.log.records):
            at = self.log.records[self.read]
            self.read += 1
            told = TOLD.get(at.type)
            answer = answered(told.model_validate_json(at.data)) if told else None
            if answer:
                await self.hear(
                    answer(act=self._clerk(), round=at.facts["round"], decision=at.id),
                    UUID(at.facts["subject_id"]),
                )

    # Whoever uses the API

    async def do(
        self, token: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4()), **headers}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.served), base_url="http://review"
        ) as client:
            answer = await client.request(
                method, f"/api/v1{path}", json=body, headers=sent if token else None
            )
        await self.follow()
        return answer

    async def done(
        self, token: str, method: str, path: str, body: Any = None, **headers: str
    ) -> Any:
        answer = await self.do(token, method, path, body, **headers)
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

    async def case(self) -> Case:
        return await self.app.read(Case, CASE)

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
        self.log.now = on(date(2024, 10, 20))
        await self.done("PROV_LEAD", "POST", f"/publicities/{publicity['id']}:announce")

    @property
    def types(self) -> list[str]:
        return [each.type.removeprefix("review.") for each in self.log.records]

    def _clerk(self) -> Act:
        return Act(by=SYSTEM, at=self.log.now)

    def _recorded(self, fact: Contract, record: UUID) -> Recorded:
        position = self.positions[record] = self.positions.get(record, 0) + 1
        data = fact.model_dump_json().encode()
        return Recorded(
            position, record, position, fact.TOPIC, ENTERPRISE, data, b"{}", self.log.now
        )


@cache
def served() -> FastAPI:
    """Built once; each house moves in with its own ports."""
    return create_app("review", SERVICE.routers, SERVICE.access)


def answered(fact: Contract) -> type[assessment.DecisionApplied] | None:
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
