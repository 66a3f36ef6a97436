"""One case with what was sent, as it was sent. A decision names the round and the digest that were
seen; what is returned is named point by point.
"""

from asyncio import gather
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.authority import record_case
from services.portal.pages.authority.states import STATES
from services.portal.pages.shared import forms
from services.portal.pages.shared.cells import choices
from services.portal.pages.shared.commands import actions, messages
from services.portal.pages.shared.diffs import case_difference
from services.portal.pages.shared.scans import Viewer, scans_of, viewer
from services.portal.render.timelines import timeline
from services.portal.render.view import FormView, Message
from services.portal.web.api import ServiceProblem
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/cases")
FORMS = {"PER_RELEASE": "release"}
ROWS = 20  # points that one decision can return


@router.get("/{id}")
async def case(visit: Signed, id: UUID, look: str = "") -> Response:
    """One case; of a record it is another page. `look`: which scan stands beside it."""
    item = await visit.api.get("review", f"/cases/{id}")
    if item.body["filing"] is None:
        return await record_case.page(visit, item.body)
    return await _page(visit, str(id), Posted({"_act": [f"look:{look}"]}))


@router.post("/{id}")
async def act(visit: Signed, posted: Sent, id: UUID) -> Response:
    """受理; 通过, 退回补正, 不通过; or one more point to return, another page of a scan."""
    what = posted.one("_act")
    if what == "point" or what.startswith("look:"):
        return await _page(visit, str(id), posted)
    path, body = f"/cases/{id}:{'open' if what == 'open' else 'decide'}", None
    if what != "open":
        body = _decision(what, posted)
    try:
        await visit.api.do("POST", "review", path, body, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (400, 409, 422):
            raise
        found = messages(visit, refused.errors)
        return await _page(visit, str(id), posted, found, refused.status)
    return await visit.go(f"/cases/{id}", done=what)


@router.get("/{id}/history")
async def history(visit: Signed, id: UUID) -> Response:
    """历史记录."""
    item, steps, lists = await gather(
        visit.api.get("review", f"/cases/{id}"),
        visit.api.get("review", f"/cases/{id}/history"),
        visit.site.reference.lists(visit.api, "role"),
    )
    return await visit.page(
        "shared/history.html",
        title=item.body["no"],
        back=f"/cases/{id}",
        steps=timeline(steps.body, lists["role"], visit),
    )


def _decision(what: str, posted: Posted) -> dict[str, Any]:
    reviewed = {
        "position": int(posted.one("position") or 0),
        "data_sha256": posted.one("data_sha256"),
    }
    return {
        "decision": what,
        "round": int(posted.one("round") or 0),
        "reviewed": reviewed,
        "items": _points(posted) if what == "RETURN" else [],
        "comment": posted.one("comment"),
    }


def _points(posted: Posted) -> list[dict[str, str]]:
    """The points that were filled in."""
    points: list[dict[str, str]] = []
    for number in range(ROWS):
        point = {name: posted.one(f"{name}-{number}") for name in ("pointer", "reason", "text")}
        if any(point.values()):
            points.append(point)
    return points


async def _page(
    visit: Visit,
    id: str,
    posted: Posted,
    refused: list[Message] | None = None,
    status: int = 200,
) -> Response:
    item, checked, lists = await gather(
        visit.api.get("review", f"/cases/{id}"),
        visit.api.check("review", f"/cases/{id}"),
        visit.site.reference.lists(
            visit.api, "filing_type", "review_decision", "return_reason", "reporting_unit"
        ),
    )
    view, diff = await gather(_sent(visit, item.body), case_difference(visit, item.body))
    acts, points = actions(checked.body), _points(posted)
    beside = await _beside(visit, view, posted, acts)
    more = posted.one("_act") == "point"
    return await visit.page(
        "authority/case.html",
        status,
        item=item.body,
        view=view,
        acts=acts,
        scans=beside,
        found=messages(visit, checked.body["findings"]),
        refused=refused or [],
        points=[*points, {}] if more or not points else points,
        diff=diff,
        places=view.places() if view else [],
        reasons=choices(visit, lists["return_reason"]),
        comment=posted.one("comment"),
        lists=lists,
        state=STATES[item.body["state"]],
        here=f"/cases/{id}",
    )


async def _beside(
    visit: Visit, view: FormView | None, posted: Posted, acts: Mapping[str, Any]
) -> Viewer | None:
    """The scans of what was sent; pages are turned by the form's own buttons while remarks are
    being written.
    """
    if view is None:
        return None
    _, _, look = posted.one("_act").partition("look:")
    form = "decide" if acts.get("RETURN", {}).get("allowed") else ""
    return await viewer(
        visit, view.service, list(scans_of(view)), look or posted.one("_look"), form
    )


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
        messages(visit, filing.body["findings"]),
        editable=lambda _: False,
    )
