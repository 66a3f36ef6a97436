"""公示 and 公告: results that are shown to everybody, objected to, and announced (domain book 3.3,
5.7). Nothing published is personal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.errors import NotFound
from libs.events.personal import PersonalData
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.reference import policy
from libs.filing.rules import concluding as rules
from libs.filing.transitions import PROVINCE as OFFICERS
from libs.filing.transitions import next_state
from services.review.domain.course import role
from services.review.domain.subject import PROVINCE

MOVES = "assessment_transition"
OFFICE = uuid5(NAMESPACE_URL, f"/offices/{PROVINCE}")


class Standing(StrEnum):
    OPEN = "OPEN"
    ANNOUNCED = "ANNOUNCED"


class Published(Value):
    """One line of the notice."""

    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    result: str  # code list `assessment_result`


@dataclass(frozen=True)
class Objection:
    id: UUID
    record: UUID
    text: str
    who: str
    upheld: bool | None = None  # None: nobody has answered it yet
    answer: str = ""


class Publicity(Aggregate):
    # What has happened

    class PublicityOpened(Aggregate.Created):
        publicity: UUID
        results: tuple[Published, ...]
        first_day: date
        last_day: date

    class ObjectionRaised(Aggregate.Event):
        objection: UUID
        record: UUID
        text: PersonalData[str]  # whoever objects may write about people
        who: PersonalData[str]

    class ObjectionClosed(Aggregate.Event):
        objection: UUID
        record: UUID
        upheld: bool
        text: str

    class ResultAnnounced(Aggregate.Event):
        results: tuple[Published, ...]
        announced_on: date

    @staticmethod
    def create_id(publicity: UUID) -> UUID:
        return publicity

    @property
    def owner(self) -> UUID:
        return OFFICE

    # What may be asked, and when

    def object(self, act: Act, objection: UUID, record: UUID, text: str, who: str) -> None:
        """登记异议, for whoever raises it: its record waits until it is answered."""
        refuse(self.findings_before_objection(act, record))
        self._objection_raised(act, objection, record, text, who)

    def close_objection(self, act: Act, objection: UUID, upheld: bool, text: str) -> None:
        """Upheld, it takes its record out of the publicity."""
        found = self.objection(objection)
        refuse(self.findings_before_closing(act, found, upheld))
        self._objection_closed(act, objection, found.record, upheld, text)

    def announce(self, act: Act) -> None:
        """公告: only now do the results count."""
        refuse(self.findings_before_announcing(act))
        self._result_announced(act, tuple(self.results.values()), act.today)

    # The same answers for the command and for the allowed actions

    def findings_before_objection(self, act: Act, record: UUID) -> list[Finding]:
        if record not in self.results:
            raise NotFound
        return [*role(act, OFFICERS), *self._move(record, "object")]

    def findings_before_closing(self, act: Act, found: Objection, upheld: bool) -> list[Finding]:
        if found.upheld is not None:
            return [finding(STATE, case="objection_closed")]
        return [*role(act, OFFICERS), *self._move(found.record, "uphold" if upheld else "dismiss")]

    def findings_before_announcing(self, act: Act) -> list[Finding]:
        if self.standing is Standing.ANNOUNCED or not self.results:
            return [*role(act, OFFICERS), finding(STATE, case="nothing_to_announce")]
        over = rules.v07(
            self.first_day, act.today, policy(), open_objections=len(self.open_objections)
        )
        return [
            *role(act, OFFICERS),
            *over,
            *findings_before_publishing(tuple(self.results.values())),
        ]

    def actions(self, act: Act) -> dict[str, list[Finding]]:
        closing = [] if self.open_objections else [finding(STATE, case="objection_closed")]
        objecting = (
            [] if self.standing is Standing.OPEN else [finding(STATE, case="nothing_to_announce")]
        )
        return {
            "object": [*role(act, OFFICERS), *objecting],
            "dismiss": [*role(act, OFFICERS), *closing],
            "uphold": [*role(act, OFFICERS), *closing],
            "announce": self.findings_before_announcing(act),
        }

    # What it is

    @property
    def open_objections(self) -> list[Objection]:
        return [each for each in self.objections.values() if each.upheld is None]

    def objection(self, id: UUID) -> Objection:
        if id not in self.objections:
            raise NotFound
        return self.objections[id]

    def status(self, record: UUID) -> str:
        """Of a record in it, code list `assessment_status`."""
        if self.standing is Standing.ANNOUNCED:
            return "ANNOUNCED"
        return (
            "OBJECTION"
            if any(each.record == record for each in self.open_objections)
            else "PUBLICITY"
        )

    def _move(self, record: UUID, move: str) -> list[Finding]:
        status = self.status(record)
        return (
            []
            if next_state(MOVES, status, move)
            else [finding(STATE, case="record", status=status, action=move)]
        )

    # What each event changes: no rules here, history must always replay

    @event(PublicityOpened)
    def __init__(
        self,
        act: Act,
        publicity: UUID,
        results: tuple[Published, ...],
        first_day: date,
        last_day: date,
    ) -> None:
        self.results = {each.record: each for each in results}
        self.first_day, self.last_day, self.standing = first_day, last_day, Standing.OPEN
        self.announced_on: date | None = None
        self.objections: dict[UUID, Objection] = {}

    @event(ObjectionRaised)
    def _objection_raised(
        self, act: Act, objection: UUID, record: UUID, text: str, who: str
    ) -> None:
        self.objections[objection] = Objection(objection, record, text, who)

    @event(ObjectionClosed)
    def _objection_closed(
        self, act: Act, objection: UUID, record: UUID, upheld: bool, text: str
    ) -> None:
        self.objections[objection] = replace(self.objections[objection], upheld=upheld, answer=text)
        if upheld:
            self.results = {id: each for id, each in self.results.items() if id != record}

    @event(ResultAnnounced)
    def _result_announced(
        self, act: Act, results: tuple[Published, ...], announced_on: date
    ) -> None:
        self.standing, self.announced_on = Standing.ANNOUNCED, announced_on


def findings_before_publishing(results: tuple[Published, ...]) -> list[Finding]:
    """Nothing personal stands in what everybody reads."""
    return [each for line in results for each in rules.v12(line)]
