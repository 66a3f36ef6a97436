"""Routes of projects."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.chassis.access import Granted, Reach
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Changing, Commanding, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.errors import NotFound
from libs.filing.content.performance import Project as Content
from services.projects import queries
from services.projects.application import ProjectsApplication
from services.projects.domain.project import Project, unsaved
from services.projects.views import ProjectLine, ProjectView, project_line, project_view, warnings

router = APIRouter(prefix="/projects")
App = Annotated[ProjectsApplication, Depends(application)]


@router.post("", status_code=201)
async def add_project(
    body: Content, command: Commanding, reach: Granted, reply: Reply, app: App, words: Words
) -> ProjectView:
    """添加项目 · Add a project to a contract; with more than `contract` it is saved at once"""
    if (enterprise := command.act.by.enterprise) is None:
        raise NotFound
    await reach.to(enterprise)
    outcome = await app.add_project(command, enterprise, body)
    reply.done(outcome)
    project = await app.read(Project, outcome.stream, outcome.version)
    return project_view(
        project, words, warnings(await app.findings_of_project(project, command.act), words)
    )


@router.get("", dependencies=[CaughtUp])
async def list_projects(
    reach: Granted,
    page: Page,
    store: Store,
    words: Words,
    enterprise: UUID | None = None,
    contract: UUID | None = None,
    selectable: bool | None = None,
    q: Annotated[str | None, Query(max_length=50)] = None,
) -> Listed[ProjectLine]:
    """项目列表 · Projects within reach, each with the reasons why it cannot be chosen as
    performance
    """
    after = page.after(UUID)
    rows = await queries.projects(
        store,
        reach.scope,
        enterprise,
        contract,
        selectable,
        q,
        after[0] if after else None,
        page.fetch,
    )
    return page.of(
        rows, key=lambda row: (str(row["id"]),), show=lambda row: project_line(row, words)
    )


@router.get("/{id}")
async def read_project(
    id: UUID, reach: Granted, reply: Reply, app: App, words: Words
) -> ProjectView:
    """项目 · The project as saved, with its stages and participants"""
    project = await within(app, reach, id)
    reply.item(project.version)
    return project_view(project, words)


@router.get("/{id}/history")
async def read_project_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; also of a deleted project"""
    await within(app, reach, id, deleted=True)
    return steps(await app.history(id))


@router.put("/{id}")
async def save_project(
    id: UUID, body: Content, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> ProjectView:
    """保存 · Save the project"""
    await within(app, reach, id, deleted=True)
    outcome = await app.save_project(command, id, body)
    reply.done(outcome)
    project = await app.read(Project, id, outcome.version)
    return project_view(
        project, words, warnings(await app.findings_of_project(project, command.act), words)
    )


@router.delete("/{id}")
async def delete_project(
    id: UUID, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> ProjectView:
    """删除 · Delete the project and its stages"""
    await within(app, reach, id, deleted=True)
    outcome = await app.delete_project(command, id)
    reply.done(outcome)
    return project_view(await app.read(Project, id, outcome.version), words)


@router.post("/{id}:check")
async def check_project(id: UUID, act: Asking, reach: Granted, app: App, words: Words) -> Checked:
    """检查 · What the rules say of the project and of each of its stages, and what may be done"""
    project = await within(app, reach, id)
    own = await app.findings_of_project(project, act)
    stages = [
        found.model_copy(update={"pointer": f"/stages/{n}{found.pointer}"})
        for n, stage in enumerate(project.stages)
        for found in await app.findings_of_stage(project, stage, act)
    ]
    actions = {
        "save": own,
        "delete": [],
        "add_stage": unsaved(saved=project.is_saved),
        "choose": project.reasons,
    }
    return checked([*own, *stages], actions, words)


async def within(
    app: ProjectsApplication, reach: Reach, id: UUID, *, deleted: bool = False
) -> Project:
    """`deleted`: what was deleted is found too, so that a repeated command gets its answer
    again.
    """
    project = await app.read(Project, id)
    await reach.to(project.owner)
    if project.deleted and not deleted:
        raise NotFound
    return project
