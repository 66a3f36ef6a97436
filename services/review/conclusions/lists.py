"""The list of conclusions 拟定结论."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.review.cases.domain.case import Case


@dataclass(frozen=True)
class ConclusionRow:
    record: UUID
    case_id: UUID
    proposal: str
    result: str
    overridden: bool
    proposed_at: datetime
    announced: bool
    approved_at: datetime | None = None
    publicity: UUID | None = None


conclusions = ReadModel("conclusions", ConclusionRow, key=("record",))


@conclusions.on(Case.ConclusionProposed)
def _proposed(e: Case.ConclusionProposed, at: StoredEvent) -> Iterator[Change]:
    yield conclusions.put(
        ConclusionRow(
            record=e.record,
            case_id=at.stream,
            proposal=e.proposal,
            result=e.result,
            overridden=bool(e.override_reason),
            proposed_at=e.act.at,
            announced=False,
        )
    )


@conclusions.on(Case.ConclusionApproved)
def _approved(e: Case.ConclusionApproved, at: StoredEvent) -> Iterator[Change]:
    yield conclusions.change(record=e.subject_id, approved_at=e.act.at)


@conclusions.on(Case.ResultPublished)
def _published(e: Case.ResultPublished, at: StoredEvent) -> Iterator[Change]:
    yield conclusions.change(record=e.record, publicity=e.publicity)


@conclusions.on(Case.CaseReopened)
def _reopened(e: Case.CaseReopened, at: StoredEvent) -> Iterator[Change]:
    """It stays as what was concluded once, until there is another."""
    yield conclusions.change(record=e.record, approved_at=None, publicity=None)


@conclusions.on(Case.ResultSettled)
def _settled(e: Case.ResultSettled, at: StoredEvent) -> Iterator[Change]:
    yield conclusions.change(record=e.record, announced=True)


@dataclass(frozen=True, kw_only=True)
class ListedConclusion(ConclusionRow):
    """With what the list of cases has of its case."""

    no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    state: str


WITHIN_REACH = """
SELECT k.*, c.no, c.enterprise, c.uscc, c.enterprise_name, c.unit, c.state
FROM conclusions k JOIN cases c ON c.id = k.case_id
WHERE ($1::boolean OR c.unit = $2)
  AND ($3::text IS NULL OR c.state = $3)
  AND ($4::text IS NULL OR k.result = $4)
  AND ($5::uuid IS NULL OR k.record > $5)
ORDER BY k.record LIMIT $6
"""


async def within_reach(
    pool: Pool, scope: Scope, state: str | None, result: str | None, after: UUID | None, limit: int
) -> list[ListedConclusion]:
    """By record; `after`: the last one seen."""
    wanted = (scope.everything, scope.city, state, result, after, limit)
    return await select(pool, ListedConclusion, WITHIN_REACH, *wanted)
