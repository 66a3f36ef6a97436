"""公示 and 公告: results that are shown to everybody, objected to, and announced (domain book 3.3,
5.7). A publicity and its cases change together (decision 19). Nothing published is personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.errors import NotFound
from libs.events.personal import PersonalData
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value, replace
from libs.filing.catalogue import STATE, finding
from libs.filing.reference import policy
from libs.filing.rules import concluding as rules
from libs.filing.transitions import PROVINCE as OFFICERS
from libs.filing.transitions import next_state
from services.review.cases.domain.findings import about_role
from services.review.cases.domain.judgement import Qualification
from services.review.cases.domain.subject import PROVINCE

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
    qualifications: tuple[Qualification, ...] = ()


@dataclass(frozen=True)
class Objection:
    id: UUID
    record: UUID
    text: str
    who: str
    raised_by: str  # the officer who entered it
    raised_at: datetime
    upheld: bool | None = None  # None: nobody has answered it yet
    answer: str = ""
    handled_by: str | None = None
    closed_at: datetime | None = None


class Publicity(Aggregate):
    # Opening 公示

    class PublicityOpened(Aggregate.Created):
        publicity: UUID
        results: tuple[Published, ...]
        first_day: date
        last_day: date
        SCHEMA: ClassVar[int] = 2

    @staticmethod
    def create_id(publicity: UUID) -> UUID:
        return publicity

    @classmethod
    def open(
        cls, act: Act, publicity: UUID, results: tuple[Published, ...], last_day: date
    ) -> Publicity:
        """These results are shown to everybody from today on."""
        opened = cls.PublicityOpened(
            act=act, publicity=publicity, results=results, first_day=act.today, last_day=last_day
        )
        return cls.begin(publicity, opened)

    @evolves(PublicityOpened)
    def _opened(self, e: PublicityOpened) -> None:
        self.results = {each.record: each for each in e.results}
        self.first_day = e.first_day
        self.last_day = e.last_day
        self.standing = Standing.OPEN
        self.announced_on: date | None = None
        self.objections: dict[UUID, Objection] = {}

    @property
    def owner(self) -> UUID:
        return OFFICE

    @property
    def open_objections(self) -> list[Objection]:
        return [each for each in self.objections.values() if each.upheld is None]

    def objection(self, id: UUID) -> Objection:
        """Raises NotFound."""
        if id not in self.objections:
            raise NotFound
        return self.objections[id]

    def status(self, record: UUID) -> str:
        """Of a record in it, code list `assessment_status`."""
        if self.standing is Standing.ANNOUNCED:
            return "ANNOUNCED"
        waits = any(each.record == record for each in self.open_objections)
        return "OBJECTION" if waits else "PUBLICITY"

    def _move(self, record: UUID, move: str) -> list[Finding]:
        status = self.status(record)
        if next_state(MOVES, status, move):
            return []
        return [finding(STATE, case="record", status=status, action=move)]

    def actions(self, act: Act) -> dict[str, list[Finding]]:
        """What may be done with it, and what stands against each."""
        closing = [] if self.open_objections else [finding(STATE, case="objection_closed")]
        return {
            "object": [*about_role(act, OFFICERS), *self._against_every_objection()],
            "dismiss": [*about_role(act, OFFICERS), *closing],
            "uphold": [*about_role(act, OFFICERS), *closing],
            "announce": self.findings_before_announcing(act),
        }

    def _against_every_objection(self) -> list[Finding]:
        """Nothing as long as one of the records can be objected to."""
        against = [self._move(record, "object") for record in self.results]
        return min(against, key=len, default=[finding(STATE, case="nothing_to_announce")])

    # An objection is entered 登记异议

    class ObjectionRaised(Aggregate.Event):
        objection: UUID
        record: UUID
        text: PersonalData[str]  # whoever objects may write about people
        who: PersonalData[str]

    def object(self, act: Act, objection: UUID, record: UUID, text: str, who: str) -> None:
        """For whoever raises it: its record waits until it is answered. Raises NotFound for a
        record that is not in it.
        """
        refuse(self.findings_before_objection(act, record))
        raised = self.ObjectionRaised(
            act=act, objection=objection, record=record, text=text, who=who
        )
        self.record(raised)

    def findings_before_objection(self, act: Act, record: UUID) -> list[Finding]:
        """Raises NotFound for a record that is not in it."""
        if record not in self.results:
            raise NotFound
        return [*about_role(act, OFFICERS), *self._move(record, "object")]

    @evolves(ObjectionRaised)
    def _raised(self, e: ObjectionRaised) -> None:
        by, at = e.act.by.user, e.act.at
        self.objections[e.objection] = Objection(e.objection, e.record, e.text, e.who, by, at)

    # An objection is answered 处理异议

    class ObjectionClosed(Aggregate.Event):
        objection: UUID
        record: UUID
        upheld: bool
        text: str

    def close_objection(self, act: Act, objection: UUID, text: str, *, upheld: bool) -> None:
        """Upheld, it takes its record out of the publicity. Raises NotFound for an objection
        nobody raised.
        """
        found = self.objection(objection)
        refuse(self.findings_before_closing(act, found, upheld=upheld))
        closed = self.ObjectionClosed(
            act=act, objection=objection, record=found.record, upheld=upheld, text=text
        )
        self.record(closed)

    def findings_before_closing(self, act: Act, found: Objection, *, upheld: bool) -> list[Finding]:
        if found.upheld is not None:
            return [*about_role(act, OFFICERS), finding(STATE, case="objection_closed")]
        return [
            *about_role(act, OFFICERS),
            *self._move(found.record, "uphold" if upheld else "dismiss"),
        ]

    @evolves(ObjectionClosed)
    def _closed(self, e: ObjectionClosed) -> None:
        self.objections[e.objection] = replace(
            self.objections[e.objection],
            upheld=e.upheld,
            answer=e.text,
            handled_by=e.act.by.user,
            closed_at=e.act.at,
        )
        if e.upheld:
            self.results = {id: each for id, each in self.results.items() if id != e.record}

    # The results are announced 公告

    class ResultAnnounced(Aggregate.Event):
        results: tuple[Published, ...]
        announced_on: date
        SCHEMA: ClassVar[int] = 2

    def announce(self, act: Act) -> None:
        """Only now do the results count."""
        refuse(self.findings_before_announcing(act))
        results = tuple(self.results.values())
        self.record(self.ResultAnnounced(act=act, results=results, announced_on=act.today))

    def findings_before_announcing(self, act: Act) -> list[Finding]:
        if self.standing is Standing.ANNOUNCED or not self.results:
            return [*about_role(act, OFFICERS), finding(STATE, case="nothing_to_announce")]
        objections = len(self.open_objections)
        return [
            *about_role(act, OFFICERS),
            *rules.v07(self.first_day, act.today, policy(), open_objections=objections),
            *findings_before_publishing(tuple(self.results.values())),
        ]

    @evolves(ResultAnnounced)
    def _announced(self, e: ResultAnnounced) -> None:
        self.standing = Standing.ANNOUNCED
        self.announced_on = e.announced_on


def findings_before_publishing(results: tuple[Published, ...]) -> list[Finding]:
    """Nothing personal stands in what everybody reads."""
    return [each for line in results for each in rules.v12(line)]
