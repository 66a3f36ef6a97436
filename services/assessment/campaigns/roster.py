"""The roster 应考核企业名单: every enterprise that is due in a campaign, with its record if it has
one; and who of them is absent.

Due is whoever holds a survey or design certificate that the ministry or the province issued (domain
book 3.1). Before the first approval nobody knows an enterprise's certificates: whoever has
registered is due. Once the campaign is closed, whoever was due then.
"""

from dataclasses import dataclass
from uuid import UUID

from libs.chassis.identity.access import Scope
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


# a survey or design certificate (A, B) of level 1 or 2: of the ministry or the province
LICENSED = """(
    SELECT s.filing IS NULL OR EXISTS (
        SELECT FROM jsonb_array_elements(s.content -> 'certificates') held
        WHERE held ->> 'cert_no' ~ '^[AB]W?[12]'
    )
    FROM (VALUES (d.enterprise)) this (enterprise)
    LEFT JOIN filed_enterprises f USING (enterprise)
    LEFT JOIN enterprise_filings s ON s.filing = f.filing
)"""
# a page is looked up line by line: joined, all records of the campaign would be read
DUE = f"""
SELECT d.enterprise, d.uscc, d.name, d.supervising_city_code,
       r.id AS record, r.record_no, r.status, r.result, a.absent
FROM directory d
LEFT JOIN LATERAL (
    SELECT * FROM records WHERE enterprise = d.enterprise AND campaign = $1 OFFSET 0
) r ON true
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM absences WHERE campaign = $1 AND enterprise = d.enterprise) OFFSET 0
) a (absent)
WHERE ($2::boolean OR d.enterprise = $3)
  AND ($4::text IS NULL OR d.uscc > $4)
  AND (r.id IS NOT NULL OR a.absent OR (
      (SELECT phase <> 'CLOSED' FROM campaigns WHERE id = $1) AND {LICENSED}
  ))
ORDER BY d.uscc LIMIT $5
"""
ABSENT = f"""
SELECT d.enterprise
FROM directory d LEFT JOIN records r ON r.campaign = $1 AND r.enterprise = d.enterprise
WHERE r.status = ANY ('{{DRAFT,GENERATED,WITHDRAWN}}') OR (r.id IS NULL AND {LICENSED})
ORDER BY d.enterprise
"""


async def due(
    pool: Pool, campaign: UUID, scope: Scope, after: str | None, limit: int
) -> list[RosterRow]:
    """Within reach, by credit code; `after`: the last code seen."""
    reach = (scope.everything, scope.enterprise)
    return await select(pool, RosterRow, DUE, campaign, *reach, after, limit)


async def absent(pool: Pool, campaign: UUID) -> list[UUID]:
    """Due enterprises without a record, or with one never sent or taken back: all of them, which
    is for the closing alone.
    """
    return [row.enterprise for row in await select(pool, AbsentRow, ABSENT, campaign)]
