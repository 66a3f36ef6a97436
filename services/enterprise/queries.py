"""Lists of the enterprise service, within the caller's scope."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from libs.chassis.access import Scope
from libs.events.pools import Pool

Row = Any

WITHIN = "($1::boolean OR e.supervising_city_code = $2 OR e.id = $3)"

ENTERPRISES = f"""
SELECT e.* FROM enterprises e
WHERE {WITHIN} AND ($4::text IS NULL OR e.uscc = $4) AND ($5::text IS NULL OR strpos(e.name,
    $5) > 0) AND ($6::text IS NULL OR e.uscc > $6)
ORDER BY e.uscc LIMIT $7
"""
FILINGS = """
SELECT f.* FROM filings f
WHERE f.enterprise = $1 AND ($2::text IS NULL OR f.status = $2) AND ($3::text IS NULL
    OR f.type = $3)
  AND (NOT $4::boolean OR f.round > 0) AND ($5::text IS NULL OR f.filing_no > $5)
ORDER BY f.filing_no LIMIT $6
"""
LEGACY = """
SELECT l.* FROM legacy_filings l
WHERE ($1::text IS NULL OR l.uscc = $1) AND ($2::text IS NULL OR l.uscc > $2)
ORDER BY l.uscc LIMIT $3
"""
PACKETS = """
SELECT p.* FROM packets p WHERE p.enterprise = $1 AND ($2::uuid IS NULL OR p.id < $2)
    ORDER BY p.id DESC LIMIT $3
"""


async def enterprises(
    pool: Pool, scope: Scope, uscc: str | None, name: str | None, after: str | None, limit: int
) -> Sequence[Row]:
    return await pool.fetch(
        ENTERPRISES, scope.everything, scope.city, scope.enterprise, uscc, name, after, limit
    )


async def filings(
    pool: Pool,
    enterprise: UUID,
    status: str | None,
    type: str | None,
    only_sent: bool,
    after: str | None,
    limit: int,
) -> Sequence[Row]:
    return await pool.fetch(FILINGS, enterprise, status, type, only_sent, after, limit)


async def legacy_filings(
    pool: Pool, uscc: str | None, after: str | None, limit: int
) -> Sequence[Row]:
    return await pool.fetch(LEGACY, uscc, after, limit)


async def packets(pool: Pool, enterprise: UUID, before: UUID | None, limit: int) -> Sequence[Row]:
    """Newest first."""
    return await pool.fetch(PACKETS, enterprise, before, limit)


async def person_filings(pool: Pool, enterprise: UUID, filings: Collection[UUID]) -> Sequence[Row]:
    """Those of these filings that are about the enterprise's people."""
    return await pool.fetch(
        "SELECT * FROM person_filings WHERE enterprise = $1 AND filing = ANY($2)",
        enterprise,
        list(filings),
    )
