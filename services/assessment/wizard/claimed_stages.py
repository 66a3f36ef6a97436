"""What each record puts forward as its enterprise's own work: the stages of the projects in its
latest generation.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

import orjson

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.filing.facts.projects import StageClaim
from services.assessment.records.domain.record import Generated, Record


@dataclass(frozen=True)
class ClaimedStagesRow:
    record: UUID
    claims: Json


claimed_stages = ReadModel(
    "claimed_stages",
    ClaimedStagesRow,
    key=("record",),
    # without a list of entries that wait, which each look-up would read
    indexes={"claimed_stages_by_mark": "USING gin (claims jsonb_path_ops) WITH (fastupdate = off)"},
)


@claimed_stages.on(Record.AssessmentGenerated, Record.AssessmentRegenerated)
def _generated(e: Generated, at: StoredEvent) -> Iterator[Change]:
    claims = [list(claim) for each in e.snapshot.performances for claim in each.claims]
    yield claimed_stages.put(ClaimedStagesRow(record=at.stream, claims=claims))


@dataclass(frozen=True)
class ClaimsRow:
    claims: Json


# a join would begin with all records of the campaign while the tables have no statistics
ELSEWHERE = """
SELECT c.claims FROM claimed_stages c
WHERE c.claims @> ANY ($3::jsonb[]) AND (
    SELECT r.campaign = $1 AND r.enterprise <> $2 AND r.round > 0 AND r.status <> 'WITHDRAWN'
    FROM records r WHERE r.id = c.record
)
"""


async def claimed_elsewhere(
    pool: Pool, record: Record, claims: Collection[StageClaim]
) -> list[StageClaim]:
    """What those sent records of other enterprises in the campaign put forward that claim one of
    the same stages; `claims`: what this record does.
    """
    marks = {mark for each in claims for mark in each.marks}
    if not marks:
        return []
    within = [orjson.dumps([mark]).decode() for mark in marks]  # a claim that has these values
    rows = await select(pool, ClaimsRow, ELSEWHERE, record.campaign, record.enterprise, within)
    return [StageClaim(*each) for row in rows for each in row.claims]
