"""限期整改, after an announced result: what was ordered, and the enterprise's report of it."""

from asyncio import gather
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.assessment.wizard import MENU
from services.portal.pages.shared import forms
from services.portal.pages.shared.commands import actions, messages
from services.portal.render.view import Message
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/assessment/{record:uuid}/rectification/{id:uuid}")
REFUSED = (400, 409, 422)
TYPE = "RECT_REPORT"


@router.get("")
async def rectification(visit: Signed, record: UUID, id: UUID) -> Response:
    """What is to be mended until when, what was reported, what came of it."""
    return await _page(visit, str(record), str(id), Posted())


@router.post("")
async def report(visit: Signed, posted: Sent, record: UUID, id: UUID) -> Response:
    """报送整改报告, with its scans."""
    try:
        body = {"text": posted.one("text"), "scans": await _scans(visit, posted)}
        await visit.api.do(
            "POST",
            "review",
            f"/rectifications/{id}:report",
            body,
            version=posted.one("_version"),
            key=posted.key,
        )
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        return await _page(visit, str(record), str(id), posted, found, refused.status)
    return await visit.go(f"/assessment/{record}/rectification/{id}", done="reported")


async def _scans(visit: Visit, posted: Posted) -> list[str]:
    """The files, brought to where the record's own scans lie."""
    brought = [
        await forms.bring(visit, "assessment", None, scan_type, file)
        for scan_type, file in forms.files(posted)
    ]
    return [each["scan"] for each in brought]


async def _page(
    visit: Visit,
    record: str,
    id: str,
    posted: Posted,
    refused: list[Message] | None = None,
    code: int = 200,
) -> Response:
    read, checked, lists = await gather(
        visit.api.get("review", f"/rectifications/{id}"),
        visit.api.do("POST", "review", f"/rectifications/{id}:check"),
        visit.site.reference.lists(
            visit.api, "rectification_status", "review_decision", "scan_type"
        ),
    )
    limits: dict[str, Any] = lists["scan_type"].item(TYPE)
    return await visit.page(
        "assessment/rectification.html",
        code,
        item=read.body,
        version=read.version,
        acts=actions(checked.body),
        limits=limits,
        refused=refused or [],
        text=posted.one("text"),
        lists=lists,
        here=f"/assessment/{record}/rectification/{id}",
        back=f"/assessment/{record}",
        menu_code=MENU,
    )
