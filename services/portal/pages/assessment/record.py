"""One record: what was generated and what stands against sending it, 生成 and 重新生成, 撤回, what
review said, its history.
"""

from asyncio import gather
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages.assessment.records import CHIPS, hints
from services.portal.pages.assessment.staffing import LISTS, Staffing
from services.portal.pages.assessment.wizard import GENERATE, MENU, RecordPages, record_pages
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.diffs import difference, last_difference
from services.portal.pages.shared.history import history_page
from services.portal.pages.shared.states import state
from services.portal.render.view import Message
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter(prefix="/assessment/{id:uuid}")
REFUSED = (400, 409, 422)
STATES = ("assessment_status", "assessment_result", "rectification_status", "return_reason")


@router.get("")
async def record(visit: Signed, id: UUID) -> Response:
    """The record as it was generated last."""
    return await _page(visit, str(id))


@router.post("")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """撤回."""
    try:
        await visit.api.do(
            "POST",
            "assessment",
            f"/records/{id}:withdraw",
            version=posted.one("_version"),
            key=posted.key,
        )
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        return await _page(visit, str(id), messages(visit, refused.errors), refused.status)
    return await visit.go(f"/assessment/{id}", done="asked_back")


@router.get("/state")
async def record_state(visit: Signed, id: UUID, no: str) -> Response:
    """Its state alone."""
    listed, names = await gather(
        visit.api.list("assessment", "/records", record_no=no),
        visit.site.reference.lists(visit.api, "assessment_status"),
    )
    statuses = {each["id"]: each["status"] for each in listed.body["items"]}
    status = statuses.get(str(id))
    if status is None:
        raise HTTPException(404)
    words = str(names["assessment_status"].item(status)[visit.language])
    return await state(visit, str(id), CHIPS.get(status, "reviewing"), words)


@router.get("/history")
async def history(visit: Signed, id: UUID) -> Response:
    """历史记录."""
    back = f"/assessment/{id}"
    return await history_page(visit, "assessment", f"/records/{id}", back=back, number="record_no")


async def _page(
    visit: Visit, id: str, refused: list[Message] | None = None, code: int = 200
) -> Response:
    pages, lists = await gather(
        record_pages(visit, id), visit.site.reference.lists(visit.api, *STATES, *LISTS)
    )
    names, rectification, diff = await gather(
        _others(pages), _rectification(pages), last_difference(visit, pages.filed)
    )
    content = pages.content
    tables = Staffing(visit, lists, content, pages.names | names).tables() if content else []
    found = pages.jumps(pages.found())
    return await visit.page(
        "assessment/record.html",
        code,
        pages=pages,
        record=pages.record,
        content=content,
        found=found,
        counts={each: sum(f.message.severity == each for f in found) for each in "BWR"},
        tables=tables,
        diff=diff,
        refused=refused or [],
        lists=lists,
        reasons=lists["return_reason"],
        chip=CHIPS.get(pages.record["status"], "reviewing"),
        rectification=rectification,
        hints=await hints(visit),
        menu_code=MENU,
    )


async def _others(pages: RecordPages) -> dict[str, str]:
    """Names of persons that the arithmetic speaks of and the generation does not hold."""
    items = (pages.content.get("proposal") or {}).get("proposal", {}).get("per_item", ())
    named = {
        id
        for item in items
        for id in (
            *(each["person"] for each in item["excluded_persons"]),
            *(one for each in item["open_slots"] for one in each["not_chosen"]),
        )
    }
    if named <= pages.names.keys():
        return {}
    offered = await pages.visit.api.list("assessment", f"{pages.path}/choices/people")
    return {str(each["id"]): each["name"] for each in offered.body["items"] if each["name"]}


async def _rectification(pages: RecordPages) -> Mapping[str, Any] | None:
    """What was ordered after the result, if anything was."""
    if pages.record["result"] is None:
        return None
    found = await pages.visit.api.list("review", "/rectifications", limit=200)
    return next(
        (each for each in found.body["items"] if each["record"] == pages.record["id"]), None
    )


@router.get(f"/steps/{GENERATE}")
async def last_step(visit: Signed, id: UUID) -> Response:
    """The last step: what is chosen, what was chosen otherwise since, what stands against it."""
    return await _generating(visit, str(id))


@router.post(f"/steps/{GENERATE}")
async def generate(visit: Signed, posted: Sent, id: UUID) -> Response:
    """生成, 重新生成."""
    try:
        made = await visit.api.do(
            "POST",
            "assessment",
            f"/records/{id}:generate",
            version=posted.one("_version"),
            key=posted.key,
            seeing=True,
        )
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        return await _generating(visit, str(id), refused.errors, refused.status)
    return await visit.go(f"/assessment/{id}", done="generated", times=made.body["generations"])


async def _generating(
    visit: Visit, id: str, refused: list[dict[str, Any]] | None = None, code: int = 200
) -> Response:
    pages, lists = await gather(
        record_pages(visit, id), visit.site.reference.lists(visit.api, *STATES)
    )
    if pages.record["steps"] is None:  # who reads the record alone chooses nothing
        raise HTTPException(404)
    made = pages.record["generations"]
    diff = await difference(visit, pages.filed, f"generation:{made}", "draft") if made else None
    against = refused if refused is not None else pages.against(GENERATE)
    return await visit.page(
        "assessment/generate.html",
        code,
        pages=pages,
        against=pages.jumps(against, pages.record["steps"]),
        moved=pages.jumps(pages.against("send")) if pages.content else [],
        diff=diff,
        refused=refused is not None,
        reasons=lists["return_reason"],
        hints=await hints(visit),
        menu_code=MENU,
    )
