"""Which contracts and projects were sent with a record, each in which version, from the assessment
topic: a generation takes them, a sending names the generation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt
from libs.published import assessment


@dataclass(frozen=True)
class TakenWork:
    record: UUID
    generation: int
    project: UUID
    contract: UUID
    enterprise: UUID
    project_version: int
    contract_version: int
    stages: int


@dataclass(frozen=True)
class SentGeneration:
    record: UUID
    generation: int
    position: BigInt  # of the sending; the latest counts


taken_works = ReadModel(
    "taken_works",
    TakenWork,
    key=("record", "generation", "project"),
    indexes={
        "taken_works_by_project": "(project)",
        "taken_works_by_contract": "(contract)",
    },
)
sent_generations = ReadModel("sent_generations", SentGeneration, key=("record", "generation"))


@taken_works.on(assessment.AssessmentGenerated, assessment.AssessmentRegenerated)
def _taken(e: assessment.AssessmentGenerated, at: StoredEvent) -> Iterator[Change]:
    for each in e.snapshot.performances:
        yield taken_works.put(
            TakenWork(
                record=at.stream,
                generation=e.generation,
                project=each.project_id,
                contract=each.contract_id,
                enterprise=at.owner,
                project_version=each.project.version,
                contract_version=each.contract.version,
                stages=len(each.stages),
            )
        )


@sent_generations.on(assessment.AssessmentSent)
def _sent(e: assessment.AssessmentSent, at: StoredEvent) -> Iterator[Change]:
    yield sent_generations.put(SentGeneration(at.stream, e.generation, at.position))


@dataclass(frozen=True)
class SentVersion:
    version: int


VERSIONS = """
SELECT w.project_version AS version FROM taken_works w
JOIN sent_generations s ON s.record = w.record AND s.generation = w.generation
WHERE w.project = $1
UNION
SELECT w.contract_version FROM taken_works w
JOIN sent_generations s ON s.record = w.record AND s.generation = w.generation
WHERE w.contract = $1
ORDER BY version
"""


async def sent_versions(pool: Pool, item: UUID) -> list[int]:
    """Of a contract or a project, the versions in which it was sent, in order."""
    return [each.version for each in await select(pool, SentVersion, VERSIONS, item)]
