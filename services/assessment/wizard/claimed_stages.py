"""What each record puts forward as its enterprise's own work: the stages of the projects in its
latest generation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

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


claimed_stages = ReadModel("claimed_stages", ClaimedStagesRow, key=("record",))


@claimed_stages.on(Record.AssessmentGenerated, Record.AssessmentRegenerated)
def _generated(e: Generated, at: StoredEvent) -> Iterator[Change]:
    claims = [list(claim) for each in e.snapshot.performances for claim in each.claims]
    yield claimed_stages.put(ClaimedStagesRow(record=at.stream, claims=claims))


@dataclass(frozen=True)
class ClaimsRow:
    claims: Json


ELSEWHERE = """
SELECT c.claims FROM claimed_stages c JOIN records r ON r.id = c.record
WHERE r.campaign = $1 AND r.enterprise <> $2 AND r.round > 0 AND r.status <> 'WITHDRAWN'
"""


async def claimed_elsewhere(pool: Pool, campaign: UUID, enterprise: UUID) -> list[StageClaim]:
    """What sent records of other enterprises put forward in this campaign."""
    rows = await select(pool, ClaimsRow, ELSEWHERE, campaign, enterprise)
    return [StageClaim(*each) for row in rows for each in row.claims]
