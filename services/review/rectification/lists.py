"""The list of rectifications 限期整改."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
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


rectifications = ReadModel("rectifications", RectificationRow)


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


WITHIN_REACH = """
WITH today AS (
  SELECT r.*, CASE
      WHEN r.status IN ('NOTIFIED', 'IN_PROGRESS') AND r.deadline < $4 THEN 'OVERDUE'
      ELSE r.status
    END AS now
  FROM rectifications r
)
SELECT t.id, t.record, t.enterprise, t.uscc, t.enterprise_name, t.unit, t.notice_date, t.deadline,
    t.now AS status, t.settled
FROM today t
WHERE ($1::boolean OR t.unit = $2 OR t.enterprise = $3)
  AND ($5::text IS NULL OR t.now = $5)
  AND ($6::date IS NULL OR (t.deadline, t.id) > ($6, $7::uuid))
ORDER BY t.deadline, t.id LIMIT $8
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    today: date,
    status: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[RectificationRow]:
    """The most urgent first, each with its status on that day: nobody need say that a deadline has
    passed. `after`: deadline and id of the last one seen.
    """
    reach, place = (scope.everything, scope.city, scope.enterprise), after or (None, None)
    wanted = (*reach, today, status, *place, limit)
    return await select(pool, RectificationRow, WITHIN_REACH, *wanted)
