"""Commands of a project's stages 项目阶段: added, saved with who took part, removed."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.filing.content.performance import Stage
from services.projects.contracts.facts import saved_contract
from services.projects.existing import existing, target
from services.projects.neighbours.people import people_here
from services.projects.projects.domain import Project
from services.projects.stages.facts import participants_of


@use_case(action="add_stage")
async def add_stage(work: UnitOfWork, id: UUID, content: Stage) -> Project:
    """添加阶段, saved at once."""
    project = await target(work, Project, id)
    stage = work.ids.new()
    await _save(work, project, stage, content)
    work.created(f"/projects/{id}/stages/{stage}")
    return project


@use_case()
async def save_stage(work: UnitOfWork, id: UUID, stage: UUID, content: Stage) -> Project:
    """保存. Raises NotFound for a stage that the project does not have."""
    project = await _with_stage(work, id, stage)
    await _save(work, project, stage, content)
    return project


@use_case()
async def remove_stage(work: UnitOfWork, id: UUID, stage: UUID) -> Project:
    """删除阶段. Raises NotFound for a stage that the project does not have."""
    project = await _with_stage(work, id, stage)
    project.remove_stage(work.act, stage)
    return project


async def _with_stage(work: UnitOfWork, id: UUID, stage: UUID) -> Project:
    """The project of the command. Raises NotFound without the stage, before VersionMismatch."""
    project = existing(await work.load(Project, id))
    project.stage(stage)
    return work.made_from(project)


async def _save(work: UnitOfWork, project: Project, stage: UUID, content: Stage) -> None:
    on = await saved_contract(work, project.owner, project.contract)
    here = await people_here(work, project.owner, participants_of(content))
    project.save_stage(work.act, stage, content, on, here)
