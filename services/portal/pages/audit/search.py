"""检索: an enterprise, a person, a contract, a project, a record, a case, or a stream by its id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.audit.streams import identifier
from services.portal.pages.shared.cells import code
from services.portal.render.lists import Cell, Column, Item, ListFilter, ListView, list_view
from services.portal.render.words import N_
from services.portal.web.visit import Signed, Visit

router = APIRouter()
CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True)
class Kind:
    """What can be looked for: `text` is the filter that its list has for a part of the name or a
    number; `name` and `number`: which of an item's fields say what it is.
    """

    label: str
    service: str
    path: str
    text: str
    name: str
    number: str


KINDS: Mapping[str, Kind] = {
    "enterprise": Kind(N_("企业"), "enterprise", "/enterprises", "q", "name", "uscc"),
    "person": Kind(N_("人员"), "personnel", "/people", "q", "name", "id_no"),
    "contract": Kind(N_("合同"), "projects", "/contracts", "q", "name", "contract_no"),
    "project": Kind(N_("项目"), "projects", "/projects", "q", "name", "project_code"),
    "record": Kind(
        N_("考核记录"), "assessment", "/records", "record_no", "enterprise_name", "record_no"
    ),
    "case": Kind(N_("审核件"), "review", "/cases", "q", "enterprise_name", "no"),
}


@router.get("/audit")
async def search(
    visit: Signed, kind: str = "enterprise", q: str = "", enterprise: str = "", cursor: str = ""
) -> Response:
    """The id of a stream leads to its timeline; of an enterprise, `enterprise`, everything is
    found.
    """
    if stream := identifier(q):
        return RedirectResponse(f"/audit/{stream}", 303)
    chosen = KINDS.get(kind, KINDS["enterprise"])
    asked = q or enterprise or kind != "enterprise"
    view = await _found(visit, chosen, kind, q.strip(), enterprise, cursor) if asked else None
    kinds = [(name, visit(each.label)) for name, each in KINDS.items()]
    return await visit.page(
        "audit/search.html", view=view, kinds=kinds, kind=kind, q=q, enterprise=enterprise
    )


async def _found(
    visit: Visit, kind: Kind, name: str, q: str, enterprise: str, cursor: str
) -> ListView:
    query = {"enterprise": enterprise, "cursor": cursor}
    if q and CREDIT_CODE.fullmatch(q.upper()) and kind.service == "enterprise":
        query["uscc"] = q
    else:
        query[kind.text] = q
    listed = await visit.api.list(kind.service, kind.path, **query)
    return list_view(
        listed.body["items"],
        _columns(visit, kind),
        empty=visit("没有找到。可以换一个类别，或填写完整的编号。"),
        filters=[
            ListFilter("kind", "", name),
            ListFilter("q", "", q),
            ListFilter("enterprise", "", enterprise),
        ],
        next_cursor=listed.body["next_cursor"],
    )


def _columns(visit: Visit, kind: Kind) -> list[Column]:
    def title(each: Item) -> Cell:
        words = str(each[kind.name] or each[kind.number] or each["id"])
        return Cell(words, f"/audit/{each['id']}?service={kind.service}")

    def owner(each: Item) -> Cell:
        id = str(each.get("enterprise") or each["id"])
        return Cell(visit("企业的时间线"), f"/audit/{id}?service=enterprise")

    return [
        Column(visit("名称"), title),
        Column(visit("编号"), lambda each: code(each[kind.number])),
        Column(visit("事件流"), lambda each: code(each["id"])),
        Column(visit("所属企业"), owner),
    ]
