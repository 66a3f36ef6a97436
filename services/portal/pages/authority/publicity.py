"""公示公告: results that everybody may read, objections to them and what became of each, the
announcement (domain book 5.7).
"""

from asyncio import gather
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.history import history_page
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.render.lists import Item as Line
from services.portal.render.view import Message
from services.portal.render.words import N_
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/publicities")
HERE = "/publicities"
STANDINGS = {"OPEN": (N_("公示中"), "sent"), "ANNOUNCED": (N_("已公告"), "approved")}


@router.get("")
async def publicities(visit: Signed, standing: str = "", cursor: str = "") -> Response:
    """The list, the latest first."""
    listed = await visit.api.list("review", HERE, standing=standing, cursor=cursor)
    standings = [(each, visit(words)) for each, (words, _) in STANDINGS.items()]

    def state(each: Line) -> Cell:
        words, chip = STANDINGS[each["standing"]]
        return Cell(visit(words), chip=chip)

    view = list_view(
        listed.body["items"],
        [
            Column(
                visit("公示"), lambda each: Cell(str(each["first_day"]), f"{HERE}/{each['id']}")
            ),
            Column(visit("公示至"), lambda each: Cell(str(each["last_day"]))),
            Column(visit("企业数"), lambda each: Cell(str(each["results"]))),
            Column(visit("公告日期"), lambda each: Cell(str(each["announced_on"] or ""))),
            Column(visit("状态"), state),
        ],
        empty=visit("还没有公示。结论批准后，在“考核结论”中选择并公示。"),
        filters=[ListFilter("standing", visit("状态"), standing, standings)],
        next_cursor=listed.body["next_cursor"],
    )
    may = "POST" in listed.allows
    return await visit.page("authority/publicities.html", view=view, here=HERE, may=may)


@router.get("/{id}")
async def publicity(visit: Signed, id: UUID) -> Response:
    """One of them."""
    return await _page(visit, f"{HERE}/{id}", Posted())


@router.post("/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """登记异议, 处理异议 (成立, 不成立), 公告."""
    what, here = posted.one("_act"), f"{HERE}/{id}"
    path, body = _command(what, here, posted)
    version = posted.one("_version")
    try:
        await visit.api.do("POST", "review", path, body, version=version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (400, 409, 422):
            raise
        found = messages(visit, refused.errors)
        return await _page(visit, here, posted, found, refused.status)
    return await visit.go(here, done=what)


@router.get("/{id}/history")
async def history(visit: Signed, id: UUID) -> Response:
    """历史记录."""
    here = f"{HERE}/{id}"
    return await history_page(visit, "review", here, back=here, title=visit("公示公告"))


def _command(what: str, here: str, posted: Posted) -> tuple[str, dict[str, Any] | None]:
    if what == "object":
        said = {name: posted.one(name) for name in ("record", "text", "who")}
        return f"{here}/objections", said
    if what in ("uphold", "dismiss"):
        closing = {"upheld": what == "uphold", "text": posted.one("answer")}
        return f"{here}/objections/{posted.one('objection')}:close", closing
    return f"{here}:announce", None


async def _page(
    visit: Visit,
    here: str,
    posted: Posted,
    refused: list[Message] | None = None,
    code: int = 200,
) -> Response:
    item, acts, lists = await gather(
        visit.api.get("review", here),
        _acts(visit, here),
        visit.site.reference.lists(visit.api, "assessment_result"),
    )
    firms = {each["record"]: each["enterprise_name"] for each in item.body["results"]}
    objections = item.body["objections"] or ()
    officers = (each[by] for each in objections for by in ("raised_by", "handled_by"))
    return await visit.page(
        "authority/publicity.html",
        code,
        item=item.body,
        acts=acts,
        firms=firms,
        names=await visit.names(*officers),
        lists=lists,
        standing=STANDINGS[item.body["standing"]],
        refused=refused or [],
        typed=posted,
        here=here,
    )


async def _acts(visit: Visit, here: str) -> dict[str, Mapping[str, Any]]:
    """Nothing for whoever only reads it."""
    try:
        return actions((await visit.api.check("review", f"{here}")).body)
    except ServiceProblem as problem:
        if problem.status != 403:
            raise
        return {}
