"""The roster 应考核企业名单: every enterprise that is due in a campaign, with its record if it has
one; and who of them is absent.
"""

from dataclasses import dataclass
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select


@dataclass(frozen=True)
class RosterRow:
    enterprise: UUID
    uscc: str
    name: str
    supervising_city_code: str
    record: UUID | None
    record_no: str | None
    status: str | None
    result: str | None
    absent: bool


@dataclass(frozen=True)
class AbsentRow:
    enterprise: UUID


DUE = """
SELECT d.enterprise, d.uscc, d.name, d.supervising_city_code,
       r.id AS record, r.record_no, r.status, r.result,
       d.enterprise = ANY (c.absent) AS absent
FROM directory d JOIN campaigns c ON c.id = $1
LEFT JOIN filed_enterprises f ON f.enterprise = d.enterprise
LEFT JOIN records r ON r.campaign = c.id AND r.enterprise = d.enterprise
WHERE (f.enterprise IS NOT NULL OR r.id IS NOT NULL)
  AND ($2::text IS NULL OR d.uscc > $2)
ORDER BY d.uscc LIMIT $3
"""
ABSENT = """
SELECT f.enterprise
FROM filed_enterprises f
LEFT JOIN records r ON r.campaign = $1 AND r.enterprise = f.enterprise
WHERE r.id IS NULL OR r.status = ANY ('{DRAFT,GENERATED,WITHDRAWN}')
ORDER BY f.enterprise
"""


async def due(pool: Pool, campaign: UUID, after: str | None, limit: int) -> list[RosterRow]:
    """By credit code; `after`: the last code seen."""
    return await select(pool, RosterRow, DUE, campaign, after, limit)


async def absent(pool: Pool, campaign: UUID) -> list[UUID]:
    """Due enterprises without a record, or with one never sent or taken back."""
    return [row.enterprise for row in await select(pool, AbsentRow, ABSENT, campaign)]
