"""企业信息 › 企业数据备案: 企业信息备案管理 and 企业信息变更备案管理. A filing is added, saved,
sent, withdrawn, given up; what was returned is corrected point by point.
"""

from asyncio import gather
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages.shared import filing as filing_pages
from services.portal.pages.shared import forms, states
from services.portal.pages.shared.cells import choices, code, sent, state, when
from services.portal.pages.shared.commands import actions
from services.portal.pages.shared.filing import DONE
from services.portal.pages.shared.history import history_page
from services.portal.pages.shared.own import own_enterprise, registered
from services.portal.render.lists import Column, ListFilter, list_view
from services.portal.web.api import ServiceAnswer, ServiceProblem, is_away
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/enterprise")
KINDS = {"filings": "ENT_INIT", "changes": "ENT_CHANGE"}
MENUS = {"filings": "M2", "changes": "M3"}


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
        visit.api.check("enterprise", f"{path}"),
        visit.site.reference.lists(visit.api, "filing_status"),
    )
    statuses = lists["filing_status"]
    view = list_view(
        listed.body["items"],
        _columns(visit, kind, statuses),
        empty=visit("还没有备案。"),
        filters=[ListFilter("status", visit("状态"), status, choices(visit, statuses))],
        next_cursor=listed.body["next_cursor"],
    )
    add = actions(checked.body).get("add_filing")
    return await visit.page(
        "enterprise/filings.html",
        kind=kind,
        menu_code=MENUS[kind],
        view=view,
        add=add,
        versions=f"{path}/versions",
    )


def _columns(visit: Visit, kind: str, statuses: CodeNames) -> list[Column]:
    return [
        Column(visit("备案编号"), lambda each: code(each["filing_no"], f"{kind}/{each['id']}")),
        Column(visit("报送"), lambda each: sent(visit, each)),
        Column(visit("状态"), lambda each: state(visit, statuses, each["status"])),
        Column(visit("添加时间"), lambda each: when(each["drafted_at"])),
        Column(visit("发送时间"), lambda each: when(each["sent_at"])),
        Column(visit("办结"), lambda each: when(each["decided_at"])),
    ]


@router.post("/{kind}")
async def add(visit: Signed, posted: Sent, kind: str) -> Response:
    """添加."""
    if kind not in KINDS:
        raise HTTPException(404)
    own = await registered(visit)
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
    except ServiceProblem as refused:
        if is_away(refused):
            raise
        return await visit.go(f"/enterprise/{kind}", refused=refused.errors)
    return await visit.go(f"/enterprise/{kind}/{added.body['id']}", done="added")


@router.get("/{kind}/{filing:uuid}")
async def filing(visit: Signed, kind: str, filing: UUID) -> Response:
    """One filing: its content, what stands against sending it, what may be done with it."""
    own = await registered(visit)
    return await filing_pages.page(visit, await _filing(visit, own["id"], kind, str(filing)))


@router.post("/{kind}/{filing:uuid}")
async def act(visit: Signed, posted: Sent, kind: str, filing: UUID) -> Response:
    """保存, 在线发送, 撤回, 放弃."""
    own = await registered(visit)
    path = f"/enterprises/{own['id']}/filings/{filing}"
    shown = (await _filing(visit, own["id"], kind, str(filing))).with_said(posted)
    content, not_yet = await filing_pages.typed(visit, shown, posted)
    if not_yet:
        return not_yet
    what = posted.act(*DONE)
    try:
        if what == "save":
            await forms.upload(visit, "enterprise", own["id"], content, posted)
        do = partial(_do, visit, what, path, shown.to_save(content), posted)
        done = await filing_pages.done(visit, what, posted, shown, do)
    except ServiceProblem as refused:
        return await filing_pages.not_done(visit, posted, shown, content, refused)
    told = {
        "receipt": done.body.get("receipt_no"),
        "answers": shown.answers,
        "confirmed": shown.confirmed,
    }
    return await visit.go(shown.here, done=DONE[what], **told)


async def _do(
    visit: Visit, what: str, path: str, content: dict[str, Any], posted: Posted, version: str
) -> ServiceAnswer:
    is_saving = what == "save"
    return await visit.api.do(
        "PUT" if is_saving else "POST",
        "enterprise",
        f"{path}/content" if is_saving else f"{path}:{what}",
        _body(what, content, posted),
        version=version,
        key=posted.key,
    )


def _body(what: str, content: dict[str, Any], posted: Posted) -> Any:
    """What the act is sent with; nothing for 撤回 and 放弃."""
    return {"save": content, "send": filing_pages.sending(posted)}.get(what)


@router.get("/{kind}/{filing:uuid}/state")
async def filing_state(visit: Signed, kind: str, filing: UUID) -> Response:
    """Its state alone."""
    own = await registered(visit)
    path = f"/enterprises/{own['id']}/filings"
    listed = await visit.api.list("enterprise", path, type=KINDS.get(kind))
    return await states.filing_state(visit, listed.body["items"], str(filing))


@router.get("/{kind}/{filing:uuid}/history")
async def history(visit: Signed, kind: str, filing: UUID) -> Response:
    """历史记录."""
    if kind not in KINDS:
        raise HTTPException(404)
    own = await registered(visit)
    path, back = f"/enterprises/{own['id']}/filings/{filing}", f"/enterprise/{kind}/{filing}"
    return await history_page(visit, "enterprise", path, back=back, number="filing_no")


async def _filing(visit: Visit, enterprise: str, kind: str, id: str) -> filing_pages.FilingPage:
    """A filing with what its service says may be done. Raises HTTPException for no such page."""
    if kind not in KINDS:
        raise HTTPException(404)
    path = f"/enterprises/{enterprise}/filings/{id}"
    item, checked = await gather(
        visit.api.get("enterprise", path), visit.api.check("enterprise", f"{path}")
    )
    return filing_pages.FilingPage(
        service="enterprise",
        path=path,
        item=item.body,
        version=item.version,
        checked=checked.body,
        here=f"/enterprise/{kind}/{id}",
        menu=MENUS[kind],
        form="enterprise",
        is_copy=kind == "changes",
    )
