"""Routes of projects."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Changing, Commanding, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.problems.handlers import warnings
from libs.events.application import Application
from libs.events.strict import LINE, UrlBoolean
from libs.events.value import Act
from libs.filing.content.performance import Project as Content
from services.projects.existing import existing
from services.projects.projects import commands, lists
from services.projects.projects.domain import Project
from services.projects.projects.facts import findings_of, saving_of
from services.projects.projects.schemas import ProjectLine, ProjectView, project_line, project_view
from services.projects.sent.lists import sent_projects
from services.projects.stages.facts import findings_of_stages

router = APIRouter(prefix="/projects")


@router.post("", status_code=201)
async def add_project(
    body: Content, command: Commanding, reach: Granted, do: Do, app: App, words: TheCatalogue
) -> ProjectView:
    """添加项目 · Add a project to a contract; with more than `contract` it is saved at once"""
    enterprise = await reach.own()
    project = await do(commands.add_project, command, enterprise, body)
    return await _saved(app, project, command.act, words)


@router.get("", dependencies=[CaughtUp])
async def list_projects(
    reach: Granted,
    page: Page,
    store: Store,
    words: TheCatalogue,
    enterprise: UUID | None = None,
    contract: UUID | None = None,
    selectable: UrlBoolean | None = None,
    q: Annotated[str | None, Query(max_length=50), LINE] = None,
) -> Listed[ProjectLine]:
    """项目列表 · Projects within reach, each with the reasons why it cannot be chosen as
    performance; to the authority as sent with a record
    """
    listed = sent_projects if reach.only_sent else lists.within_reach
    found = await listed(
        store,
        reach.scope,
        enterprise=enterprise,
        contract=contract,
        selectable=selectable,
        text=q,
        after=page.after(UUID, int) if reach.only_sent else page.after(UUID),
        limit=page.fetch,
    )
    return page.along(found, show=lambda row: project_line(row, words))


@router.get("/{id}")
async def read_project(
    id: UUID,
    reach: Granted,
    reply: Reply,
    app: App,
    words: TheCatalogue,
    version: AtVersion = None,
) -> ProjectView:
    """项目 · The project as saved, with its stages and participants"""
    project = existing(await reach.read(app, Project, id, version))
    reply.item(project.version)
    return project_view(project, words)


@router.get("/{id}/history")
async def read_project_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; also of a deleted project"""
    return steps(await reach.history(app, Project, id))


@router.put("/{id}")
async def save_project(
    id: UUID,
    body: Content,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    words: TheCatalogue,
) -> ProjectView:
    """保存 · Save the project"""
    await reach.read(app, Project, id)
    project = await do(commands.save_project, command, id, body)
    return await _saved(app, project, command.act, words)


@router.delete("/{id}")
async def delete_project(
    id: UUID, command: Changing, reach: Granted, do: Do, app: App, words: TheCatalogue
) -> ProjectView:
    """删除 · Delete the project and its stages"""
    await reach.read(app, Project, id)
    return project_view(await do(commands.delete_project, command, id), words)


@router.post("/{id}:check")
async def check_project(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """检查 · What the rules say of the project and of each of its stages, and what may be done"""
    project = existing(await reach.read(app, Project, id))
    own = await findings_of(app, project, act)
    stages = await findings_of_stages(app, project, act)
    saving = await saving_of(app, project, act)
    return checked([*own, *stages], project.actions(saving=saving), words)


async def _saved(app: Application, project: Project, act: Act, words: TheCatalogue) -> ProjectView:
    """The project with its warnings."""
    return project_view(project, words, warnings(await findings_of(app, project, act), words))
