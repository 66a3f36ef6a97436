"""企业信息 › 企业数据备案: 企业信息备案管理 and 企业信息变更备案管理. A filing is added, saved,
sent, withdrawn, given up; what was returned is corrected point by point.
"""

from asyncio import gather
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages import forms
from services.portal.pages.commands import actions, messages
from services.portal.pages.own import own_enterprise
from services.portal.render.timelines import timeline
from services.portal.render.view import Message
from services.portal.web.api import Problem
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter(prefix="/enterprise")
KINDS = {"filings": "ENT_INIT", "changes": "ENT_CHANGE"}
RESULTS = {"save": "saved", "send": "sent", "withdraw": "asked_back", "void": "voided"}


@router.get("/{kind}")
async def filings(visit: Signed, kind: str, status: str = "", cursor: str = "") -> Response:
    """The filings of one type, and 添加."""
    if kind not in KINDS:
        raise HTTPException(404)
    own = await own_enterprise(visit)
    if own is None:
        return await visit.go("/enterprise")
    path = f"/enterprises/{own['id']}"
    listed, checked, lists = await gather(
        visit.api.list(
            "enterprise", f"{path}/filings", type=KINDS[kind], status=status, cursor=cursor
        ),
        visit.api.do("POST", "enterprise", f"{path}:check"),
        visit.site.reference.lists(visit.api, "filing_status"),
    )
    return await visit.page(
        "filings.html",
        kind=kind,
        page=listed.body,
        chosen=status,
        statuses=lists["filing_status"],
        add=actions(checked.body).get("add_filing"),
        own=own,
    )


@router.post("/{kind}")
async def add(visit: Signed, posted: Sent, kind: str) -> Response:
    """添加."""
    own = await own_enterprise(visit)
    assert own
    assert kind in KINDS
    path = f"/enterprises/{own['id']}"
    item = await visit.api.get("enterprise", path)
    try:
        added = await visit.api.do(
            "POST",
            "enterprise",
            f"{path}/filings",
            {"type": KINDS[kind]},
            version=item.version,
            key=posted.key,
        )
    except Problem as refused:
        return await visit.go(f"/enterprise/{kind}", refused=refused.errors)
    return await visit.go(f"/enterprise/{kind}/{added.body['id']}", done="added")


@router.get("/{kind}/{filing}")
async def filing(visit: Signed, kind: str, filing: str) -> Response:
    """One filing: its content, what stands against sending it, what may be done with it."""
    own = await own_enterprise(visit)
    assert own
    return await _filing(visit, own["id"], kind, filing)


@router.post("/{kind}/{filing}")
async def act(visit: Signed, posted: Sent, kind: str, filing: str) -> Response:
    """保存, 在线发送, 撤回, 放弃."""
    own = await own_enterprise(visit)
    assert own
    path = f"/enterprises/{own['id']}/filings/{filing}"
    here, what = f"/enterprise/{kind}/{filing}", posted.one("_act")
    form = await visit.site.reference.form(visit.api, "enterprise")
    content, changed = forms.edited(form, posted)
    if changed:
        return await _filing(visit, own["id"], kind, filing, typed=content)
    try:
        if what == "save":
            await forms.upload(visit, "enterprise", own["id"], content, posted)
        done = await visit.api.do(
            "PUT" if what == "save" else "POST",
            "enterprise",
            f"{path}/content" if what == "save" else f"{path}:{what}",
            _body(what, content, posted),
            version=posted.one("_version"),
            key=posted.key,
        )
    except Problem as refused:
        if refused.status not in (409, 422):
            raise
        found = messages(visit, refused.errors)
        typed = content if what == "save" and content else None
        return await _filing(visit, own["id"], kind, filing, typed, found, refused.status)
    return await visit.go(here, done=RESULTS[what], receipt=done.body.get("receipt_no"))


def _body(what: str, content: dict[str, Any], posted: Any) -> Any:
    if what == "save":
        return content
    if what == "send":
        answers = [
            {"pointer": name.removeprefix("_answer:"), "text": values[0]}
            for name, values in posted.items()
            if name.startswith("_answer:") and values[0].strip()
        ]
        return {"acknowledged": posted.get("acknowledged", []), "answers": answers}
    return None


@router.get("/{kind}/{filing}/history")
async def history(visit: Signed, kind: str, filing: str) -> Response:
    """历史记录."""
    own = await own_enterprise(visit)
    assert own
    path = f"/enterprises/{own['id']}/filings/{filing}"
    item, steps, lists = await gather(
        visit.api.get("enterprise", path),
        visit.api.get("enterprise", f"{path}/history"),
        visit.site.reference.lists(visit.api, "role"),
    )
    return await visit.page(
        "history.html",
        title=item.body["filing_no"],
        back=f"/enterprise/{kind}/{filing}",
        steps=timeline(steps.body, lists["role"], visit),
    )


async def _filing(
    visit: Visit,
    enterprise: str,
    kind: str,
    id: str,
    typed: dict[str, Any] | None = None,
    refused: list[Message] | None = None,
    status: int = 200,
) -> Response:
    path = f"/enterprises/{enterprise}/filings/{id}"
    item, checked, lists = await gather(
        visit.api.get("enterprise", path),
        visit.api.do("POST", "enterprise", f"{path}:check"),
        visit.site.reference.lists(visit.api, "filing_status", "return_reason"),
    )
    acts, found = actions(checked.body), messages(visit, checked.body["findings"])
    returned = item.body["returned_items"] if item.body["status"] == "RETURNED" else None
    shown = found if refused is None else refused
    view = await forms.view(
        visit,
        "enterprise",
        typed or item.body["content"],
        shown,
        editable=editing(acts, returned, is_copy=kind == "changes"),
    )
    return await visit.page(
        "filing.html",
        status,
        kind=kind,
        item=item.body,
        version=item.version,
        view=view,
        acts=acts,
        refused=refused is not None,
        returned=returned or (),
        statuses=lists["filing_status"],
        reasons=lists["return_reason"],
        here=f"/enterprise/{kind}/{id}",
    )


def editing(
    acts: Mapping[str, Any], returned: list[dict[str, Any]] | None, is_copy: bool
) -> Callable[[str], bool]:
    """Which pointers may be changed: of what came back only what was returned, else all of a
    change filing; a first filing takes the saved page as it stands.
    """
    if not acts.get("save", {}).get("allowed"):
        return lambda _: False
    if returned is None:
        return lambda _: is_copy
    points = tuple(each["pointer"] for each in returned)
    return lambda at: any(at == point or at.startswith(f"{point}/") for point in points)
