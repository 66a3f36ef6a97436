"""Facts and lists of the personnel service."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.filing.content.enterprise import Certificate
from libs.filing.facts.enterprise import Certificates

Row = Any

BRANCHES = """
SELECT unnest(s.branches) AS uscc FROM enterprise_filed f
    JOIN enterprise_sent s USING (filing) WHERE f.enterprise = $1
"""
NUMBERS = """
SELECT unnest(p.cert_nos || coalesce(f.cert_nos, '{}')) AS cert_no FROM people p LEFT
    JOIN filings f ON f.id = p.filed_as
WHERE (p.cert_nos && $1 OR f.cert_nos && $1) AND p.person_key IS DISTINCT FROM $2
"""
PEOPLE = """
SELECT p.*, coalesce(f.name, p.name) AS filed_name FROM people p LEFT
    JOIN filings f ON f.id = p.filed_as
LEFT JOIN directory d ON d.enterprise = p.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR p.enterprise = $3) AND ($4::uuid IS NULL
    OR p.enterprise = $4)
  AND ($5::text IS NULL OR strpos(p.name, $5) > 0) AND ($6::boolean IS NULL
      OR (p.filed_version IS NOT NULL) = $6)
  AND (NOT $7::boolean OR p.filed_version IS NOT NULL) AND ($8::uuid IS NULL OR p.id > $8)
ORDER BY p.id LIMIT $9
"""
FILINGS = """
SELECT f.*, p.name AS saved_name FROM filings f JOIN people p ON p.id = f.person LEFT
    JOIN directory d ON d.enterprise = f.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR f.enterprise = $3) AND ($4::text IS NULL
    OR f.status = $4)
  AND ($5::text IS NULL OR f.type = $5) AND ($6::uuid IS NULL OR f.person = $6)
      AND (NOT $7::boolean OR f.round > 0)
  AND ($8::text IS NULL OR f.filing_no > $8)
ORDER BY f.filing_no LIMIT $9
"""


LICENCES = """
SELECT s.certificates FROM licences_filed f JOIN licences_sent s USING (filing)
    WHERE f.enterprise = $1
"""
SCANS = """
SELECT unnest(sha256) AS sha256 FROM scan_uses WHERE sha256 && $1 AND person <> $2
    AND (person_key IS NULL OR person_key <> $3)
"""
FILED = "SELECT id FROM people WHERE enterprise = $1 AND filed_version IS NOT NULL ORDER BY id"


async def certificates(pool: Pool, enterprise: UUID) -> Certificates:
    """As approved; none before the first approval."""
    found = await pool.fetchval(LICENCES, enterprise)
    return Certificates(
        listed=tuple(Certificate.model_validate(each) for each in orjson.loads(found or "[]"))
    )


async def filed(pool: Pool, enterprise: UUID) -> list[UUID]:
    return [row["id"] for row in await pool.fetch(FILED, enterprise)]


async def bytes_of_others(
    pool: Pool, hashes: Sequence[str], person: UUID, person_key: str | None
) -> frozenset[str]:
    """Those of these SHA-256 that a scan of another person has, in whatever enterprise; a person
    filed twice is himself.
    """
    if not hashes:
        return frozenset()
    found = {
        row["sha256"] for row in await pool.fetch(SCANS, list(hashes), person, person_key or "")
    }
    return frozenset(found & set(hashes))


async def branches(pool: Pool, enterprise: UUID) -> frozenset[str]:
    """Credit codes of the enterprise's approved branches."""
    return frozenset(row["uscc"] for row in await pool.fetch(BRANCHES, enterprise))


async def numbers_of_others(
    pool: Pool, numbers: Sequence[str], person_key: str | None
) -> frozenset[str]:
    """Those of these registration numbers that a person with another document holds, in whatever
    enterprise.
    """
    if not numbers:
        return frozenset()
    found = {row["cert_no"] for row in await pool.fetch(NUMBERS, list(numbers), person_key)}
    return frozenset(found & set(numbers))


async def people(
    pool: Pool,
    scope: Scope,
    enterprise: UUID | None,
    name: str | None,
    filed: bool | None,
    only_filed: bool,
    after: UUID | None,
    limit: int,
) -> Sequence[Row]:
    return await pool.fetch(
        PEOPLE,
        scope.everything,
        scope.city,
        scope.enterprise,
        enterprise,
        name,
        filed,
        only_filed,
        after,
        limit,
    )


async def filings(
    pool: Pool,
    scope: Scope,
    status: str | None,
    type: str | None,
    person: UUID | None,
    only_sent: bool,
    after: str | None,
    limit: int,
) -> Sequence[Row]:
    return await pool.fetch(
        FILINGS,
        scope.everything,
        scope.city,
        scope.enterprise,
        status,
        type,
        person,
        only_sent,
        after,
        limit,
    )
