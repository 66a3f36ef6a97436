"""考核批次: planned by the province, opened for records, closed; and who is due (应考核企业名单). A
campaign's phase alone says which of its acts is next.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.authority.states import RECORD_CHIPS
from services.portal.pages.shared.cells import code, named
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.history import history_page
from services.portal.render.lists import Cell, Column, ListFilter, ListView, list_view
from services.portal.render.lists import Item as Line
from services.portal.render.posted import whole
from services.portal.render.view import Message
from services.portal.web.api import ServiceProblem
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/campaigns")
HERE = "/campaigns"
CHIPS = {"PLANNED": "draft", "OPEN": "sent", "CLOSED": "approved"}
NEXT = {"PLANNED": "open", "OPEN": "close"}  # by phase
PAIRS = ("submission_window", "contract_period")
YES_NO = ("commitment_required", "legal_rep_confirms")


@router.get("")
async def campaigns(visit: Signed, year: str = "", cursor: str = "") -> Response:
    """The list, by year."""
    listed, lists = await gather(
        visit.api.list("assessment", HERE, year=year, cursor=cursor),
        visit.site.reference.lists(visit.api, "campaign_status"),
    )
    states = lists["campaign_status"]
    view = list_view(
        listed.body["items"],
        [
            Column(visit("批次名称"), lambda each: Cell(each["title"], f"{HERE}/{each['id']}")),
            Column(visit("年度"), lambda each: Cell(str(each["year"]))),
            Column(visit("填报期"), _window),
            Column(visit("状态"), lambda each: _phase(visit, states, each["status"])),
        ],
        empty=visit("还没有考核批次。"),
        filters=[ListFilter("year", visit("年度"), year, type="number")],
        next_cursor=listed.body["next_cursor"],
    )
    may = "POST" in listed.allows
    return await visit.page("authority/campaigns.html", view=view, here=HERE, may=may)


def _window(each: Line) -> Cell:
    return Cell(f"{each['first_day']} – {each['last_day']}")


def _phase(visit: Visit, states: CodeNames, value: str) -> Cell:
    return Cell(str(states.item(value)[visit.language]), chip=CHIPS[value])


@router.get("/new")
async def new(visit: Signed) -> Response:
    """A campaign to be planned: what is left empty is taken from the policy."""
    return await _new_page(visit, Posted())


@router.post("/new")
async def plan(visit: Signed, posted: Sent) -> Response:
    """建立考核批次."""
    try:
        made = await visit.api.do("POST", "assessment", HERE, _settings(posted), key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (400, 409, 422):
            raise
        return await _new_page(visit, posted, messages(visit, refused.errors), refused.status)
    return await visit.go(f"{HERE}/{made.body['id']}", done="save")


async def _new_page(
    visit: Visit, posted: Posted, refused: Sequence[Message] = (), code: int = 200
) -> Response:
    return await visit.page(
        "authority/campaign_new.html",
        code,
        typed=_typed(posted),
        editable=True,
        refused=refused,
        here=f"{HERE}/new",
    )


@router.get("/{id}")
async def campaign(visit: Signed, id: UUID, cursor: str = "") -> Response:
    """One campaign with its roster."""
    return await _page(visit, f"{HERE}/{id}", cursor=cursor)


@router.post("/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """保存, 开始填报, 填报截止."""
    what, here = posted.act("save", "open", "close"), f"{HERE}/{id}"
    version = posted.one("_version")
    method, path = ("PUT", here) if what == "save" else ("POST", f"{here}:{what}")
    body = _settings(posted) if what == "save" else None
    try:
        await visit.api.do(method, "assessment", path, body, version=version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (400, 409, 422):
            raise
        found = messages(visit, refused.errors)
        return await _page(visit, here, _typed(posted), found, refused.status)
    return await visit.go(here, done=what)


@router.get("/{id}/history")
async def history(visit: Signed, id: UUID) -> Response:
    """历史记录."""
    here, title = f"{HERE}/{id}", visit("考核批次")
    return await history_page(visit, "assessment", here, back=here, title=title)


async def _page(
    visit: Visit,
    here: str,
    typed: Mapping[str, Any] | None = None,
    refused: Sequence[Message] = (),
    code: int = 200,
    cursor: str = "",
) -> Response:
    item, roster, lists = await gather(
        visit.api.get("assessment", here),
        _roster(visit, here, cursor),
        visit.site.reference.lists(visit.api, "campaign_status"),
    )
    phase, may = item.body["status"], "PUT" in item.allows
    return await visit.page(
        "authority/campaign.html",
        code,
        item=item.body,
        typed=typed or _shown(item.body["settings"]),
        roster=roster,
        next=NEXT.get(phase, "") if may else "",
        editable=may and phase == "PLANNED",
        look=CHIPS[phase],
        lists=lists,
        refused=refused,
        here=here,
    )


async def _roster(visit: Visit, here: str, cursor: str) -> ListView | None:
    """应考核企业名单, with the record of each; None for whoever only reads the campaign."""
    try:
        listed = await visit.api.list("assessment", f"{here}/roster", cursor=cursor)
    except ServiceProblem as refused:
        if refused.status != 403:
            raise
        return None
    lists = await visit.site.reference.lists(
        visit.api, "assessment_status", "assessment_result", "reporting_unit"
    )
    return list_view(
        listed.body["items"],
        _of_roster(visit, lists),
        empty=visit("没有应考核的企业。"),
        next_cursor=listed.body["next_cursor"],
    )


def _of_roster(visit: Visit, lists: Mapping[str, CodeNames]) -> list[Column]:
    states = lists["assessment_status"]

    def state(each: Line) -> Cell:
        if each["absent"]:
            return Cell(str(lists["assessment_result"].item("ABSENT")[visit.language]), chip="void")
        if not each["status"]:
            return Cell(visit("未报送"), chip="draft")
        chip = RECORD_CHIPS.get(each["status"], "reviewing")
        return Cell(str(states.item(each["status"])[visit.language]), chip=chip)

    units, results = lists["reporting_unit"], lists["assessment_result"]

    def unit(each: Line) -> Cell:
        return named(visit, units, each["supervising_city_code"])

    return [
        Column(visit("企业"), lambda each: Cell(each["name"])),
        Column(visit("统一社会信用代码"), lambda each: code(each["uscc"])),
        Column(visit("报送单位"), unit),
        Column(visit("记录编号"), lambda each: code(each["record_no"])),
        Column(visit("状态"), state),
        Column(visit("结论"), lambda each: named(visit, results, each["result"])),
    ]


def _settings(posted: Posted) -> dict[str, Any]:
    """As the service takes them; what is empty is left to the policy."""
    typed = posted.one("year")
    year = whole(typed)
    body: dict[str, Any] = {
        "year": typed if year is None else year,
        "title": posted.one("title"),
        "as_of_date": posted.one("as_of_date"),
        "si_months": posted.one("si_months").replace("，", ",").replace(" ", "").split(","),
    }
    for name in PAIRS:
        days = [posted.one(f"{name}-{end}") for end in ("from", "to")]
        body[name] = days if any(days) else None
    body |= {name: posted.one(name) == "true" for name in YES_NO if posted.one(name)}
    body["si_months"] = [each for each in body["si_months"] if each]
    return {name: value for name, value in body.items() if value not in ("", None, [])}


def _typed(posted: Posted) -> dict[str, str]:
    return {name: values[0] for name, values in posted.items() if not name.startswith("_")}


def _shown(settings: Mapping[str, Any]) -> dict[str, str]:
    """The settings as inputs have them."""
    shown = {name: str(settings[name]) for name in ("year", "title", "as_of_date")}
    shown["si_months"] = ",".join(settings["si_months"])
    for name in PAIRS:
        shown[f"{name}-from"], shown[f"{name}-to"] = map(str, settings[name])
    return shown | {name: "true" if settings[name] else "false" for name in YES_NO}
