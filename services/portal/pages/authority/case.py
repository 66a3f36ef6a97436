"""One case with what was sent, as it was sent, to be checked item by item. Opening claims it; a
decision names the round and the digest that were seen, and what is returned item by item.
"""

from asyncio import gather
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response

from services.portal.pages.authority import checking, opened, record_case, visits
from services.portal.pages.authority.queue import due
from services.portal.pages.authority.states import RECORD_CHIPS, STATES
from services.portal.pages.shared import forms
from services.portal.pages.shared.cells import choices
from services.portal.pages.shared.commands import messages
from services.portal.pages.shared.diffs import case_difference, compared_otherwise
from services.portal.pages.shared.drafts import is_latest, said
from services.portal.pages.shared.history import history_page
from services.portal.pages.shared.scans import Viewer, scans_of, viewer
from services.portal.pages.shared.states import state
from services.portal.render.view import FormView, Message
from services.portal.web.api import ServiceProblem
from services.portal.web.language import say
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/cases")
FORMS = {"PER_RELEASE": "release"}
LISTS = ("filing_type", "review_decision", "return_reason", "reporting_unit", "check_rule")
HANDING = ("open", "release", "assign")


@router.get("/{id}")
async def case(visit: Signed, id: UUID, look: str = "", against: str = "") -> Response:
    """One case; of a record it is another page. `look`: which scan stands beside it; `against`:
    with what it is compared.
    """
    item = await opened.case_of(visit, f"/cases/{id}")
    typed = Posted({"_act": [f"look:{look}"], "against": [against]})
    if item["filing"] is None:
        return await record_case.page(visit, item, typed)
    return await _page(visit, item, typed)


@router.post("/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """受理, 释放, 转办; a decision; the minutes of a visit; or only what was looked at, kept until
    then.
    """
    what, here = posted.one("_act"), f"/cases/{id}"
    item = await opened.case_of(visit, here)
    marks = checking.take_over(visit, item, posted)
    if what.startswith("look:"):
        return await _page(visit, item, posted)
    if what in ("mark", "rest"):
        if what == "rest" and (view := await _sent(visit, item)):
            marks.rest_is_in_order(checking.groups(view, visit))
            checking.keep(visit, item, marks)
        return await visit.go(f"{here}#check")
    try:
        if what in HANDING:
            return await _handed(visit, posted, here, what)
        if what == "minutes":
            return await _visited(visit, posted, here)
        return await _decided(visit, posted, item, marks, what)
    except ServiceProblem as refused:
        if refused.status not in (400, 409, 422):
            raise
        found = messages(visit, refused.errors)
        return await _page(visit, item, posted, found, refused.status)


@router.post("/{id}/marks", response_model=None)
async def keep_marks(visit: Signed, posted: Sent, id: UUID) -> dict[str, Any] | Response:
    """What is marked so far by whoever has the case, kept with the session: what the page says of
    it.
    """
    case = (await visit.api.get("review", f"/cases/{id}")).body
    if case["assignee"] != visit.me:
        raise HTTPException(404)
    is_new = is_latest(visit, f"cases/{id}", posted)
    if is_new:
        checking.take_over(visit, {"id": id, "round": posted.one("round")}, posted)
    assert visit.session
    await visit.site.sessions.save(visit.session)
    if not is_new:
        return Response(status_code=204)
    return {"said": said(visit, visit.site.clock.now().isoformat())}


async def _handed(visit: Visit, posted: Posted, here: str, what: str) -> Response:
    body = None
    if what == "assign":
        to = await opened.account_of(visit, posted.one("to"))
        body = {"to": to, "reason": posted.one("why")}
    await visit.api.do("POST", "review", f"{here}:{what}", body, key=posted.key)
    if what == "open":
        return await visit.go(here)
    return await visit.go("/cases", handed=what)


async def _visited(visit: Visit, posted: Posted, here: str) -> Response:
    """登记核查记录: the case goes on."""
    body, version = visits.minutes(posted), posted.one("_version")
    path = f"{here}:record-onsite"
    await visit.api.do("POST", "review", path, body, version=version, key=posted.key)
    return await visit.go(here, handed="minutes")


async def _decided(
    visit: Visit, posted: Posted, item: opened.Case, marks: checking.Marks, what: str
) -> Response:
    """Then the next case of the queue opens."""
    if what == "PASS":
        view = await _sent(visit, item)
        if open_items := _open_items(visit, view, marks):
            return await _page(visit, item, posted, open_items, 422, view)
    body = _decision(what, posted, marks)
    await visit.api.do("POST", "review", f"/cases/{item['id']}:decide", body, key=posted.key)
    checking.forget(visit, item)
    decisions = (await visit.site.reference.lists(visit.api, "review_decision"))["review_decision"]
    decided = {
        "case": item["id"],
        "name": item["enterprise_name"],
        "no": item["no"],
        "round": item["round"],
        "decision": {name: decisions.item(what)[name] for name in ("zh", "en")},
    }
    return await visit.go(f"/next-case?after={item['id']}", decided=decided)


def _open_items(visit: Visit, view: FormView | None, marks: checking.Marks) -> list[Message]:
    """What keeps it from being passed: items returned, or not looked at."""
    left, returned = marks.left(checking.groups(view, visit)) if view else [], marks.returned()
    if not left and not returned:
        return []
    return [Message("", "B", _why_not(visit, len(returned), len(left)))]


def _why_not(visit: Visit, returned: int, left: int) -> str:
    if returned:
        return visit("还有 %(count)s 项选了退回，不能通过") % {"count": returned}
    return visit("还有 %(count)s 项没有核对，不能通过") % {"count": left} if left else ""


@router.get("/{id}/state")
async def case_state(visit: Signed, id: UUID) -> Response:
    """Its state alone; of a record how far that has come."""
    case, lists = await gather(
        visit.api.get("review", f"/cases/{id}"),
        visit.site.reference.lists(visit.api, "assessment_status"),
    )
    if case.body["filing"] is None:
        status = case.body["status"]
        words = str(lists["assessment_status"].item(status)[visit.language])
        return await state(visit, str(id), RECORD_CHIPS.get(status, "reviewing"), words)
    words, look = STATES[case.body["state"]]
    return await state(visit, str(id), look, visit(words))


@router.get("/{id}/history")
async def history(visit: Signed, id: UUID) -> Response:
    """历史记录."""
    path = f"/cases/{id}"
    return await history_page(visit, "review", path, back=path, number="no")


def _decision(what: str, posted: Posted, marks: checking.Marks) -> dict[str, Any]:
    reviewed = {
        "position": int(posted.one("position") or 0),
        "data_sha256": posted.one("data_sha256"),
    }
    return {
        "decision": what,
        "round": int(posted.one("round") or 0),
        "reviewed": reviewed,
        "items": marks.returned() if what == "RETURN" else [],
        "comment": posted.one("comment"),
    }


async def _page(
    visit: Visit,
    item: opened.Case,
    posted: Posted | None = None,
    refused: list[Message] | None = None,
    status: int = 200,
    sent: FormView | None = None,
) -> Response:
    """`sent`: what was sent, where it is known already."""
    typed = posted or Posted()
    view, diff, lists = await gather(
        _known(sent) if sent else _sent(visit, item),
        case_difference(visit, item, typed.one("against")),
        visit.site.reference.lists(visit.api, *LISTS),
    )
    acts, here = opened.offered(item), f"/cases/{item['id']}"
    beside = await _beside(visit, view, typed, acts)
    return await visit.page(
        "authority/case.html",
        status,
        item=item,
        view=view,
        **_to_check(visit, item, view),
        acts=acts,
        scans=beside,
        **await opened.people_of(visit, item),
        refused=refused or [],
        diff=diff,
        otherwise=compared_otherwise(visit, item, typed.one("against")),
        due=due(item),
        is_mine=item["assignee"] == visit.me,
        reasons=choices(visit, lists["return_reason"]),
        typed=typed,
        inspectors=visits.INSPECTORS,
        lists=lists,
        state=STATES[item["state"]],
        here=here,
    )


def _to_check(visit: Visit, item: opened.Case, view: FormView | None) -> dict[str, Any]:
    """The items, what was marked, and what keeps it from being passed."""
    marks, groups = checking.kept(visit, item), checking.groups(view, visit) if view else []
    counts = marks.counts(groups)
    why_not = _why_not(visit, counts["returned"], counts["left"])
    return {
        "groups": groups,
        "marks": marks,
        "counts": counts,
        "why_not": why_not,
        "places": checking.places(groups, marks, visit),
    }


async def _beside(
    visit: Visit, view: FormView | None, posted: Posted, acts: opened.Acts
) -> Viewer | None:
    """The scans of what was sent; pages are turned by the form's own buttons while remarks are
    being written.
    """
    if view is None:
        return None
    look = opened.looked_at(posted)
    return await viewer(visit, view.service, list(scans_of(view)), look, opened.open_form(acts))


async def _known(view: FormView) -> FormView:
    """What need not be asked again."""
    return view


async def _sent(visit: Visit, case: Mapping[str, Any]) -> FormView | None:
    """What was sent, from its owner, with the officer's own token: the read is written down there.
    None for a record, which is not one form.
    """
    if case["filing"] is None:
        return None
    service, path, form = "personnel", f"/filings/{case['filing']}", "person"
    if case["type"].startswith("ENT_"):
        service, form = "enterprise", "enterprise"
        path = f"/enterprises/{case['enterprise']}/filings/{case['filing']}"
    filing = await visit.api.get(service, path, round=case["round"])
    return await forms.view(
        visit,
        FORMS.get(case["type"], form),
        filing.body["content"],
        await _found(visit, filing.body),
        editable=lambda _: False,
    )


async def _found(visit: Visit, filing: Mapping[str, Any]) -> list[Message]:
    """What the rules say of what was sent, with what was confirmed then; also that of which they
    say nothing any more.
    """
    found = messages(visit, filing["findings"])
    told = {each.rule for each in found}
    rules = (await visit.site.reference.lists(visit.api, "check_rule"))["check_rule"]
    besides = (each for each in filing.get("acknowledged", ()) if each not in told)
    return found + [
        Message(each, "W", say(visit.language, rules.item(each)), acknowledged=True)
        for each in besides
    ]
