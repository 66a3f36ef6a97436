"""资质申报 › 动态考核 › 河南动态考核: the records."""

from asyncio import gather

from fastapi import APIRouter, Response

from services.portal.pages.shared.cells import choices, code, named, sent, when
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.web.language import say
from services.portal.web.visit import Signed

router = APIRouter(prefix="/assessment")


@router.get("")
async def records(visit: Signed, status: str = "", cursor: str = "") -> Response:
    """The records, each with how far it has come and what was concluded."""
    listed, lists = await gather(
        visit.api.list("assessment", "/records", status=status, cursor=cursor),
        visit.site.reference.lists(visit.api, "assessment_status", "assessment_result"),
    )
    states, results = lists["assessment_status"], lists["assessment_result"]
    columns = [
        Column(visit("记录编号"), lambda each: code(each["record_no"])),
        Column(visit("状态"), lambda each: Cell(say(visit.language, states.item(each["status"])))),
        Column(visit("生成"), lambda each: Cell(str(each["generation"]))),
        Column(visit("报送"), lambda each: sent(visit, each)),
        Column(visit("发送"), lambda each: when(each["sent_at"])),
        Column(visit("考核结果"), lambda each: named(visit, results, each["result"])),
    ]
    view = list_view(
        listed.body["items"],
        columns,
        empty=visit("还没有考核记录。"),
        filters=[ListFilter("status", visit("状态"), status, choices(visit, states))],
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page("assessment/records.html", view=view)
