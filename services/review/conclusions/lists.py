"""The list of conclusions 拟定结论."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
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


BY_RECORD = Walk("conclusions", ("record",), by=(("result",),), key=("record",))
conclusions = ReadModel("conclusions", ConclusionRow, key=("record",), walks=[BY_RECORD])


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


TOLD = """
SELECT r.*, c.no, c.enterprise, c.uscc, c.enterprise_name, c.unit, c.state
FROM {rows} JOIN cases c ON c.id = r.case_id
"""
OF_CASE = "(SELECT c.{column} FROM cases c WHERE c.id = r.case_id) = {{}}"


async def within_reach(
    pool: Pool,
    scope: Scope,
    state: str | None,
    result: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[ListedConclusion]:
    """By record; `after`: the last one seen."""
    wanted = [
        *scope.equal(city=OF_CASE.format(column="unit")),
        (OF_CASE.format(column="state"), state),
        ("result", result),
    ]
    return await select_page(pool, ListedConclusion, BY_RECORD, wanted, after, limit, TOLD)
