"""The wizard: 企业基本信息, 资质信息, 技术人员, 企业业绩, 社保证明. Each step is saved by itself
and can be left; what cannot be chosen stands there with its reason and what mends it.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
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
from services.portal.pages.shared import forms, stale
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.own import registered
from services.portal.render.posted import content_of, picked
from services.portal.render.view import DraftNote, Message
from services.portal.web import drafts
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/assessment/{id:uuid}/steps")
Items = Sequence[Mapping[str, Any]]
REFUSED = (400, 409, 422)
NOTES = {"performance": ("H4", "H7"), "enterprise": ("H5",), GENERATE: ("H6",)}


@router.get("/{step}")
async def step(visit: Signed, id: UUID, step: str) -> Response:
    """One step, as it was saved."""
    (pages, items), draft = await gather(
        _opened(visit, str(id), step),
        drafts.find(visit, "assessment", "record", f"{id}-{step}"),
    )
    if draft is None or not pages.acts["save"]["allowed"]:
        return await _page(pages, step, items, pages.record["steps"][step])
    kept = forms.draft_of("record", f"{id}-{step}", draft.version)
    content = _completed(pages, step, dict(draft.content.get(step) or {}))
    return await _page(
        pages, step, items, content, typed=True, draft=replace(kept, kept_at=draft.kept_at)
    )


@router.post("/{step}")
async def act(visit: Signed, posted: Sent, id: UUID, step: str) -> Response:
    """保存本步, 下一步; a row more or less; 新建暂无业绩."""
    given = Posted(picked(posted))
    pages, items = await _opened(visit, str(id), step)
    content, what = _typed(pages, step, given), given.one("_act")
    if own_fields.changed(content, step, given) or what == "all_paid":
        return await _page(pages, step, items, content, typed=True)
    try:
        if what == "placeholder":
            return await _placeholder(pages, content, given)
        await _save(pages, step, content, given)
    except ServiceProblem as refused:
        if refused.status == stale.STALE:
            return await stale.page(visit, posted, _as_saved(pages, step, items), {step: content})
        if refused.status not in REFUSED:
            raise
        found = messages(visit, refused.errors)
        code = refused.status
        return await _page(pages, step, items, content, typed=True, refused=found, code=code)
    then = _beside(pages, step)["then"] if what == "next" else step
    return await visit.go(pages.step_href(then), done="saved")


async def _save(pages: RecordPages, step: str, content: dict[str, Any], posted: Posted) -> None:
    """Raises ServiceProblem."""
    await step_scans.bring(pages, step, content, posted)
    await pages.visit.api.do(
        "PUT",
        "assessment",
        f"{pages.path}/steps/{step}",
        own_fields.to_send(content),
        version=posted.begun,
        key=posted.key,
    )


def _as_saved(pages: RecordPages, step: str, items: Items) -> stale.StaleItem:
    """The step as others saved it meanwhile."""
    named = [(str(each["id"]), str(each["name"])) for each in items if each["id"]]
    keys = ("certificate_id", "person_id", "project_id")
    return stale.StaleItem(
        "assessment",
        pages.path,
        "record",
        pages.step_href(step),
        content_of=lambda body: {step: body["steps"][step]},
        choices=dict.fromkeys(keys, named),
    )


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
    """The step as the page has it."""
    stays, form = forms.is_about_rows(posted), pages.places.form
    content: dict[str, Any] = content_of(form, posted, with_empty_rows=stays).get(step, {})
    gone = set(posted.get("_drop", []))
    if any(name.startswith(proofs.SAVED_AT) for name in posted):
        rows = {proofs.PART: proofs.read(pages, posted)}
        typed = step_scans.kept(pages, step, rows, gone)
    else:
        typed = _completed(pages, step, content, gone)
    step_scans.put_back(step, typed, posted, gone)
    return typed


def _completed(
    pages: RecordPages, step: str, content: dict[str, Any], gone: AbstractSet[str] = frozenset()
) -> dict[str, Any]:
    """What was typed, with the scans that it had."""
    if offered := choosing.offers(pages.visit).get(step):
        content |= choosing.choose(pages, step, offered, content)
    if step == proofs.STEP:
        content[proofs.PART] = proofs.restored(pages, content.get(proofs.PART) or ())
    return step_scans.kept(pages, step, content, gone)


async def _placeholder(pages: RecordPages, content: dict[str, Any], posted: Posted) -> Response:
    """新建暂无业绩: contract, project and stage in one; what was typed stays."""
    visit, step = pages.visit, "performance"
    await visit.api.do("POST", "projects", "/contracts:placeholder", {}, key=posted.key)
    pages, items = await _opened(visit, str(pages.record["id"]), step)
    return await _page(pages, step, items, content, typed=True)


async def _page(
    pages: RecordPages,
    step: str,
    items: Items,
    content: Mapping[str, Any],
    *,
    typed: bool = False,
    draft: DraftNote | None = None,
    refused: Sequence[Message] = (),
    code: int = 200,
) -> Response:
    """`draft`: that what is shown was kept and not saved."""
    visit = pages.visit
    shown, manual, lists = await gather(
        _shown(pages, step, items, content, typed=typed),
        hints(visit),
        visit.site.reference.lists(visit.api, "return_reason"),
    )
    view = await own_fields.view(pages, step, shown["content"], refused, items)
    saved = pages.record["steps"][step]
    found = [*pages.against(GENERATE), *pages.found()]
    return await visit.page(
        "assessment/step.html",
        code,
        pages=pages,
        step=step,
        title=pages.places.steps[step],
        view=replace(view, draft=_draft(pages, step, draft, typed=typed)),
        jumps=pages.jumps(_once(found), pages.record["steps"], step=step),
        typed=typed,
        saved=bool(step_note(visit, step, saved)),
        refused=refused,
        hints=[manual[each] for each in NOTES.get(step, ())],
        reasons=lists["return_reason"],
        menu_code=MENU,
        **_beside(pages, step),
        **shown,
    )


def _draft(
    pages: RecordPages, step: str, draft: DraftNote | None, *, typed: bool
) -> DraftNote | None:
    """Where the typing is kept; None where nothing may be changed."""
    if not pages.acts["save"]["allowed"]:
        return None
    if draft:
        return draft
    return forms.draft_of("record", f"{pages.record['id']}-{step}", pages.version, unkept=typed)


def _beside(pages: RecordPages, step: str) -> dict[str, str]:
    """The steps before and after; empty for none."""
    names = ["", *pages.places.steps, GENERATE]
    at = names.index(step)
    return {"before": names[at - 1], "then": names[at + 1]}


async def _shown(
    pages: RecordPages, step: str, items: Items, content: Mapping[str, Any], *, typed: bool
) -> dict[str, Any]:
    """What the step chooses, and its slots."""
    if step == proofs.STEP:
        if not typed and not content.get(proofs.PART):
            content = await _begun(pages, items)
        proven = proofs.proofs_view(pages, items, content.get(proofs.PART) or ())
        return {"content": content, "proofs": proven, "slots": proven.slots}
    if step in choosing.offers(pages.visit):
        return await _offered(pages, step, items, content, typed=typed)
    slots = step_scans.of_enterprise(pages, content)
    return {"content": content, "slots": slots, "facts": items}


async def _offered(
    pages: RecordPages, step: str, items: Items, content: Mapping[str, Any], *, typed: bool
) -> dict[str, Any]:
    """Rows to choose from, with the slots of those that are chosen."""
    visit = pages.visit
    offered = choosing.offers(visit)[step]
    lists = await visit.site.reference.lists(visit.api, *choosing.LISTS)
    rows = choosing.rows(pages, step, offered, items, content, lists, typed=typed)
    reason = pages.places.label(step, choosing.LEFT_OUT, "reason")
    return {
        "content": content,
        "rows": rows,
        "titles": offered.titles,
        "part": offered.part,
        "key_name": pages.places.key(step, offered.part),
        "left_out": reason if offered.left_out else "",
        "slots": [each.slot for each in rows if each.slot],
    }


async def _begun(pages: RecordPages, items: Items) -> dict[str, Any]:
    """Where nothing was saved yet: a proof for each month that is due."""
    own = await registered(pages.visit)
    return {proofs.PART: proofs.begun(pages, items, own["uscc"], own["name"])}


def _once(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What generating and sending both found is told once."""
    return list({(each["rule"], each["pointer"], each["zh"]): each for each in found}.values())
