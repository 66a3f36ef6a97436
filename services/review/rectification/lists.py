"""The list of rectifications 限期整改."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from services.review.rectification.domain import Rectification, Status


@dataclass(frozen=True)
class RectificationRow:
    id: UUID
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    notice_date: date
    deadline: date
    status: str
    settled: bool


MOST_URGENT_FIRST = Walk(
    "rectifications",
    ("deadline", "id"),
    by=(("enterprise",), ("unit", "status"), ("unit",), ("status",)),
)
rectifications = ReadModel("rectifications", RectificationRow, walks=[MOST_URGENT_FIRST])


@rectifications.on(Rectification.RectificationOrdered)
def _ordered(e: Rectification.RectificationOrdered, at: StoredEvent) -> Iterator[Change]:
    yield rectifications.put(
        RectificationRow(
            id=at.stream,
            record=e.record,
            enterprise=e.enterprise,
            uscc=e.uscc,
            enterprise_name=e.enterprise_name,
            unit=e.unit,
            notice_date=e.notice_date,
            deadline=e.deadline,
            status=Status.NOTIFIED,
            settled=False,
        )
    )


@rectifications.on(Rectification.RectificationReported)
def _reported(e: Rectification.RectificationReported, at: StoredEvent) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.SUBMITTED)


@rectifications.on(Rectification.RectificationAccepted)
def _accepted(e: Rectification.RectificationAccepted, at: StoredEvent) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.ACCEPTED, settled=True)


@rectifications.on(Rectification.RectificationReopened)
def _reopened(e: Rectification.RectificationReopened, at: StoredEvent) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.IN_PROGRESS)


@rectifications.on(Rectification.RectificationRefused)
def _refused(e: Rectification.RectificationRefused, at: StoredEvent) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.REFUSED)


@rectifications.on(Rectification.QualificationWithdrawalProposed)
def _withdrawal_proposed(
    e: Rectification.QualificationWithdrawalProposed, at: StoredEvent
) -> Iterator[Change]:
    yield rectifications.change(id=at.stream, status=Status.WITHDRAW_PROPOSED)


@rectifications.on(Rectification.WithdrawalSettled)
def _withdrawal_settled(e: Rectification.WithdrawalSettled, at: StoredEvent) -> Iterator[Change]:
    status = Status.WITHDRAWN if e.withdrawn else Status.WITHDRAW_PROPOSED
    yield rectifications.change(id=at.stream, status=status, settled=True)


# of one whose deadline has passed nobody has said so yet
TODAY = """CASE
    WHEN r.status IN ('NOTIFIED', 'IN_PROGRESS') AND r.deadline < '{today}' THEN 'OVERDUE'
    ELSE r.status
END"""
TOLD = """
SELECT r.id, r.record, r.enterprise, r.uscc, r.enterprise_name, r.unit, r.notice_date, r.deadline,
    {status} AS status, r.settled
FROM {{rows}}
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    today: date,
    status: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[RectificationRow]:
    """The most urgent first, each with its status on that day: nobody need say that a deadline has
    passed. `after`: deadline and id of the last one seen.
    """
    now = TODAY.format(today=today)
    wanted = [*scope.equal(city="unit", enterprise="enterprise"), (f"{now} = {{}}", status)]
    told = TOLD.format(status=now)
    return await select_page(pool, RectificationRow, MOST_URGENT_FIRST, wanted, after, limit, told)


async def in_status(
    pool: Pool, scope: Scope, statuses: Collection[Status], limit: int
) -> list[RectificationRow]:
    """Of each status the most urgent ones within reach."""
    found: list[RectificationRow] = []
    for status in sorted(statuses):
        wanted = [*scope.equal(city="unit", enterprise="enterprise"), ("status", status)]
        page = await select_page(pool, RectificationRow, MOST_URGENT_FIRST, wanted, None, limit)
        found += page.rows
    return found
