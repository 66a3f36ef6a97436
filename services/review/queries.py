"""Lists of the review service, within the caller's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from libs.chassis.access import Scope
from libs.events.pools import Pool

Row = Any

CASES = """
SELECT c.* FROM cases c
WHERE ($1::boolean OR c.unit = $2 OR c.enterprise = $3)
  AND ($4::text IS NULL OR c.state = $4) AND ($5::text IS NULL OR c.level = $5)
      AND ($6::text IS NULL OR c.subject_kind = $6)
  AND ($7::uuid IS NULL OR c.enterprise = $7) AND ($8::text IS NULL OR c.assignee = $8)
      AND ($9::date IS NULL OR c.due_on < $9)
  AND ($10::uuid IS NULL OR c.filing = $10)
  AND ($11::date IS NULL OR (c.due_on, c.id) > ($11, $12::uuid))
ORDER BY c.due_on, c.id LIMIT $13
"""
CONCLUSIONS = """
SELECT k.*, c.enterprise, c.uscc, c.enterprise_name, c.unit, c.no, c.state FROM conclusions k
    JOIN cases c ON c.id = k.case_id
WHERE ($1::boolean OR c.unit = $2) AND ($3::text IS NULL OR c.state = $3) AND ($4::text IS NULL
    OR k.result = $4)
  AND ($5::uuid IS NULL OR k.record > $5)
ORDER BY k.record LIMIT $6
"""
PUBLICITIES = """
SELECT p.*, (SELECT count(*) FROM publicity_results r WHERE r.publicity = p.id AND NOT r.removed)
    AS results FROM publicities p
WHERE ($1::text IS NULL OR p.standing = $1) AND ($2::date IS NULL OR (p.first_day, p.id) < ($2,
    $3::uuid))
ORDER BY p.first_day DESC, p.id DESC LIMIT $4
"""
RECTIFICATIONS = """
WITH today AS (
  SELECT r.*, CASE WHEN r.status IN ('NOTIFIED', 'IN_PROGRESS')
      AND r.deadline < $4 THEN 'OVERDUE' ELSE r.status END AS now
  FROM rectifications r
)
SELECT t.id, t.record, t.enterprise, t.uscc, t.enterprise_name, t.unit, t.notice_date, t.deadline,
    t.now AS status, t.settled FROM today t
WHERE ($1::boolean OR t.unit = $2 OR t.enterprise = $3) AND ($5::text IS NULL OR t.now = $5)
  AND ($6::date IS NULL OR (t.deadline, t.id) > ($6, $7::uuid))
ORDER BY t.deadline, t.id LIMIT $8
"""


@dataclass(frozen=True)
class Filter:
    state: str | None = None
    level: str | None = None
    kind: str | None = None
    enterprise: UUID | None = None
    assignee: str | None = None
    due_before: date | None = None
    filing: UUID | None = None


async def cases(
    pool: Pool, scope: Scope, only: Filter, after: tuple[date, UUID] | None, limit: int
) -> Sequence[Row]:
    day, id = after or (None, None)
    return await pool.fetch(
        CASES,
        scope.everything,
        scope.city,
        scope.enterprise,
        only.state,
        only.level,
        only.kind,
        only.enterprise,
        only.assignee,
        only.due_before,
        only.filing,
        day,
        id,
        limit,
    )


async def conclusions(
    pool: Pool, scope: Scope, state: str | None, result: str | None, after: UUID | None, limit: int
) -> Sequence[Row]:
    return await pool.fetch(CONCLUSIONS, scope.everything, scope.city, state, result, after, limit)


async def publicities(
    pool: Pool, standing: str | None, after: tuple[date, UUID] | None, limit: int
) -> Sequence[Row]:
    """The latest first; they are for everybody."""
    day, id = after or (None, None)
    return await pool.fetch(PUBLICITIES, standing, day, id, limit)


async def rectifications(
    pool: Pool,
    scope: Scope,
    today: date,
    status: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """The most urgent first; nobody need say that a deadline has passed."""
    day, id = after or (None, None)
    return await pool.fetch(
        RECTIFICATIONS,
        scope.everything,
        scope.city,
        scope.enterprise,
        today,
        status,
        day,
        id,
        limit,
    )


async def without_effect(pool: Pool, since: datetime) -> int:
    """Cases decided before then whose owner has not said yet that the decision took effect."""
    return int(
        await pool.fetchval(
            "SELECT count(*) FROM cases WHERE state = 'DECIDED' AND decided_at < $1", since
        )
    )
