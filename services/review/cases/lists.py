"""The queue of cases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool, borrowed
from libs.events.queries import (
    Counted,
    Found,
    contains,
    contains_key,
    count,
    select_page,
    summarised,
)
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt
from libs.events.walks import Walk, Wanted
from libs.filing.filing import Decision
from libs.filing.identifiers import enterprise_id, is_uscc
from libs.filing.worklist import Today
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import OPEN, RECORD, Level, State

Sort = Literal["due_on", "-due_on", "sent_at", "enterprise_name"]


@dataclass(frozen=True)
class CaseRow:
    id: UUID
    subject_kind: str
    subject_id: UUID
    type: str
    no: str
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    level: str
    round: int
    position: BigInt
    data_sha256: str
    state: str
    opened_at: datetime
    due_on: date
    filing: UUID | None = None
    assignee: str | None = None
    taken_at: datetime | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    is_open: bool = False


OPEN_ONES = (("unit", "is_open"), ("level", "is_open"), ("is_open",))
BY_DUE = (
    ("filing",),
    ("enterprise",),
    ("assignee", "state"),
    ("assignee",),
    ("unit", "level", "state"),
    ("unit", "state"),
    *OPEN_ONES[:2],
    ("unit",),
    ("level", "state"),
    ("state",),
    *OPEN_ONES[2:],
    ("level",),
)
MOST_URGENT_FIRST = Walk("cases", ("due_on", "id"), by=BY_DUE)
LEAST_URGENT_FIRST = Walk("cases", ("due_on", "id"), by=BY_DUE, newest_first=True)
FIRST_SENT = Walk("cases", ("opened_at", "id"), by=OPEN_ONES, called="sent")
BY_NAME = Walk("cases", ("enterprise_name", "id"), by=OPEN_ONES, called="named")
ORDERS: Mapping[Sort, Walk] = {
    "due_on": MOST_URGENT_FIRST,
    "-due_on": LEAST_URGENT_FIRST,
    "sent_at": FIRST_SENT,
    "enterprise_name": BY_NAME,
}
cases = ReadModel(
    "cases",
    CaseRow,
    indexes={"cases_decided": "(decided_at) WHERE state = 'DECIDED'"},
    walks=[MOST_URGENT_FIRST, FIRST_SENT, BY_NAME],
)
NOBODY = {"assignee": None, "decision": None}  # whoever opens it next


def _now(state: State) -> dict[str, Any]:
    return {"state": state, "is_open": state in OPEN}


@cases.on(Case.CaseOpened, Case.RoundOpened)
def _opened(e: Case.CaseOpened | Case.RoundOpened, at: StoredEvent) -> Iterator[Change]:
    subject = e.subject
    yield cases.put(
        CaseRow(
            id=at.stream,
            subject_kind=subject.kind,
            subject_id=subject.id,
            filing=subject.filing,
            type=subject.type,
            no=subject.no,
            receipt_no=subject.receipt_no,
            enterprise=subject.enterprise,
            uscc=subject.uscc,
            enterprise_name=subject.enterprise_name,
            unit=subject.unit,
            level=e.level,
            round=e.round,
            position=e.reviewed.position,
            data_sha256=e.reviewed.data_sha256,
            state=State.WAITING,
            is_open=True,
            opened_at=e.act.at,
            due_on=e.due_on,
        )
    )


@cases.on(Case.CaseTaken)
def _taken(e: Case.CaseTaken, at: StoredEvent) -> Iterator[Change]:
    act = e.act
    yield cases.change(id=at.stream, **_now(State.TAKEN), assignee=act.by.user, taken_at=act.at)


@cases.on(Case.CaseReleased)
def _released(e: Case.CaseReleased, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.WAITING), assignee=None)


@cases.on(Case.CaseAssigned)
def _assigned(e: Case.CaseAssigned, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, assignee=e.to)


@cases.on(Case.Decided)
def _decided(e: Case.Decided, at: StoredEvent) -> Iterator[Change]:
    decided = {"decision": e.decision, "decided_at": e.act.at}
    yield cases.change(id=at.stream, **decided, **_after(e))


def _after(e: Case.Decided) -> dict[str, Any]:
    """Where the case is then: as in the aggregate."""
    if e.subject_kind == RECORD:
        return _now(State.DECIDED if e.binding else State.OPINION)
    if e.decision is Decision.ESCALATE:
        return _now(State.WAITING) | {"level": Level.PROV, "assignee": None}
    return _now(State.ONSITE if e.decision is Decision.ONSITE else State.DECIDED)


@cases.on(Case.DecisionTookEffect)
def _took_effect(e: Case.DecisionTookEffect, at: StoredEvent) -> Iterator[Change]:
    if e.state is None:
        yield cases.change(id=at.stream, **_now(State.RETURNED if e.returned else State.CLOSED))
    elif e.state is State.WAITING:
        yield cases.change(id=at.stream, **_now(e.state), level=e.level, due_on=e.due_on, **NOBODY)
    else:
        yield cases.change(id=at.stream, **_now(e.state))


@cases.on(Case.DecisionHadNoEffect, Case.CaseVoided, Case.ResultSettled)
def _closed(
    e: Case.DecisionHadNoEffect | Case.CaseVoided | Case.ResultSettled, at: StoredEvent
) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.CLOSED))


@cases.on(Case.CaseWithdrawn)
def _withdrawn(e: Case.CaseWithdrawn, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.WITHDRAWN))


@cases.on(Case.CaseSigned, Case.ConclusionApproved)
def _binding(e: Case.CaseSigned | Case.ConclusionApproved, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.DECIDED))


@cases.on(Case.OnsiteRecorded)
def _visited(e: Case.OnsiteRecorded, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.WAITING), **NOBODY)


@cases.on(Case.ExpertOpinionGiven)
def _expert_heard(e: Case.ExpertOpinionGiven, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.WAITING), level=Level.PROV, **NOBODY)


@cases.on(Case.ReturnLapsed)
def _lapsed(e: Case.ReturnLapsed, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.WAITING), due_on=e.due_on, **NOBODY)


@cases.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(
        id=at.stream, **_now(State.WAITING), level=e.level, due_on=e.due_on, **NOBODY
    )


@cases.on(Case.InterestDeclared)
def _interest(e: Case.InterestDeclared, at: StoredEvent) -> Iterator[Change]:
    if e.gives_back:
        yield cases.change(id=at.stream, **_now(State.WAITING), assignee=None)


@cases.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, **_now(State.PUBLISHED))


WITHOUT_EFFECT = """SELECT count(*) FROM (
    SELECT FROM cases WHERE state = 'DECIDED' AND decided_at < $1 LIMIT 1000
) AS found"""


NUMBERS = "upper(concat_ws(chr(1), r.uscc, r.no, r.receipt_no))"
ANY_PART = f"({contains('r.enterprise_name', '{0}')} OR {contains_key(NUMBERS, '{0}')})"


@dataclass(frozen=True)
class Filter:
    """Which cases a list shows; None: any. `text`: a part of the enterprise's name or code, of the
    number or the receipt's, or the whole code, to which an index leads; `is_open`: those that the
    authority has still to do something about.
    """

    state: State | None = None
    level: Level | None = None
    kind: str | None = None
    type: str | None = None
    enterprise: UUID | None = None
    assignee: str | None = None
    due_before: date | None = None
    filing: UUID | None = None
    text: str | None = None
    is_open: bool | None = None

    @property
    def wanted(self) -> list[tuple[str, Any]]:
        names = ("state", "level", "type", "enterprise", "assignee", "filing", "is_open")
        return [
            *((name, getattr(self, name)) for name in names),
            ("subject_kind", self.kind),
            ("r.due_on < {}", self.due_before),
            self._sought,
        ]

    @property
    def _sought(self) -> tuple[str, Any]:
        if self.text and is_uscc(self.text):
            return "enterprise", enterprise_id(self.text)
        return ANY_PART, self.text


async def within_reach(
    pool: Pool, scope: Scope, only: Filter, sort: Sort, after: tuple[Any, ...] | None, limit: int
) -> Found[CaseRow]:
    """`after`: what the sort goes by, and the id, of the last one seen."""
    walk = ORDERS[sort]
    if walk.called and only.state:
        only = replace(only, is_open=only.state in OPEN)  # to which its indexes lead
    return await select_page(pool, CaseRow, walk, _wanted(scope, only), after, limit)


def _wanted(scope: Scope, only: Filter) -> list[tuple[str, Any]]:
    return [*scope.equal(city="unit", enterprise="enterprise"), *only.wanted]


async def count_within_reach(pool: Pool, scope: Scope, only: Filter) -> Counted:
    """How many there are, of the 2,000 most urgent at most."""
    return await count(pool, MOST_URGENT_FIRST, _wanted(scope, only))


async def most_urgent(
    pool: Pool, wanted: Wanted, after: tuple[date, UUID] | None, limit: int
) -> Sequence[CaseRow]:
    """Cases of a queue that one index serves; `after`: due date and id of the last one seen."""
    return (await select_page(pool, CaseRow, MOST_URGENT_FIRST, wanted, after, limit)).rows


@dataclass(frozen=True)
class WaitingCases:
    """How many of the most urgent ones there are, and by when they are due."""

    waiting: int
    near: int
    over: int


WAITING = """
SELECT count(*) AS waiting, count(*) FILTER (WHERE r.due_on BETWEEN {} AND {}) AS near,
    count(*) FILTER (WHERE r.due_on < {}) AS over
FROM {rows}
"""


async def waiting(pool: Pool, wanted: Wanted, today: date, near: date) -> WaitingCases:
    """Of a queue that one index serves."""
    days = (today, near, today)
    return await summarised(pool, WaitingCases, MOST_URGENT_FIRST, wanted, WAITING, *days)


async def queues(
    pool: Pool, scope: Scope, only: Filter, today: Today, user: str
) -> Mapping[str, WaitingCases]:
    """The open cases by state and together, those that the user holds, and those returned, whose
    clock stands; whatever state and date are asked for.
    """
    anything = replace(only, state=None, due_before=None, is_open=None)
    kinds = {
        **{state.value: replace(anything, state=state) for state in (*OPEN, State.RETURNED)},
        "mine": replace(anything, state=State.TAKEN, assignee=user),
    }
    found = {
        name: await waiting(pool, _wanted(scope, each), today.day, today.near)
        for name, each in kinds.items()
    }
    return {"open": _together([found[state] for state in OPEN]), **found}


def _together(queues: Sequence[WaitingCases]) -> WaitingCases:
    return WaitingCases(
        sum(each.waiting for each in queues),
        sum(each.near for each in queues),
        sum(each.over for each in queues),
    )


async def without_effect(pool: Pool, since: datetime) -> int:
    """Cases decided before then whose owner has not said yet that the decision took effect; a
    thousand at most.
    """
    async with borrowed(pool) as connection:
        return int(await connection.fetchval(WITHOUT_EFFECT, since))
