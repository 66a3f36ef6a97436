"""The queue: what awaits the officer, what is due first on top."""

from asyncio import gather

from fastapi import APIRouter, Response

from services.portal.pages.authority.states import STATES
from services.portal.pages.shared.cells import code, named
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.render.lists import Item as Line
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Signed, Visit

router = APIRouter(prefix="/cases")


@router.get("")
async def cases(visit: Signed, state: str = "WAITING", cursor: str = "") -> Response:
    """The queue, what is due first on top."""
    listed, lists = await gather(
        visit.api.list("review", "/cases", state=state, cursor=cursor),
        visit.site.reference.lists(visit.api, "filing_type", "review_decision"),
    )
    states = [(each, visit(words)) for each, (words, _chip) in STATES.items()]
    view = list_view(
        listed.body["items"],
        _columns(visit, lists),
        empty=visit("没有要办的件。"),
        filters=[ListFilter("state", visit("状态"), state, states)],
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page("authority/queue.html", view=view)


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    def state(each: Line) -> Cell:
        words, chip = STATES[each["state"]]
        return Cell(visit(words), chip=chip)

    types, decisions = lists["filing_type"], lists["review_decision"]
    return [
        Column(visit("企业"), lambda each: Cell(each["enterprise_name"], f"/cases/{each['id']}")),
        Column(visit("编号"), lambda each: code(each["no"])),
        Column(visit("类型"), lambda each: named(visit, types, each["type"])),
        Column(visit("轮次"), lambda each: Cell(str(each["round"]))),
        Column(visit("办理期限"), lambda each: Cell(str(each["due_on"]))),
        Column(visit("状态"), state),
        Column(visit("决定"), lambda each: named(visit, decisions, each["decision"])),
    ]
