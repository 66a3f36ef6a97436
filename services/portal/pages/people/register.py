"""人员信息 › 人员信息维护 › 人员基本信息: the technical staff as it was saved."""

from asyncio import gather
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.shared import item as item_pages
from services.portal.pages.shared.cells import named
from services.portal.pages.shared.commands import actions, messages
from services.portal.render.lists import Cell, Column, Item, ListFilter, list_view
from services.portal.web.api import ServiceProblem
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/people")
BEGUN = {"add_filing": "filings", "download": "changes", "release": "changes"}
PERSON = item_pages.ItemPage(
    service="personnel",
    form="person",
    template="people/person.html",
    collection="/people",
    pages="/people",
)


@router.get("")
async def people(visit: Signed, q: str = "", cursor: str = "") -> Response:
    """人员基本信息: who is saved, and 添加人员."""
    listed, lists = await gather(
        visit.api.list("personnel", "/people", q=q, cursor=cursor),
        visit.site.reference.lists(visit.api, "person_category", "speciality", "title_level"),
    )
    view = list_view(
        listed.body["items"],
        _columns(visit, lists),
        empty=visit("还没有人员。"),
        filters=[ListFilter("q", visit("姓名"), q)],
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page("people/register.html", view=view)


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    def categories(each: Item) -> Cell:
        names = [lists["person_category"].item(code) for code in each["categories"]]
        return Cell(visit("、").join(str(name[visit.language]) for name in names))

    def filed(each: Item) -> Cell:
        if each["released_as"]:
            return Cell(visit("已离职（调出）"), chip="void")
        if each["filed_version"]:
            text = visit("已备案第 %(number)s 版") % {"number": each["filed_version"]}
            return Cell(text, chip="approved")
        return Cell(visit("尚未备案"), chip="draft")

    return [
        Column(visit("姓名"), lambda each: Cell(each["name"] or "", href=f"/people/{each['id']}")),
        Column(visit("证件号码"), lambda each: Cell(each["id_no"] or "")),
        Column(visit("类别"), categories),
        Column(visit("专业"), lambda each: named(visit, lists["speciality"], each["speciality"])),
        Column(visit("职称"), lambda each: named(visit, lists["title_level"], each["title_level"])),
        Column(visit("状态"), filed),
    ]


@router.get("/new")
async def new(visit: Signed) -> Response:
    """添加人员: an empty form."""
    return await item_pages.show(visit, PERSON, None)


@router.post("/new")
async def add(visit: Signed, posted: Sent) -> Response:
    """保存 of a new person."""
    return await item_pages.save(visit, posted, PERSON)


@router.get("/{id:uuid}")
async def person(visit: Signed, id: UUID) -> Response:
    """One person, with what the rules say."""
    read, checked = await gather(
        visit.api.get("personnel", f"/people/{id}"),
        visit.api.check("personnel", f"/people/{id}"),
    )
    item = replace(PERSON, id=str(id), version=str(read.version), said=read.body)
    found = messages(visit, checked.body["findings"])
    return await item_pages.show(visit, item, read.body["content"], found, actions(checked.body))


@router.post("/{id:uuid}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """保存, or a filing begun: 添加备案, 下载, 离职（调出）."""
    if (what := posted.one("_act")) in BEGUN:
        return await _begin(visit, posted, what, str(id))
    said = (await visit.api.get("personnel", f"/people/{id}")).body
    item = replace(PERSON, id=str(id), version=posted.one("_version"), said=said)
    return await item_pages.save(visit, posted, item)


async def _begin(visit: Visit, posted: Posted, what: str, id: str) -> Response:
    """The filing is opened at once, to be filled in and sent."""
    path, body, version = f"/people/{id}:{what}", None, posted.one("_version")
    if what == "add_filing":
        path, body, version = "/filings", {"type": "PER_INIT", "people": [id]}, ""
    elif what == "release":
        body = {}
    try:
        done = await visit.api.do(
            "POST", "personnel", path, body, version=version or None, key=posted.key
        )
    except ServiceProblem as refused:
        if refused.status not in item_pages.REFUSED:
            raise
        return await visit.go(f"/people/{id}", refused=refused.errors)
    filing = done.body["filings"][0] if what == "add_filing" else done.body
    return await visit.go(f"/people/{BEGUN[what]}/{filing['id']}", done="added")
