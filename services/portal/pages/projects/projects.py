"""项目信息 › 项目信息维护 › 项目管理: projects with stages and participants. A project that has no
saved stage cannot be chosen as performance: the list says so, and leads to what mends it.
"""

from asyncio import gather
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.shared import forms, stale
from services.portal.pages.shared import item as item_pages
from services.portal.pages.shared.cells import named
from services.portal.pages.shared.choices import choices_of
from services.portal.pages.shared.commands import actions, messages
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.render.lists import Item as Line
from services.portal.web.api import ServiceProblem
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/projects")
# a stage has no `:check`: its page offers the act, and the service says what stands against it
STAGE_ACTS = {"delete": {"action": "delete", "allowed": True, "reasons": []}}


@router.get("")
async def projects(visit: Signed, selectable: str = "", cursor: str = "") -> Response:
    """The projects, each with whether it may be chosen and why not."""
    listed, lists = await gather(
        visit.api.list("projects", "/projects", selectable=selectable, cursor=cursor),
        visit.site.reference.lists(visit.api, "project_type", "manual_hint"),
    )
    answers = [("true", visit("可选")), ("false", visit("不可选"))]
    view = list_view(
        listed.body["items"],
        _columns(visit, lists),
        empty=visit("还没有项目。"),
        filters=[ListFilter("selectable", visit("可选作业绩"), selectable, answers)],
        next_cursor=listed.body["next_cursor"],
    )
    hint = lists["manual_hint"].item("H4")
    return await visit.page("projects/projects.html", view=view, hint=hint)


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    def choosable(each: Line) -> Cell:
        if each["selectable"]:
            return Cell(visit("可选"), chip="approved")
        why = "；".join(say(visit.language, reason) for reason in each["reasons"])
        return Cell(visit("不可选"), chip="draft", note=why)

    types = lists["project_type"]
    return [
        Column(visit("项目名称"), lambda each: Cell(each["name"], href=f"/projects/{each['id']}")),
        Column(visit("合同"), lambda each: Cell(each["contract_no"] or "", is_code=True)),
        Column(visit("项目分类"), lambda each: named(visit, types, each["project_type"])),
        Column(visit("项目阶段"), lambda each: Cell(str(each["stages"]))),
        Column(visit("可选作业绩"), choosable),
    ]


@router.get("/new")
async def new(visit: Signed, contract: str = "") -> Response:
    """添加: an empty form, of a contract where one led here."""
    return await item_pages.show(visit, await _item(visit), {"contract": contract})


@router.post("/new")
async def add(visit: Signed, posted: Sent) -> Response:
    """保存 of a new project."""
    return await item_pages.save(visit, posted, await _item(visit))


@router.get("/{id}")
async def project(visit: Signed, id: UUID) -> Response:
    """One project: its form, and its stages."""
    read, checked = await gather(
        visit.api.get("projects", f"/projects/{id}"),
        visit.api.check("projects", f"/projects/{id}"),
    )
    item = await _item(visit, str(id), str(read.version), read.body)
    found = messages(visit, checked.body["findings"])
    return await item_pages.show(visit, item, _content(read.body), found, actions(checked.body))


@router.post("/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """保存, or 删除."""
    version = posted.one("_version")
    if posted.one("_act") != "delete":
        return await item_pages.save(visit, posted, await _item(visit, str(id), version))
    try:
        await visit.api.do("DELETE", "projects", f"/projects/{id}", version=version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in item_pages.REFUSED:
            raise
        return await visit.go(f"/projects/{id}", refused=refused.errors)
    return await visit.go("/projects", done="deleted")


def _content(project: Mapping[str, Any]) -> dict[str, Any]:
    """What its form holds."""
    return {"contract": project["contract"], **(project["content"] or {})}


async def _item(
    visit: Visit, id: str = "", version: str = "", said: Mapping[str, Any] | None = None
) -> item_pages.ItemPage:
    choices, stages = await gather(
        choices_of(visit, "contract", "qualification_item_used"),
        visit.site.reference.lists(visit.api, "stage_design", "stage_survey", "stage_status"),
    )
    return item_pages.ItemPage(
        service="projects",
        form="project",
        template="projects/project.html",
        collection="/projects",
        pages="/projects",
        id=id,
        version=version,
        said=said or {},
        choices=choices,
        more={"stages": stages},
        content_of=_content,
    )


@router.get("/{id}/stages/new")
async def new_stage(visit: Signed, id: UUID) -> Response:
    """添加阶段."""
    read = await visit.api.get("projects", f"/projects/{id}")
    item = await _stage(visit, str(id), str(read.version), said=read.body)
    return await item_pages.show(visit, item, None)


@router.get("/{id}/stages/{stage}")
async def stage(visit: Signed, id: UUID, stage: UUID) -> Response:
    """One stage with its participants."""
    read, project = await gather(
        visit.api.get("projects", f"/projects/{id}/stages/{stage}"),
        visit.api.get("projects", f"/projects/{id}"),
    )
    item = await _stage(visit, str(id), str(read.version), str(stage), project.body)
    return await item_pages.show(visit, item, read.body["content"], acts=STAGE_ACTS)


@router.post("/{id}/stages/{stage}")
async def act_on_stage(visit: Signed, posted: Sent, id: UUID, stage: str) -> Response:
    """保存阶段, or 删除."""
    own = "" if stage == "new" else stage
    read = await visit.api.get("projects", f"/projects/{id}")
    item = await _stage(visit, str(id), posted.one("_version"), own, read.body)
    if posted.one("_act") == "delete":
        return await _delete_stage(visit, posted, item, f"/projects/{id}")
    return await _save_stage(visit, posted, item, f"/projects/{id}")


async def _delete_stage(
    visit: Visit, posted: Posted, item: item_pages.ItemPage, back: str
) -> Response:
    """删除; what stands against it is told on the page of the stage."""
    try:
        await visit.api.do("DELETE", "projects", item.path, version=item.version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (*item_pages.REFUSED, stale.STALE):
            raise
        return await visit.go(item.here, refused=refused.errors)
    return await visit.go(back, done="deleted")


async def _save_stage(
    visit: Visit, posted: Posted, item: item_pages.ItemPage, back: str
) -> Response:
    """A stage changes its project, whose version it is made from."""
    item = replace(item, version=posted.begun)
    form = await visit.site.reference.form(visit.api, "stage")
    content, changed = forms.edited(form, posted)
    if changed:
        return await item_pages.show(visit, item, content, typed=True)
    method, path = ("PUT", item.path) if item.id else ("POST", item.collection)
    try:
        await visit.api.do(method, "projects", path, content, version=item.version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status == stale.STALE:
            return await _stale_stage(visit, posted, item, content, back)
        if refused.status not in item_pages.REFUSED:
            raise
        found = messages(visit, refused.errors)
        return await item_pages.show(visit, item, content, found, code=refused.status, typed=True)
    return await visit.go(back, done="stage")


async def _stale_stage(
    visit: Visit,
    posted: Posted,
    item: item_pages.ItemPage,
    content: dict[str, Any],
    project: str,
) -> Response:
    """A new stage meets nothing of what was saved meanwhile: it is shown on top of that."""
    if item.id:
        return await stale.page(visit, posted, item.as_saved, content)
    version = str((await visit.api.get("projects", project)).version)
    return await item_pages.show(visit, replace(item, version=version), content, typed=True)


async def _stage(
    visit: Visit,
    project: str,
    version: str,
    id: str = "",
    said: Mapping[str, Any] | None = None,
) -> item_pages.ItemPage:
    """A stage of the project, whose version it is saved from."""
    return item_pages.ItemPage(
        service="projects",
        form="stage",
        template="projects/stage.html",
        collection=f"/projects/{project}/stages",
        pages=f"/projects/{project}/stages",
        id=id,
        version=version,
        said=said or {},
        added_to=project,
        choices=await choices_of(visit, "person_id"),
    )
