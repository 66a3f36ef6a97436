"""The list of what 5.0 holds, as it was offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.enterprise.legacy.domain import LegacyFiling


@dataclass(frozen=True)
class LegacyFilingRow:
    id: UUID
    uscc: str
    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str


legacy_filings = ReadModel("legacy_filings", LegacyFilingRow)


@legacy_filings.on(LegacyFiling.LegacyFilingOffered)
def _offered(e: LegacyFiling.LegacyFilingOffered, at: StoredEvent) -> Iterator[Change]:
    yield legacy_filings.put(
        LegacyFilingRow(
            id=at.stream,
            uscc=e.uscc,
            legacy_id=e.legacy_id,
            filed_on=e.filed_on,
            migrated=e.migrated,
            sha256=e.sha256,
        )
    )


@legacy_filings.on(LegacyFiling.LegacyFilingOfferedAgain)
def _offered_again(e: LegacyFiling.LegacyFilingOfferedAgain, at: StoredEvent) -> Iterator[Change]:
    yield legacy_filings.change(
        id=at.stream,
        legacy_id=e.legacy_id,
        filed_on=e.filed_on,
        migrated=e.migrated,
        sha256=e.sha256,
    )


OFFERED = """
SELECT * FROM legacy_filings
WHERE ($1::text IS NULL OR uscc = $1) AND ($2::text IS NULL OR uscc > $2)
ORDER BY uscc LIMIT $3
"""


async def offered(
    pool: Pool, uscc: str | None, after: str | None, limit: int
) -> list[LegacyFilingRow]:
    """By credit code; `after`: the last one seen."""
    return await select(pool, LegacyFilingRow, OFFERED, uscc, after, limit)
