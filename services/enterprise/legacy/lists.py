"""The list of what 5.0 holds, as it was offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from services.enterprise.legacy.domain import LegacyFiling


@dataclass(frozen=True)
class LegacyFilingRow:
    id: UUID
    uscc: str
    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str


BY_CREDIT_CODE = Walk("legacy_filings", ("uscc",))
legacy_filings = ReadModel("legacy_filings", LegacyFilingRow, walks=[BY_CREDIT_CODE])


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


async def offered(
    pool: Pool, uscc: str | None, after: tuple[Any, ...] | None, limit: int
) -> Found[LegacyFilingRow]:
    """By credit code; `after`: the last one seen."""
    return await select_page(pool, LegacyFilingRow, BY_CREDIT_CODE, [("uscc", uscc)], after, limit)
