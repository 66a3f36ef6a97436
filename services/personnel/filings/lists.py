"""The list of people's filings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.filing import Status
from libs.filing.statuses import follow_statuses
from services.personnel.people.domain.person import Person
from services.personnel.people.lists import numbers_in


@dataclass(frozen=True)
class FilingRow:
    id: UUID
    person: UUID
    enterprise: UUID
    type: str
    filing_no: str
    status: str
    round: int
    drafted_at: datetime
    base_version: int | None = None
    receipt_no: str | None = None
    batch_no: str | None = None
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    name: str | None = None  # as sent
    cert_nos: list[str] | None = None


filings = ReadModel(
    "filings", FilingRow, indexes={"filings_by_enterprise": "(enterprise, filing_no)"}
)


@filings.on(Person.FilingDrafted)
def _drafted(e: Person.FilingDrafted, at: StoredEvent) -> Iterator[Change]:
    yield filings.put(
        FilingRow(
            id=e.filing,
            person=at.stream,
            enterprise=at.owner,
            type=e.type,
            filing_no=e.filing_no,
            status=Status.DRAFT,
            round=0,
            base_version=e.base_version,
            drafted_at=e.act.at,
        )
    )


@filings.on(Person.FilingSent)
def _sent(e: Person.FilingSent, at: StoredEvent) -> Iterator[Change]:
    said = {"name": e.content.name, "cert_nos": numbers_in(e.content)} if e.content else {}
    yield filings.change(
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
        sent_at=e.act.at,
        **said,
    )


@filings.on(Person.FilingSaved)
def _filing_saved(e: Person.FilingSaved, at: StoredEvent) -> Iterator[Change]:
    yield filings.change(id=e.filing, status=e.status)


follow_statuses(filings, Person)


@dataclass(frozen=True)
class ListedFiling(FilingRow):
    """With the person's name as saved, for what was never sent."""

    saved_name: str = ""


WITHIN_REACH = """
SELECT f.*, p.name AS saved_name
FROM filings f
JOIN people p ON p.id = f.person
LEFT JOIN directory d ON d.enterprise = f.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR f.enterprise = $3)
  AND ($4::text IS NULL OR f.status = $4)
  AND ($5::text IS NULL OR f.type = $5)
  AND ($6::uuid IS NULL OR f.person = $6)
  AND (NOT $7::boolean OR f.round > 0)
  AND ($8::text IS NULL OR f.filing_no > $8)
ORDER BY f.filing_no LIMIT $9
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    status: str | None,
    type: str | None,
    person: UUID | None,
    only_sent: bool,
    after: str | None,
    limit: int,
) -> list[ListedFiling]:
    """By number; `only_sent`: without those that were never sent; `after`: the last one seen."""
    reach = (scope.everything, scope.city, scope.enterprise)
    wanted = (status, type, person, only_sent, after, limit)
    return await select(pool, ListedFiling, WITHIN_REACH, *reach, *wanted)
