"""项目信息 › 项目信息维护 › 合同管理."""

from asyncio import gather
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.shared import item as item_pages
from services.portal.pages.shared.cells import named
from services.portal.pages.shared.choices import choices_of
from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.own import own_enterprise
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter()


@router.get("/contracts")
async def contracts(visit: Signed, q: str = "", cursor: str = "") -> Response:
    """The contracts, 添加, and 新建暂无业绩."""
    listed, lists = await gather(
        visit.api.list("projects", "/contracts", q=q, cursor=cursor),
        visit.site.reference.lists(visit.api, "contract_type"),
    )
    types = lists["contract_type"]
    columns = [
        Column(
            visit("合同编号"),
            lambda each: Cell(each["contract_no"], href=f"/contracts/{each['id']}", is_code=True),
        ),
        Column(visit("合同名称"), lambda each: Cell(each["name"])),
        Column(visit("合同类别"), lambda each: named(visit, types, each["contract_type"])),
        Column(visit("发包单位"), lambda each: Cell(each["client_name"] or "")),
        Column(visit("金额（万元）"), lambda each: Cell(str(each["amount_wan"] or ""))),
        Column(visit("签订日期"), lambda each: Cell(each["signed_on"] or "")),
        Column(visit("项目"), lambda each: Cell(str(each["projects"]))),
    ]
    view = list_view(
        listed.body["items"],
        columns,
        empty=visit("还没有合同。"),
        filters=[ListFilter("q", visit("编号或名称"), q)],
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page("projects/contracts.html", view=view)


@router.post("/contracts")
async def placeholder(visit: Signed, posted: Sent) -> Response:
    """新建暂无业绩: contract, project and stage at once."""
    try:
        made = await visit.api.do("POST", "projects", "/contracts:placeholder", {}, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in item_pages.REFUSED:
            raise
        return await visit.go("/contracts", refused=refused.errors)
    return await visit.go(f"/projects/{made.body['project']['id']}", done="placeholder")


@router.get("/contracts/new")
async def new(visit: Signed) -> Response:
    """添加: a form in which nobody stands yet but who signs."""
    item, own = await gather(_item(visit), own_enterprise(visit))
    begun = {"contractor_name": own["name"], "contractor_uscc": own["uscc"]} if own else None
    return await item_pages.show(visit, item, begun)


@router.post("/contracts/new")
async def add(visit: Signed, posted: Sent) -> Response:
    """保存 of a new contract."""
    return await item_pages.save(visit, posted, await _item(visit))


@router.get("/contracts/{id}")
async def contract(visit: Signed, id: UUID) -> Response:
    """One contract, with what the rules say."""
    item, read, checked = await gather(
        _item(visit, str(id)),
        visit.api.get("projects", f"/contracts/{id}"),
        visit.api.check("projects", f"/contracts/{id}"),
    )
    found = messages(visit, checked.body["findings"])
    shown = replace(item, version=str(read.version), said=read.body)
    return await item_pages.show(visit, shown, read.body["content"], found, actions(checked.body))


@router.post("/contracts/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """保存, or 删除."""
    version = posted.one("_version")
    if posted.one("_act") == "delete":
        try:
            await visit.api.do(
                "DELETE", "projects", f"/contracts/{id}", version=version, key=posted.key
            )
        except ServiceProblem as refused:
            if refused.status not in item_pages.REFUSED:
                raise
            return await visit.go(f"/contracts/{id}", refused=refused.errors)
        return await visit.go("/contracts", done="deleted")
    item = replace(await _item(visit, str(id)), version=version)
    return await item_pages.save(visit, posted, item)


async def _item(visit: Visit, id: str = "") -> item_pages.ItemPage:
    return item_pages.ItemPage(
        service="projects",
        form="contract",
        template="projects/contract.html",
        collection="/contracts",
        pages="/contracts",
        id=id,
        choices=await choices_of(visit, "project_leader_person_id"),
    )
