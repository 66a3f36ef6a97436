"""Routes of a project's stages, with who took part."""

from uuid import UUID

from fastapi import APIRouter

from libs.chassis.http.commands import Changing, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, TheCatalogue
from libs.chassis.http.pages import Listed
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.problems.handlers import warnings
from libs.events.application import Application
from libs.events.value import Act
from libs.filing.content.performance import Stage
from services.projects.existing import existing
from services.projects.projects.domain import Project
from services.projects.projects.schemas import ProjectView, project_view
from services.projects.stages import commands
from services.projects.stages.facts import findings_of_stage
from services.projects.stages.schemas import StageView, stage_view

router = APIRouter(prefix="/projects/{id}/stages")


@router.get("")
async def list_stages(id: UUID, reach: Granted, app: App) -> Listed[StageView]:
    """项目阶段 · The saved stages of a project"""
    project = existing(await reach.read(app, Project, id))
    return Listed(items=[stage_view(project, stage) for stage in project.stages])


@router.get("/{stage}")
async def read_stage(
    id: UUID, stage: UUID, reach: Granted, reply: Reply, app: App, version: AtVersion = None
) -> StageView:
    """项目阶段及项目参与人员 · A stage with its participants"""
    project = existing(await reach.read(app, Project, id, version))
    found = stage_view(project, stage)
    reply.item(project.version)
    return found


@router.post("", status_code=201, dependencies=[CaughtUp])
async def add_stage(
    id: UUID, body: Stage, command: Changing, reach: Granted, do: Do, app: App, words: TheCatalogue
) -> StageView:
    """添加阶段并保存 · Add a stage; saved, it makes the project selectable as performance"""
    await reach.read(app, Project, id)
    project = await do(commands.add_stage, command, id, body)
    return await _saved(app, project, do.began, command.act, words)


@router.put("/{stage}", dependencies=[CaughtUp])
async def save_stage(
    id: UUID,
    stage: UUID,
    body: Stage,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    words: TheCatalogue,
) -> StageView:
    """保存 · Save a stage with its participants"""
    await reach.read(app, Project, id)
    project = await do(commands.save_stage, command, id, stage, body)
    return await _saved(app, project, stage, command.act, words)


@router.delete("/{stage}")
async def remove_stage(
    id: UUID, stage: UUID, command: Changing, reach: Granted, do: Do, app: App, words: TheCatalogue
) -> ProjectView:
    """删除阶段 · Remove a stage; without one the project can no longer be chosen"""
    await reach.read(app, Project, id)
    return project_view(await do(commands.remove_stage, command, id, stage), words)


async def _saved(
    app: Application, project: Project, stage: UUID, act: Act, words: TheCatalogue
) -> StageView:
    """The stage with its warnings."""
    found = await findings_of_stage(app, project, stage, act)
    return stage_view(project, stage, warnings(found, words))
