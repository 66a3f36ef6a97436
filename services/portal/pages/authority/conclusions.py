"""拟定结论: what was proposed and approved; what is approved is shown to everybody (公示)."""

from asyncio import gather
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.authority.states import STATES
from services.portal.pages.shared.cells import choices, code, named, when
from services.portal.pages.shared.commands import of_rows
from services.portal.render.lists import Cell, Column, ListFilter, list_view
from services.portal.render.lists import Item as Line
from services.portal.web.api import ServiceProblem
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter(prefix="/conclusions")
HERE = "/conclusions"
MOST = 200  # of a publicity
SHOWN = ("OPINION", "DECIDED", "CONCLUDED", "PUBLISHED", "CLOSED")  # states of a concluded case


@router.get("")
async def conclusions(
    visit: Signed, state: str = "", result: str = "", cursor: str = ""
) -> Response:
    """The list; whoever may publish chooses of what is approved and not yet published."""
    listed, publicities, lists = await gather(
        visit.api.list("review", HERE, state=state, result=result, cursor=cursor, limit=MOST),
        visit.api.get("review", "/publicities", limit=1),
        visit.site.reference.lists(visit.api, "assessment_result", "reporting_unit"),
    )
    may_publish = "POST" in publicities.allows
    lines = [{**each, "id": each["record"]} for each in listed.body["items"]]
    states = [(each, visit(STATES[each][0])) for each in SHOWN]
    view = list_view(
        lines,
        _columns(visit, lists),
        empty=visit("还没有拟定的结论。"),
        filters=[
            ListFilter("state", visit("状态"), state, states),
            ListFilter("result", visit("结论"), result, choices(visit, lists["assessment_result"])),
        ],
        choose="record" if may_publish else "",
        may_choose=lambda each: each["state"] == "CONCLUDED",
        next_cursor=listed.body["next_cursor"],
    )
    ready = sum(1 for row in view.rows if row.id)
    return await visit.page("authority/conclusions.html", view=view, ready=ready, here=HERE)


@router.post("")
async def publish(visit: Signed, posted: Sent) -> Response:
    """公示 of the chosen, all of them or none."""
    chosen = posted.get("record", [])
    if not chosen:
        return await visit.go(HERE, nothing=True)
    try:
        opened = await visit.api.do(
            "POST", "review", "/publicities", {"records": chosen}, key=posted.key
        )
    except ServiceProblem as refused:
        if refused.status not in (409, 422):
            raise
        return await visit.go(HERE, refused=of_rows(refused.errors, "records", chosen))
    return await visit.go(f"/publicities/{opened.body['id']}", done="opened")


@router.get("/{record}")
async def conclusion(visit: Signed, record: UUID) -> Response:
    """Of one record: it is at its case."""
    found = await visit.api.get("review", f"{HERE}/{record}")
    return await visit.go(f"/cases/{found.body['case']}")


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    results = lists["assessment_result"]

    def state(each: Line) -> Cell:
        words, chip = STATES[each["state"]]
        return Cell(visit(words), chip=chip)

    return [
        Column(
            visit("企业"), lambda each: Cell(each["enterprise_name"], f"/cases/{each['case_id']}")
        ),
        Column(visit("编号"), lambda each: code(each["no"])),
        Column(visit("报送单位"), lambda each: named(visit, lists["reporting_unit"], each["unit"])),
        Column(visit("测算"), lambda each: named(visit, results, each["proposal"])),
        Column(visit("结论"), lambda each: named(visit, results, each["result"])),
        Column(visit("批准"), lambda each: when(each["approved_at"])),
        Column(visit("状态"), state),
    ]
