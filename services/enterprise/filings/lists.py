"""The list of an enterprise's filings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from libs.filing.filing import Status
from libs.filing.statuses import as_told, follow_statuses, wanted_status
from services.enterprise.information.domain import Enterprise


@dataclass(frozen=True)
class OwnFilingRow:
    id: UUID
    enterprise: UUID
    type: str
    filing_no: str
    status: str
    round: int
    drafted_at: datetime
    base_version: int | None = None
    receipt_no: str | None = None
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    filed_version: int | None = None


BY_NUMBER = Walk("filings", ("filing_no",), by=(("enterprise",),))
filings = ReadModel("filings", OwnFilingRow, walks=[BY_NUMBER])


@filings.on(Enterprise.FilingDrafted)
def _drafted(e: Enterprise.FilingDrafted, at: StoredEvent) -> Iterator[Change]:
    yield filings.put(
        OwnFilingRow(
            id=e.filing,
            enterprise=at.stream,
            type=e.type,
            filing_no=e.filing_no,
            status=Status.DRAFT,
            round=0,
            base_version=e.base_version,
            drafted_at=e.act.at,
        )
    )


@filings.on(Enterprise.FilingSaved)
def _filing_saved(e: Enterprise.FilingSaved, at: StoredEvent) -> Iterator[Change]:
    yield filings.change(id=e.filing, status=e.status)


@filings.on(Enterprise.FilingSent)
def _sent(e: Enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
    yield filings.change(
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        sent_at=e.act.at,
    )


follow_statuses(filings, Enterprise)


async def of_enterprise(
    pool: Pool,
    enterprise: UUID,
    status: str | None,
    type: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
    *,
    only_sent: bool,
) -> Found[OwnFilingRow]:
    """By number; `only_sent`: without those that were never sent, as they are told to the
    authority; `after`: the last one seen.
    """
    wanted = [
        ("enterprise", enterprise),
        wanted_status(status, only_sent=only_sent),
        ("type", type),
        ("r.round > {}", 0 if only_sent else None),
    ]
    found = await select_page(pool, OwnFilingRow, BY_NUMBER, wanted, after, limit)
    if not only_sent:
        return found
    rows = [replace(row, status=as_told(row.status)) for row in found.rows]
    return replace(found, rows=rows)
