"""What is sent and answered about cases."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.chassis.http.checks import AllowedAction
from libs.chassis.http.pages import Listed
from libs.events.personal import PersonalData
from libs.events.strict import LINE, Integer
from libs.events.value import Value
from libs.filing.calendar import local_day
from libs.filing.content.types import Day, Key50, OneOf, Text50, Text200
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from libs.filing.worklist import Today
from services.review.cases.commands import Opinion
from services.review.cases.domain import deadlines
from services.review.cases.domain.case import Case
from services.review.cases.domain.judgement import Inspector, Terms, Verdict
from services.review.cases.domain.subject import OPEN, Level, State, Subject
from services.review.cases.lists import CaseRow, WaitingCases
from services.review.texts import Printable, Said, Text


class Item(Value):
    """A point that is sent back; its pointer covers everything below it."""

    pointer: Annotated[
        str,
        StringConstraints(max_length=200, pattern=r"^(/[^/]+)*$"),
        LINE,
        Field(examples=["/basic/registered_address"]),
    ]
    reason: Annotated[str, OneOf("return_reason")]
    text: Text

    @property
    def returned(self) -> ReturnedItem:
        return ReturnedItem(pointer=self.pointer, reason=self.reason, text=self.text)


class Deciding(Value):
    decision: Decision
    round: Annotated[Integer, Field(ge=1)]
    reviewed: Reviewed = Field(description="What was seen: place and SHA-256 of the sent event")
    items: tuple[Item, ...] = ()
    comment: Text = ""

    def about(self, case: UUID) -> Opinion:
        return Opinion(
            case,
            self.decision,
            self.round,
            self.reviewed,
            tuple(each.returned for each in self.items),
            self.comment,
        )


class DecidingOne(Deciding):
    case: UUID


class DecidingSeveral(Value):
    cases: Annotated[tuple[DecidingOne, ...], Field(min_length=1, max_length=200)]


class HandingOver(Value):
    to: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        LINE,
        Field(description="User of the officer who is to have it", examples=["officer-7"]),
    ]
    reason: Said


class Inspecting(Value):
    """An inspector; without the number of their certificate they do not count (V10)."""

    name: PersonalData[Text50]
    certificate_no: PersonalData[Key50] = ""


class Minutes(Value):
    """核查记录"""

    date: Day
    inspectors: Annotated[tuple[Inspecting, ...], Field(max_length=20)]
    place: Text200
    minutes: Said

    @property
    def people(self) -> tuple[Inspector, ...]:
        return tuple(
            Inspector(name=each.name, certificate_no=each.certificate_no)
            for each in self.inspectors
        )


class Interest(Value):
    reason: Printable = ""


class CaseView(BaseModel):
    id: UUID
    version: int
    subject_kind: str
    subject_id: UUID
    filing: UUID | None
    type: str
    no: str
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    level: Level
    round: int
    reviewed: Reviewed
    state: State
    assignee: str | None
    opened_at: datetime
    taken_at: datetime | None
    decided_at: datetime | None
    decision: Decision | None
    items: tuple[ReturnedItem, ...]
    comment: str
    returns: int
    due_on: date
    stopped_at: datetime | None = Field(
        description="The clock stands while the enterprise has the ball"
    )
    status: str | None = Field(
        description="Of a record, as far as review knows: code list `assessment_status`",
        examples=["PROV_REVIEW"],
    )
    terms: Terms | None = Field(
        description="Of a record: what the machine proposes, and the campaign's rules"
    )
    visited_on: date | None
    decided_by: str | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="Account of whoever said the decision that stands",
    )
    signed_by: str | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="Account of the lead who let the city's opinion take effect",
    )
    minutes: str = Field(
        default="",
        exclude_if=lambda value: not value,  # not said of what was answered before it was told
        description="Of the visit in this round, once there was one",
    )
    expert_opinion: str = Field(
        default="",
        exclude_if=lambda value: not value,
        description="Of the experts in this round, once they were heard",
    )


class Clock(BaseModel):
    working_days_left: int | None = Field(
        description="Until it is due, that day included; negative when it has passed; null while"
        " the clock stands, and once the authority has nothing more to do",
        examples=[18],
    )
    working_days: int | None = Field(
        description="That there were in all, from its sending", examples=[20]
    )


class Concluded(BaseModel):
    """What persons made of a record: proposed, approved, shown to everybody."""

    model_config = ConfigDict(from_attributes=True)

    result: str = Field(examples=["BASIC"])
    override_reason: str
    verdicts: tuple[Verdict, ...]
    proposed_by: str
    approved_by: str | None
    publicity: UUID | None = None


class ReadCase(CaseView, Clock):
    """As it stands today."""

    allowed_actions: list[AllowedAction] | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="With `actions=true`: what the caller may do with it now, as `:check` says it",
    )
    conclusion: Concluded | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="Of a record, once a result is proposed; experts are asked before that",
    )

    inspectors: tuple[str, ...] = Field(
        default=(),
        exclude_if=lambda value: not value,
        description="To the authority: who was there at the visit in this round, by name",
    )


class CaseLine(Clock):
    id: UUID
    subject_kind: str
    subject_id: UUID
    filing: UUID | None
    type: str
    no: str
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    level: Level
    round: int
    reviewed: Reviewed
    state: State
    assignee: str | None
    opened_at: datetime
    taken_at: datetime | None
    decided_at: datetime | None
    decision: Decision | None
    due_on: date


class CaseCount(BaseModel):
    all: int
    near: int = Field(description="At most three working days are left")
    over: int = Field(description="Past its date")


class Queue(Listed[CaseLine]):
    total: int | None = Field(
        None, description="With `count=true`: how many of the 2000 most urgent cases are listed"
    )
    total_is_all: bool | None = Field(None, description="Whether these are all that there are")
    counts: dict[str, CaseCount] | None = Field(
        None,
        description="With `count=true`, whatever `state` and `due_before` ask: of open cases"
        " by state and together, and of those returned; `mine`: what the caller holds. 2000 of"
        " each at most",
    )
    over_before: date | None = Field(
        None, description="With `count=true`: what is over was due before that day"
    )
    near_before: date | None = Field(
        None, description="With `count=true`: what is near its end is due before that day"
    )


def case_count(found: WaitingCases) -> CaseCount:
    return CaseCount(all=found.waiting, near=found.near, over=found.over)


def read_case(
    case: Case,
    today: date,
    acts: list[AllowedAction] | None = None,
    *,
    concluded: bool = False,
    named: bool = False,
) -> ReadCase:
    """`concluded`: with what was made of it; `named`: with the inspectors' names."""
    return ReadCase(
        **dict(case_view(case)),
        **_clock(case.state, case.opened_at, case.due_on, today),
        allowed_actions=acts,
        conclusion=_conclusion(case) if concluded else None,
        inspectors=case.inspectors if named else (),
    )


def _conclusion(case: Case) -> Concluded | None:
    if case.conclusion is None:
        return None
    found = Concluded.model_validate(case.conclusion)
    return found.model_copy(update={"publicity": case.publicity})


def case_view(case: Case) -> CaseView:
    return CaseView(
        id=case.id,
        version=case.version,
        **_subject(case.subject),
        level=case.level,
        round=case.round,
        reviewed=case.reviewed,
        state=case.state,
        assignee=case.assignee,
        opened_at=case.opened_at,
        taken_at=case.taken_at,
        decided_at=case.decided_at,
        decision=case.decision,
        items=case.items,
        comment=case.comment,
        returns=case.returns,
        due_on=case.due_on,
        stopped_at=case.stopped_at,
        status=case.status if case.subject.is_record else None,
        terms=case.terms,
        visited_on=case.visited_on,
        decided_by=case.opined_by if case.decision else None,
        signed_by=case.signed_by,
        minutes=case.minutes,
        expert_opinion=case.expert_opinion,
    )


def case_line(row: CaseRow, today: date) -> CaseLine:
    reviewed = Reviewed(position=row.position, data_sha256=row.data_sha256)
    clock = _clock(State(row.state), row.opened_at, row.due_on, today)
    return CaseLine.model_validate({**vars(row), **clock, "reviewed": reviewed})


def _clock(state: State, opened_at: datetime, due_on: date, today: date) -> dict[str, int | None]:
    if state not in OPEN:
        return {"working_days_left": None, "working_days": None}
    return {
        "working_days_left": Today(today).left(due_on),
        "working_days": deadlines.workdays_within(local_day(opened_at), due_on),
    }


def _subject(subject: Subject) -> dict[str, Any]:
    fields = subject.model_dump()
    return {"subject_kind": fields.pop("kind"), "subject_id": fields.pop("id"), **fields}
