"""Lists of the assessment service, within the caller's scope."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from libs.chassis.access import Scope
from libs.events.pools import Pool

Row = Any

CAMPAIGNS = """
SELECT * FROM campaigns WHERE ($1::int IS NULL OR year = $1) AND ($2::text IS NULL OR phase = $2)
  AND ($3::int IS NULL OR (year, id) > ($3, $4::uuid))
ORDER BY year, id LIMIT $5
"""
RECORDS = """
SELECT r.*, d.name AS enterprise_name, d.uscc, d.supervising_city_code FROM records r LEFT
    JOIN directory d ON d.enterprise = r.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR r.enterprise = $3) AND ($4::uuid IS NULL
    OR r.campaign = $4)
  AND ($5::text IS NULL OR r.status = $5) AND ($6::uuid IS NULL OR r.enterprise = $6)
      AND (NOT $7::boolean OR r.round > 0)
  AND ($8::text IS NULL OR r.record_no > $8)
ORDER BY r.record_no LIMIT $9
"""
ROSTER = """
SELECT d.enterprise, d.uscc, d.name, d.supervising_city_code, r.id AS record, r.record_no,
    r.status, r.result,
       d.enterprise = ANY (c.absent) AS absent
FROM directory d JOIN campaigns c ON c.id = $1
LEFT JOIN filed_enterprises f ON f.enterprise = d.enterprise LEFT
    JOIN records r ON r.campaign = c.id AND r.enterprise = d.enterprise
WHERE (f.enterprise IS NOT NULL OR r.id IS NOT NULL) AND ($2::text IS NULL OR d.uscc > $2)
    ORDER BY d.uscc LIMIT $3
"""
ABSENT = """
SELECT f.enterprise FROM filed_enterprises f LEFT JOIN records r ON r.campaign = $1
    AND r.enterprise = f.enterprise
WHERE r.id IS NULL OR r.status = ANY ('{DRAFT,GENERATED,WITHDRAWN}') ORDER BY f.enterprise
"""


async def campaigns(
    pool: Pool, year: int | None, phase: str | None, after: tuple[int, UUID] | None, limit: int
) -> Sequence[Row]:
    return await pool.fetch(CAMPAIGNS, year, phase, *(after or (None, None)), limit)


async def records(
    pool: Pool,
    scope: Scope,
    campaign: UUID | None,
    status: str | None,
    enterprise: UUID | None,
    only_sent: bool,
    after: str | None,
    limit: int,
) -> Sequence[Row]:
    return await pool.fetch(
        RECORDS,
        scope.everything,
        scope.city,
        scope.enterprise,
        campaign,
        status,
        enterprise,
        only_sent,
        after,
        limit,
    )


async def roster(pool: Pool, campaign: UUID, after: str | None, limit: int) -> Sequence[Row]:
    """Every enterprise that is due, with its record if it has one."""
    return await pool.fetch(ROSTER, campaign, after, limit)


async def absent(pool: Pool, campaign: UUID) -> list[UUID]:
    """Due enterprises without a record, or with one never sent or taken back."""
    return [row["enterprise"] for row in await pool.fetch(ABSENT, campaign)]
