"""The roster 应考核企业名单: every enterprise that is due in a campaign, with its record if it has
one; and who of them is absent.

Due is whoever holds a survey or design certificate that the ministry or the province issued (domain
book 3.1). Before the first approval nobody knows an enterprise's certificates: whoever has
registered is due. Once the campaign is closed, whoever was due then.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import BY_CREDIT_CODE
from libs.events.pools import Pool
from libs.events.queries import Found, select, select_page
from services.assessment.records.domain.status import as_told


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
    FROM (VALUES (r.enterprise)) this (enterprise)
    LEFT JOIN filed_enterprises f USING (enterprise)
    LEFT JOIN enterprise_filings s ON s.filing = f.filing
)"""
# each is looked up by itself: EXISTS or a join may read all records of the campaign
ABSENCE = "(SELECT true FROM absences a WHERE a.campaign = {0} AND a.enterprise = r.enterprise)"
DUE = f"""(
    (SELECT true FROM records o WHERE o.campaign = {{0}} AND o.enterprise = r.enterprise LIMIT 1)
    OR {ABSENCE}
    OR ((SELECT phase <> 'CLOSED' FROM campaigns WHERE id = {{0}}) AND {LICENSED})
)"""
TOLD = f"""
SELECT r.enterprise, r.uscc, r.name, r.supervising_city_code,
       o.id AS record, o.record_no, o.status, o.result, coalesce({ABSENCE}, false) AS absent
FROM {{rows}}
LEFT JOIN LATERAL (
    SELECT * FROM records WHERE campaign = {{0}} AND enterprise = r.enterprise OFFSET 0
) o ON {{1}}
"""
ABSENT = f"""
SELECT r.enterprise
FROM directory r LEFT JOIN records o ON o.campaign = $1 AND o.enterprise = r.enterprise
WHERE o.status = ANY ('{{DRAFT,GENERATED,WITHDRAWN}}') OR (o.id IS NULL AND {LICENSED})
ORDER BY r.enterprise
"""


async def due(
    pool: Pool,
    campaign: UUID,
    scope: Scope,
    after: tuple[Any, ...] | None,
    limit: int,
    *,
    only_sent: bool,
) -> Found[RosterRow]:
    """Within reach, by credit code; `after`: the last code seen; `only_sent`: without records that
    were never sent, and without what was done since a withdrawal.
    """
    wanted = [*scope.equal(enterprise="enterprise"), (DUE, campaign)]
    known = "o.round > 0" if only_sent else "true"
    told = TOLD.format(f"'{campaign}'", known, rows="{rows}")
    found = await select_page(pool, RosterRow, BY_CREDIT_CODE, wanted, after, limit, told)
    return replace(found, rows=list(map(_told, found.rows))) if only_sent else found


def _told(row: RosterRow) -> RosterRow:
    return replace(row, status=as_told(row.status)) if row.status else row


async def absent(pool: Pool, campaign: UUID) -> list[UUID]:
    """Due enterprises without a record, or with one never sent or taken back: all of them, which
    is for the closing alone.
    """
    return [row.enterprise for row in await select(pool, AbsentRow, ABSENT, campaign)]
