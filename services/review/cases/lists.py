"""The queue of cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import Found, select_page, summarised
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt
from libs.events.walks import Walk, Wanted
from libs.filing.filing import Decision
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import RECORD, Level, State


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


MOST_URGENT_FIRST = Walk(
    "cases",
    ("due_on", "id"),
    by=(
        ("filing",),
        ("enterprise",),
        ("assignee", "state"),
        ("assignee",),
        ("unit", "level", "state"),
        ("unit", "state"),
        ("unit",),
        ("level", "state"),
        ("state",),
        ("level",),
    ),
)
cases = ReadModel(
    "cases",
    CaseRow,
    indexes={"cases_decided": "(decided_at) WHERE state = 'DECIDED'"},
    walks=[MOST_URGENT_FIRST],
)
NOBODY = {"assignee": None, "decision": None}  # whoever opens it next


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
            opened_at=e.act.at,
            due_on=e.due_on,
        )
    )


@cases.on(Case.CaseTaken)
def _taken(e: Case.CaseTaken, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.TAKEN, assignee=e.act.by.user, taken_at=e.act.at)


@cases.on(Case.Decided)
def _decided(e: Case.Decided, at: StoredEvent) -> Iterator[Change]:
    decided = {"decision": e.decision, "decided_at": e.act.at}
    yield cases.change(id=at.stream, **decided, **_after(e))


def _after(e: Case.Decided) -> dict[str, Any]:
    """Where the case is then: as in the aggregate."""
    if e.subject_kind == RECORD:
        return {"state": State.DECIDED if e.binding else State.OPINION}
    if e.decision is Decision.ESCALATE:
        return {"state": State.WAITING, "level": Level.PROV, "assignee": None}
    return {"state": State.ONSITE if e.decision is Decision.ONSITE else State.DECIDED}


@cases.on(Case.DecisionTookEffect)
def _took_effect(e: Case.DecisionTookEffect, at: StoredEvent) -> Iterator[Change]:
    if e.state is None:
        yield cases.change(id=at.stream, state=State.RETURNED if e.returned else State.CLOSED)
    elif e.state is State.WAITING:
        yield cases.change(id=at.stream, state=e.state, level=e.level, due_on=e.due_on, **NOBODY)
    else:
        yield cases.change(id=at.stream, state=e.state)


@cases.on(Case.DecisionHadNoEffect, Case.CaseVoided, Case.ResultSettled)
def _closed(
    e: Case.DecisionHadNoEffect | Case.CaseVoided | Case.ResultSettled, at: StoredEvent
) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.CLOSED)


@cases.on(Case.CaseWithdrawn)
def _withdrawn(e: Case.CaseWithdrawn, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WITHDRAWN)


@cases.on(Case.CaseSigned, Case.ConclusionApproved)
def _binding(e: Case.CaseSigned | Case.ConclusionApproved, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.DECIDED)


@cases.on(Case.OnsiteRecorded)
def _visited(e: Case.OnsiteRecorded, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, **NOBODY)


@cases.on(Case.ExpertOpinionGiven)
def _expert_heard(e: Case.ExpertOpinionGiven, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, level=Level.PROV, **NOBODY)


@cases.on(Case.ReturnLapsed)
def _lapsed(e: Case.ReturnLapsed, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, due_on=e.due_on, **NOBODY)


@cases.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.WAITING, level=e.level, due_on=e.due_on, **NOBODY)


@cases.on(Case.InterestDeclared)
def _interest(e: Case.InterestDeclared, at: StoredEvent) -> Iterator[Change]:
    if e.gives_back:
        yield cases.change(id=at.stream, state=State.WAITING, assignee=None)


@cases.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: StoredEvent) -> Iterator[Change]:
    yield cases.change(id=at.stream, state=State.PUBLISHED)


WITHOUT_EFFECT = "SELECT count(*) FROM cases WHERE state = 'DECIDED' AND decided_at < $1"


@dataclass(frozen=True)
class Filter:
    """Which cases a list shows; None: any."""

    state: State | None = None
    level: Level | None = None
    kind: str | None = None
    enterprise: UUID | None = None
    assignee: str | None = None
    due_before: date | None = None
    filing: UUID | None = None

    @property
    def wanted(self) -> list[tuple[str, Any]]:
        names = ("state", "level", "enterprise", "assignee", "filing")
        return [
            *((name, getattr(self, name)) for name in names),
            ("subject_kind", self.kind),
            ("r.due_on < {}", self.due_before),
        ]


async def within_reach(
    pool: Pool, scope: Scope, only: Filter, after: tuple[Any, ...] | None, limit: int
) -> Found[CaseRow]:
    """The most urgent first; `after`: due date and id of the last one seen."""
    wanted = [*scope.equal(city="unit", enterprise="enterprise"), *only.wanted]
    return await select_page(pool, CaseRow, MOST_URGENT_FIRST, wanted, after, limit)


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


async def without_effect(pool: Pool, since: datetime) -> int:
    """Cases decided before then whose owner has not said yet that the decision took effect."""
    return int(await pool.fetchval(WITHOUT_EFFECT, since))
