"""Facts and lists of the projects service."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import orjson

from libs.chassis.access import Scope
from libs.events.pools import Pool
from libs.filing.content.enterprise import Certificate
from libs.filing.facts.enterprise import Certificates

Row = Any

CERTIFICATES = """
SELECT s.certificates FROM certificates_filed f JOIN certificates_sent s USING (filing)
    WHERE f.enterprise = $1
"""
PERSONS = """
SELECT p.id, p.filed, coalesce(s.data, p.data) AS data, l.left_on FROM persons p
LEFT JOIN persons_sent s ON s.filing = p.content_of LEFT JOIN persons_sent l ON l.filing = p.left_by
WHERE p.enterprise = $1 AND p.id = ANY($2)
"""
CONTRACTS = """
SELECT c.*, (SELECT count(*) FROM projects p WHERE p.contract = c.id) AS projects
FROM contracts c LEFT JOIN directory d ON d.enterprise = c.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR c.enterprise = $3) AND ($4::uuid IS NULL
    OR c.enterprise = $4)
  AND ($5::text IS NULL OR strpos(c.name, $5) > 0 OR strpos(c.contract_no, $5) > 0)
      AND ($6::uuid IS NULL OR c.id > $6)
ORDER BY c.id LIMIT $7
"""
PROJECTS = """
SELECT * FROM (
    SELECT p.*, c.contract_no, c.name AS contract_name, coalesce(c.is_placeholder, false)
        AS is_placeholder, d.supervising_city_code,
           (SELECT count(*) FROM stages s WHERE s.project = p.id) AS stages
    FROM projects p LEFT JOIN contracts c ON c.id = p.contract LEFT
        JOIN directory d ON d.enterprise = p.enterprise
) p
WHERE ($1::boolean OR supervising_city_code = $2 OR enterprise = $3) AND ($4::uuid IS NULL
    OR enterprise = $4)
  AND ($5::uuid IS NULL OR contract = $5) AND ($6::boolean IS NULL OR (saved AND stages > 0) = $6)
  AND ($7::text IS NULL OR strpos(name, $7) > 0) AND ($8::uuid IS NULL OR id > $8)
ORDER BY id LIMIT $9
"""


async def certificates(pool: Pool, enterprise: UUID) -> Certificates:
    """As approved; none before the first approval."""
    found = await pool.fetchval(CERTIFICATES, enterprise)
    return Certificates(
        listed=tuple(Certificate.model_validate(each) for each in orjson.loads(found or "[]"))
    )


async def persons(pool: Pool, enterprise: UUID, ids: Collection[UUID]) -> Sequence[Row]:
    """Those of them that are saved persons of the enterprise; names are sealed."""
    return await pool.fetch(PERSONS, enterprise, list(ids)) if ids else []


async def contracts(
    pool: Pool,
    scope: Scope,
    enterprise: UUID | None,
    text: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Row]:
    return await pool.fetch(
        CONTRACTS, scope.everything, scope.city, scope.enterprise, enterprise, text, after, limit
    )


async def projects(
    pool: Pool,
    scope: Scope,
    enterprise: UUID | None,
    contract: UUID | None,
    selectable: bool | None,
    text: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Row]:
    return await pool.fetch(
        PROJECTS,
        scope.everything,
        scope.city,
        scope.enterprise,
        enterprise,
        contract,
        selectable,
        text,
        after,
        limit,
    )
