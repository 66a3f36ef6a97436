"""Contracts and projects of an enterprise with their saved stages, from the projects topic."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.history import kept
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt, Json
from libs.filing.content.performance import Contract, Project, Stage
from libs.filing.facts.projects import SavedContract, SavedProject, SavedStage
from libs.published import projects as saved
from services.assessment.neighbours.origin import origin, ref
from services.assessment.records.domain.snapshot import Ref
from services.assessment.wizard.domain.sources import WorkSource


@dataclass(frozen=True)
class SavedContractRow:
    id: UUID
    enterprise: UUID
    content: Json
    version: int
    position: BigInt
    data_sha256: str


contracts = ReadModel("contracts", SavedContractRow)


@dataclass(frozen=True)
class SavedProjectRow:
    id: UUID
    enterprise: UUID
    contract: UUID
    content: Json
    version: int
    position: BigInt
    data_sha256: str


projects = ReadModel(
    "projects", SavedProjectRow, indexes={"projects_by_enterprise": "(enterprise, id)"}
)


@dataclass(frozen=True)
class SavedStageRow:
    id: UUID
    project: UUID
    content: Json


stages = ReadModel("stages", SavedStageRow, indexes={"stages_by_project": "(project, id)"})


@contracts.on(saved.ContractSaved)
def _contract_saved(e: saved.ContractSaved, at: StoredEvent) -> Iterator[Change]:
    yield contracts.put(
        SavedContractRow(id=at.stream, enterprise=at.owner, content=e.content, **origin(at))
    )


@contracts.on(saved.ContractDeleted)
def _contract_deleted(e: saved.ContractDeleted, at: StoredEvent) -> Iterator[Change]:
    yield contracts.drop(id=at.stream)


@projects.on(saved.ProjectSaved)
def _project_saved(e: saved.ProjectSaved, at: StoredEvent) -> Iterator[Change]:
    yield projects.put(
        SavedProjectRow(
            id=at.stream,
            enterprise=at.owner,
            contract=e.contract,
            content=e.content,
            **origin(at),
        )
    )


@projects.on(saved.ProjectDeleted)
def _project_deleted(e: saved.ProjectDeleted, at: StoredEvent) -> Iterator[Change]:
    yield projects.drop(id=at.stream)


@stages.on(saved.StageSaved)
def _stage_saved(e: saved.StageSaved, at: StoredEvent) -> Iterator[Change]:
    yield stages.put(SavedStageRow(id=e.stage, project=at.stream, content=e.content))


@stages.on(saved.StageRemoved)
def _stage_removed(e: saved.StageRemoved, at: StoredEvent) -> Iterator[Change]:
    yield stages.drop(id=e.stage)


@projects.on(saved.StageSaved, saved.StageRemoved)
def _stages_changed(_: saved.StageSaved | saved.StageRemoved, at: StoredEvent) -> Iterator[Change]:
    yield projects.change(id=at.stream, **origin(at))


@dataclass(frozen=True)
class WorkRow:
    """A project with its contract and its saved stages."""

    id: UUID
    content: Json
    version: int
    position: int
    data_sha256: str
    contract: UUID
    contract_content: Json
    contract_version: int
    contract_position: int
    contract_sha256: str
    stages: Json | None = None


OF_ENTERPRISE = """
SELECT p.id, p.content, p.version, p.position, p.data_sha256, p.contract,
       c.content AS contract_content, c.version AS contract_version,
       c.position AS contract_position, c.data_sha256 AS contract_sha256,
       (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'content', s.content) ORDER BY s.id)
           FROM stages s WHERE s.project = p.id) AS stages
FROM projects p JOIN contracts c ON c.id = p.contract
WHERE p.enterprise = $1 ORDER BY p.id
"""


async def works_of(pool: Pool, enterprise: UUID) -> dict[UUID, WorkSource]:
    """By id, every project that the enterprise has saved."""
    return {row.id: _work(row) for row in await select(pool, WorkRow, OF_ENTERPRISE, enterprise)}


def _work(row: WorkRow) -> WorkSource:
    project = SavedProject(
        id=row.id,
        version=row.version,
        contract=_contract(row),
        content=kept(Project, row.content),
        stages=tuple(_stage(each) for each in row.stages or ()),
    )
    return WorkSource(project, ref(row.id, row), _contract_ref(row))


def _contract(row: WorkRow) -> SavedContract:
    content = kept(Contract, row.contract_content)
    return SavedContract(id=row.contract, version=row.contract_version, content=content)


def _contract_ref(row: WorkRow) -> Ref:
    return Ref(
        stream=row.contract,
        version=row.contract_version,
        position=row.contract_position,
        data_sha256=row.contract_sha256,
    )


def _stage(row: Mapping[str, Any]) -> SavedStage:
    return SavedStage(id=row["id"], content=kept(Stage, row["content"]))
