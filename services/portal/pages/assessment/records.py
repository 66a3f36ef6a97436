"""资质申报 › 动态考核 › 河南动态考核: the records; 添加, 重新生成."""

from asyncio import gather
from collections.abc import Container, Iterable
from typing import Any

from fastapi import APIRouter, Response

from services.portal.pages.assessment.places import Places
from services.portal.pages.assessment.wizard import MENU
from services.portal.pages.shared.cells import choices, code, named, sent, when
from services.portal.pages.shared.commands import actions, messages
from services.portal.render.lists import Cell, Column, Item, ListFilter, list_view
from services.portal.web.api import ServiceProblem
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter(prefix="/assessment")
CHIPS = {
    "DRAFT": "draft",
    "GENERATED": "saved",
    "WITHDRAWN": "saved",
    "SENT": "sent",
    "RETURNED": "returned",
    "CONCLUDED": "approved",
    "PUBLICITY": "approved",
    "ANNOUNCED": "approved",
    "CLOSED": "approved",
    "RECTIFYING": "returned",
    "WITHDRAWAL_PROPOSED": "rejected",
}  # all others are under review
# where a clerk mends what stands against 添加, by step of the wizard
MENDS = {
    "enterprise": "/enterprise/filings",
    "qualifications": "/enterprise",
    "people": "/people/filings",
    "performance": "/projects",
}


@router.get("")
async def records(visit: Signed, status: str = "", cursor: str = "") -> Response:
    """The records, each with how far it has come and what was concluded; the campaigns in which
    one can be begun.
    """
    listed, campaigns, form, lists = await gather(
        visit.api.list("assessment", "/records", status=status, cursor=cursor),
        visit.api.list("assessment", "/campaigns"),
        visit.site.reference.form(visit.api, "record"),
        visit.site.reference.lists(
            visit.api, "assessment_status", "assessment_result", "campaign_status"
        ),
    )
    states = lists["assessment_status"]
    view = list_view(
        listed.body["items"],
        _columns(visit, lists),
        empty=visit("还没有考核记录。"),
        filters=[ListFilter("status", visit("状态"), status, choices(visit, states))],
        choose="record",
        next_cursor=listed.body["next_cursor"],
    )
    begun = {each["campaign"]: each["id"] for each in listed.body["items"]}
    against = await _against_adding(visit, campaigns.body["items"], begun)
    refused = (visit.session.data.get("result") or {}).get("refused") if visit.session else None
    return await visit.page(
        "assessment/records.html",
        view=view,
        menu_code=MENU,
        campaigns=campaigns.body["items"],
        begun=begun,
        against={id: _missing(visit, form, found) for id, found in against.items()},
        lists=lists,
        hints=await hints(visit),
        missing=_missing(visit, form, refused or ()),
    )


async def _against_adding(
    visit: Visit, campaigns: Iterable[Item], begun: Container[str]
) -> dict[str, Any]:
    """By campaign that is open and has no record yet, the reasons against 添加; None where nobody
    says that it may be done.
    """
    ids = [each["id"] for each in campaigns if each["status"] == "OPEN" and each["id"] not in begun]
    checks = await gather(
        *(visit.api.check("assessment", "/records", {"campaign": id}, seeing=True) for id in ids)
    )
    starts = (actions(each.body).get("start") for each in checks)
    return {id: start["reasons"] for id, start in zip(ids, starts, strict=True) if start}


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    """By number, each with how far it has come."""
    states, results = lists["assessment_status"], lists["assessment_result"]

    def state(each: Item) -> Cell:
        words = say(visit.language, states.item(each["status"]))
        return Cell(words, chip=CHIPS.get(each["status"], "reviewing"))

    return [
        Column(
            visit("记录编号"), lambda each: code(each["record_no"], f"/assessment/{each['id']}")
        ),
        Column(visit("状态"), state),
        Column(visit("生成次数"), lambda each: _times(visit, each["generation"])),
        Column(visit("报送"), lambda each: sent(visit, each)),
        Column(visit("发送时间"), lambda each: when(each["sent_at"])),
        Column(visit("考核结果"), lambda each: named(visit, results, each["result"])),
    ]


def _times(visit: Visit, generation: int) -> Cell:
    """How often it was generated."""
    return Cell(visit("第 %(number)s 次") % {"number": generation} if generation else "")


async def hints(visit: Visit) -> dict[str, str]:
    """The manual's own words, by the code of the hint."""
    known = await visit.site.reference.lists(visit.api, "manual_hint")
    return {each["code"]: say(visit.language, each) for each in known["manual_hint"].items}


def _missing(visit: Visit, form: dict[str, Any], refused: Any) -> list[dict[str, Any]]:
    """What stands against 添加, each with the page that mends it."""
    places = Places(form, visit.language)
    found: list[dict[str, Any]] = []
    for each in messages(visit, refused):
        at = places.at(each.pointer)
        step = at.step if at else ("" if each.pointer else "enterprise")
        label = places.steps.get(step, "")
        found.append({"message": each, "href": MENDS.get(step, ""), "label": label})
    return found


@router.post("")
async def add(visit: Signed, posted: Sent) -> Response:
    """添加."""
    body = {"campaign": posted.one("campaign")}
    try:
        made = await visit.api.do(
            "POST", "assessment", "/records", body, key=posted.key, seeing=True
        )
    except ServiceProblem as refused:
        if refused.status not in (409, 422):
            raise
        return await visit.go("/assessment", refused=refused.errors)
    return await visit.go(f"/assessment/{made.body['id']}/steps/enterprise", done="added")


@router.get("/again")
async def again(visit: Signed, record: str = "") -> Response:
    """重新生成: of the record that was selected, step by step."""
    if not record:
        reason = {
            "zh": "请先选中一条考核数据",
            "en": "Select one record first",
            "rule": "",
            "pointer": "",
        }
        return await visit.go("/assessment", refused=[reason])
    return await visit.go(f"/assessment/{record}/steps/enterprise")
