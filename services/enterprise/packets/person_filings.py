"""What personnel tells of people's filings, which may go into a packet."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.filing import Status
from libs.filing.statuses import follow_statuses
from libs.published import personnel


@dataclass(frozen=True)
class PersonFilingRow:
    filing: UUID
    person: UUID
    enterprise: UUID
    type: str
    filing_no: str
    status: str
    round: int
    receipt_no: str | None = None
    batch_no: str | None = None


person_filings = ReadModel("person_filings", PersonFilingRow, key=("filing",))


@person_filings.on(personnel.FilingDrafted)
def _person_filing_drafted(e: personnel.FilingDrafted, at: StoredEvent) -> Iterator[Change]:
    yield person_filings.put(
        PersonFilingRow(
            filing=e.filing,
            person=at.stream,
            enterprise=at.owner,
            type=e.type,
            filing_no=e.filing_no,
            status=Status.DRAFT,
            round=0,
        )
    )


@person_filings.on(personnel.FilingSent)
def _person_filing_sent(e: personnel.FilingSent, at: StoredEvent) -> Iterator[Change]:
    yield person_filings.change(
        filing=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
    )


follow_statuses(person_filings, personnel, key="filing")

THESE = "SELECT * FROM person_filings WHERE enterprise = $1 AND filing = ANY($2)"


async def these(
    pool: Pool, enterprise: UUID, filings: Collection[UUID]
) -> dict[UUID, PersonFilingRow]:
    """By id, those of these filings that are about the enterprise's people."""
    rows = await select(pool, PersonFilingRow, THESE, enterprise, list(filings))
    return {row.filing: row for row in rows}
