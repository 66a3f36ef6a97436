"""Routes of a project's stages, with who took part."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.access import Granted
from libs.chassis.commands import Changing, Reply
from libs.chassis.dependencies import Words, application
from libs.chassis.pages import Listed
from libs.chassis.positions import CaughtUp
from libs.filing.content.performance import Stage
from services.projects.api.projects import within
from services.projects.application import ProjectsApplication
from services.projects.domain.project import Project
from services.projects.views import ProjectView, StageView, project_view, stage_view, warnings

router = APIRouter(prefix="/projects/{id}/stages")
App = Annotated[ProjectsApplication, Depends(application)]


@router.get("")
async def list_stages(id: UUID, reach: Granted, app: App) -> Listed[StageView]:
    """项目阶段 · The saved stages of a project"""
    project = await within(app, reach, id)
    return Listed(items=[stage_view(project, stage) for stage in project.stages])


@router.get("/{stage}")
async def read_stage(id: UUID, stage: UUID, reach: Granted, reply: Reply, app: App) -> StageView:
    """项目阶段及项目参与人员 · A stage with its participants"""
    project = await within(app, reach, id)
    found = stage_view(project, stage)
    reply.item(project.version)
    return found


@router.post("", status_code=201, dependencies=[CaughtUp])
async def add_stage(
    id: UUID, body: Stage, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> StageView:
    """添加阶段并保存 · Add a stage; saved, it makes the project selectable as performance"""
    await within(app, reach, id, deleted=True)
    outcome = await app.add_stage(command, id, body)
    reply.done(outcome)
    project, stage = (
        await app.read(Project, id, outcome.version),
        UUID(outcome.location.rpartition("/")[2]),
    )
    return stage_view(
        project, stage, warnings(await app.findings_of_stage(project, stage, command.act), words)
    )


@router.put("/{stage}", dependencies=[CaughtUp])
async def save_stage(
    id: UUID,
    stage: UUID,
    body: Stage,
    command: Changing,
    reach: Granted,
    reply: Reply,
    app: App,
    words: Words,
) -> StageView:
    """保存 · Save a stage with its participants"""
    await within(app, reach, id, deleted=True)
    outcome = await app.save_stage(command, id, stage, body)
    reply.done(outcome)
    project = await app.read(Project, id, outcome.version)
    return stage_view(
        project, stage, warnings(await app.findings_of_stage(project, stage, command.act), words)
    )


@router.delete("/{stage}")
async def remove_stage(
    id: UUID, stage: UUID, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> ProjectView:
    """删除阶段 · Remove a stage; without one the project can no longer be chosen"""
    await within(app, reach, id, deleted=True)
    outcome = await app.remove_stage(command, id, stage)
    reply.done(outcome)
    return project_view(await app.read(Project, id, outcome.version), words)
