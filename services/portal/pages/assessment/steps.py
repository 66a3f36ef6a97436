"""The wizard: 企业基本信息, 资质信息, 技术人员, 企业业绩, 社保证明. Each step is saved by itself
and can be left; what cannot be chosen stands there with its reason and what mends it.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages.assessment import choosing, own_fields, proofs, step_scans
from services.portal.pages.assessment.records import hints
from services.portal.pages.assessment.wizard import (
    GENERATE,
    MENU,
    RecordPages,
    record_pages,
    step_note,
)
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.own import own_enterprise
from services.portal.render.view import Message
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/assessment/{id:uuid}/steps")
REFUSED = (400, 409, 422)
NOTES = {"performance": ("H4", "H7"), "enterprise": ("H5",), GENERATE: ("H6",)}


@router.get("/{step}")
async def step(visit: Signed, id: UUID, step: str) -> Response:
    """One step, as it was saved."""
    pages, items = await _opened(visit, str(id), step)
    return await _page(pages, step, items, pages.record["steps"][step])


@router.post("/{step}")
async def act(visit: Signed, posted: Sent, id: UUID, step: str) -> Response:
    """保存本步, 下一步; a row more or less; 新建暂无业绩."""
    pages, items = await _opened(visit, str(id), step)
    content, what = _typed(pages, step, posted), posted.one("_act")
    if own_fields.changed(content, step, posted) or what == "all_paid":
        return await _page(pages, step, items, content, typed=True)
    try:
        if what == "placeholder":
            return await _placeholder(pages, content, posted)
        await step_scans.bring(pages, step, content, posted)
        await visit.api.do(
            "PUT",
            "assessment",
            f"{pages.path}/steps/{step}",
            own_fields.to_send(content),
            version=posted.one("_version"),
            key=posted.key,
        )
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        return await _page(
            pages, step, items, content, typed=True, refused=found, code=refused.status
        )
    names = [*pages.places.steps, GENERATE]
    then = names[names.index(step) + 1] if what == "next" else step
    return await visit.go(pages.step_href(then), done="saved")


async def _opened(visit: Visit, id: str, step: str) -> tuple[RecordPages, list[dict[str, Any]]]:
    """The record, and what the step offers. Raises HTTPException for a step that is none."""
    form = await visit.site.reference.form(visit.api, "record")
    if not any(each["path"].startswith(f"/{step}") for each in form["parts"]):
        raise HTTPException(404)
    pages, choices = await gather(
        record_pages(visit, id),
        visit.api.list("assessment", f"/records/{id}/choices/{step}"),
    )
    return pages, choices.body["items"]


def _typed(pages: RecordPages, step: str, posted: Posted) -> dict[str, Any]:
    """The step as the page has it, with the scans that it had."""
    offered = choosing.offers(pages.visit).get(step)
    content = own_fields.read(pages, step, posted)
    if offered:
        content |= choosing.choose(pages, step, offered, posted)
    if step == proofs.STEP:
        content[proofs.PART] = proofs.read(pages, posted)
    if step == "enterprise" and posted.one("version"):
        content["version"] = int(posted.one("version"))
    return step_scans.kept(pages, step, content, posted)


async def _placeholder(pages: RecordPages, content: dict[str, Any], posted: Posted) -> Response:
    """新建暂无业绩: contract, project and stage in one; what was typed stays."""
    visit, step = pages.visit, "performance"
    await visit.api.do("POST", "projects", "/contracts:placeholder", {}, key=posted.key)
    pages, items = await _opened(visit, str(pages.record["id"]), step)
    return await _page(pages, step, items, content, typed=True)


async def _page(
    pages: RecordPages,
    step: str,
    items: Sequence[Mapping[str, Any]],
    content: Mapping[str, Any],
    *,
    typed: bool = False,
    refused: Sequence[Message] = (),
    code: int = 200,
) -> Response:
    visit, offered = pages.visit, choosing.offers(pages.visit).get(step)
    lists = await visit.site.reference.lists(visit.api, *choosing.LISTS, "return_reason")
    shown: dict[str, Any] = {}
    if step == proofs.STEP:
        content = content if content.get(proofs.PART) or typed else await _begun(pages, items)
        proven = proofs.proofs_view(pages, items, content.get(proofs.PART) or ())
        shown = {"proofs": proven, "slots": proven.slots}
    elif offered:
        rows = choosing.rows(pages, step, offered, items, content, lists, typed=typed)
        shown = {"rows": rows, "titles": offered.titles, "part": offered.part}
        shown["left_out"] = pages.places.label(step, choosing.LEFT_OUT, "reason")
        shown["slots"] = [each.slot for each in rows if each.slot]
    else:
        shown = {"slots": step_scans.of_enterprise(pages, content), "facts": items}
    manual = await hints(visit)
    names = [*pages.places.steps, GENERATE]
    at = names.index(step)
    found = [*pages.against(GENERATE), *pages.found()]
    return await visit.page(
        "assessment/step.html",
        code,
        pages=pages,
        step=step,
        title=pages.places.steps[step],
        before=names[at - 1] if at else "",
        then=names[at + 1],
        view=await own_fields.view(pages, step, content, refused, items),
        jumps=pages.jumps(_once(found), pages.record["steps"], step=step),
        typed=typed,
        saved=bool(step_note(visit, step, pages.record["steps"][step])),
        refused=refused,
        hints=[manual[each] for each in NOTES.get(step, ())],
        reasons=lists["return_reason"],
        menu_code=MENU,
        **shown,
    )


async def _begun(pages: RecordPages, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    own = await own_enterprise(pages.visit)
    assert own
    return {proofs.PART: proofs.begun(pages, items, own["uscc"], own["name"])}


def _once(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({(each["rule"], each["pointer"], each["zh"]): each for each in found}.values())
