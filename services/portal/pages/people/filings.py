"""人员信息 › 人员数据备案: filings of people, several at once. Each is checked and sent by itself;
the answer tells by name who was sent and who was not, and why.
"""

from asyncio import gather
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages.people import release
from services.portal.pages.shared import filing as filing_pages
from services.portal.pages.shared import forms, states
from services.portal.pages.shared.cells import choices, code, named, state, when
from services.portal.pages.shared.commands import messages, of_rows
from services.portal.pages.shared.history import history_page
from services.portal.render.lists import Cell, Column, Item, ListFilter, ListView, list_view
from services.portal.web.api import ServiceAnswer, ServiceProblem
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/people")
TYPES = {"filings": ("PER_INIT",), "changes": ("PER_CHANGE", "PER_RELEASE")}
MENUS = {"filings": "M5", "changes": "M6"}
WAITING = ("DRAFT", "SAVED", "WITHDRAWN", "RETURNED")
UNDER_WAY = (*WAITING, "SENT", "REVIEWING")


@router.get("/{kind}")
async def filings(
    visit: Signed, kind: str, status: str = "", type: str = "", cursor: str = ""
) -> Response:
    """The list; in 人员信息备案管理 with the saved people that have no filing yet, in
    人员信息变更备案管理 with those that are filed.
    """
    _known(kind)
    types = [each for each in TYPES[kind] if type in ("", each)]
    filed = "false" if kind == "filings" else "true"
    pages, saved, lists = await gather(
        _listed(visit, types, status=status, cursor=cursor),
        visit.api.list("personnel", "/people", filed=filed, limit=200),
        visit.site.reference.lists(visit.api, "filing_status", "filing_type", "manual_hint"),
    )
    begun = await _listed(visit, TYPES[kind]) if status or type or cursor else pages
    lines = [each for page in pages.values() for each in page["items"]]
    view = list_view(
        lines,
        _columns(visit, kind, lists),
        empty=visit("还没有备案。"),
        filters=_filters(visit, kind, lists, status, type),
        choose="filing",
        may_choose=lambda each: each["status"] in WAITING,
    )
    under_way = _under_way(begun)
    add = _to_add if kind == "filings" else release.filed
    return await visit.page(
        "people/filings.html",
        kind=kind,
        menu_code=MENUS[kind],
        lines=lines,
        view=replace(view, more=_more(pages, status)),
        adding=add(visit, saved.body["items"], under_way, lists["filing_status"]),
        hint=lists["manual_hint"].item("H2"),
    )


async def _listed(visit: Visit, types: Sequence[str], **asked: str) -> dict[str, Item]:
    """A page of each type, asked side by side."""
    asking = [
        visit.api.list("personnel", "/filings", type=type, limit=200, **asked) for type in types
    ]
    found = await gather(*asking)
    return {type: each.body for type, each in zip(types, found, strict=True)}


def _under_way(pages: Mapping[str, Item]) -> dict[str, Item]:
    """By person, the filing that goes on: it waits for the enterprise, or for the authority. Who
    was rejected, released or given up has none, and may be added anew.
    """
    found: dict[str, Item] = {}
    for page in pages.values():
        for each in page["items"]:
            if each["status"] in UNDER_WAY:
                found[each["person"]] = each
    return found


def _more(pages: Mapping[str, Item], status: str) -> str:
    """The next page, of the first type that has one."""
    for type, page in pages.items():
        if page["next_cursor"]:
            asked = {"type": type, "status": status, "cursor": page["next_cursor"]}
            given = {name: each for name, each in asked.items() if each}
            return f"?{urlencode(given)}"
    return ""


def _filters(
    visit: Visit, kind: str, lists: Mapping[str, CodeNames], status: str, type: str
) -> list[ListFilter]:
    """By state, and by type where the page has several."""
    states = ListFilter("status", visit("状态"), status, choices(visit, lists["filing_status"]))
    if len(TYPES[kind]) == 1:
        return [states]
    names = [(t, say(visit.language, lists["filing_type"].item(t))) for t in TYPES[kind]]
    return [states, ListFilter("type", visit("备案类型"), type, names)]


def _to_add(
    visit: Visit, saved: list[Item], under_way: Container[str], _statuses: CodeNames
) -> ListView:
    """The saved people that have no filing under way."""
    return list_view(
        [each for each in saved if each["id"] not in under_way],
        [
            Column(visit("姓名"), lambda each: Cell(each["name"] or "")),
            Column(visit("证件号码"), lambda each: Cell(each["id_no"] or "")),
        ],
        empty=visit("没有可以添加的人员：新的人员先在人员基本信息中添加并保存。"),
        choose="person",
    )


def _columns(visit: Visit, kind: str, lists: dict[str, CodeNames]) -> list[Column]:
    types, statuses = lists["filing_type"], lists["filing_status"]
    return [
        Column(
            visit("姓名"),
            lambda each: Cell(each["name"] or "", href=f"/people/{kind}/{each['id']}"),
        ),
        Column(visit("备案编号"), lambda each: code(each["filing_no"])),
        Column(visit("备案类型"), lambda each: named(visit, types, each["type"])),
        Column(visit("状态"), lambda each: state(visit, statuses, each["status"])),
        Column(visit("回执号"), lambda each: code(each["receipt_no"])),
        Column(visit("发送时间"), lambda each: when(each["sent_at"])),
    ]


@router.post("/{kind}")
async def several(visit: Signed, posted: Sent, kind: str) -> Response:
    """添加, 下载, 离职（调出） for the people chosen; 保存 and 在线发送 for the filings chosen."""
    _known(kind)
    here, what = f"/people/{kind}", posted.act("add", *release.BEGINS, "save", "send")
    if what == "add":
        return await _add(visit, posted, here)
    if what in release.BEGINS:
        return await release.begin(visit, posted)
    chosen = posted.ids("filing")
    if not chosen:
        return await visit.go(here, nothing=True)
    if what == "save":
        return await _save_all(visit, chosen, here)
    body = {"filings": chosen, "acknowledged": posted.get("acknowledged", [])}
    sent = await visit.api.do("POST", "personnel", "/filings:send", body, key=posted.key)
    return await visit.go(here, done="sent", batch=sent.body)


async def _add(visit: Visit, posted: Posted, here: str) -> Response:
    """添加: one filing a person, all or none."""
    people = posted.ids("person")
    if not people:
        return await visit.go(here, nothing=True)
    body = {"type": "PER_INIT", "people": people}
    try:
        added = await visit.api.do("POST", "personnel", "/filings", body, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in (409, 422):
            raise
        found = of_rows(refused.errors, "people", people)
        return await visit.go(here, refused=[await _by_person(visit, each) for each in found])
    return await visit.go(here, done="added", count=len(added.body["filings"]))


async def _by_person(visit: Visit, refused: dict[str, Any]) -> dict[str, Any]:
    """Whoever was added meanwhile has no row any more, but a page."""
    if not refused["at"]:
        return refused
    person = await visit.api.get("personnel", f"/people/{refused['at']}")
    return refused | release.led_to(person)


async def _save_all(visit: Visit, chosen: list[str], here: str) -> Response:
    """Each by itself; those that are refused are told by name."""
    refused: list[dict[str, Any]] = []
    saved = 0
    for id in chosen:
        item = await visit.api.get("personnel", f"/filings/{id}")
        try:
            await visit.api.do(
                "PUT", "personnel", f"/filings/{id}/content", {}, version=item.version
            )
            saved += 1
        except ServiceProblem as problem:
            if problem.status not in release.REFUSED:
                raise
            name = (item.body["content"] or {}).get("name")
            told = {"name": name, "href": f"{here}/{id}"}
            refused += [each | told for each in problem.errors]
    return await visit.go(here, done="saved", count=saved, refused=refused)


@router.get("/{kind}/{filing:uuid}")
async def filing(visit: Signed, kind: str, filing: UUID) -> Response:
    """One filing."""
    return await filing_pages.page(visit, await _filing(visit, kind, str(filing)))


@router.post("/{kind}/{filing:uuid}")
async def act(visit: Signed, posted: Sent, kind: str, filing: UUID) -> Response:
    """保存, 在线发送, 撤回, 放弃."""
    shown = (await _filing(visit, kind, str(filing))).with_said(posted)
    content, not_yet = await filing_pages.typed(visit, shown, posted)
    if not_yet:
        return not_yet
    what = posted.act(*filing_pages.DONE)
    try:
        if what == "save":
            await forms.upload(visit, "personnel", shown.item["person"], content, posted)
        do = partial(_do, visit, what, str(filing), shown.to_save(content), posted)
        done = (await filing_pages.done(visit, what, posted, shown, do)).body
    except ServiceProblem as refused:
        return await filing_pages.not_done(visit, posted, shown, content, refused)
    if what == "send" and done["refused"]:
        found = messages(visit, done["refused"][0]["findings"])
        return await filing_pages.page(visit, shown, refused=found, code=422)
    receipt = done["sent"][0]["receipt_no"] if what == "send" else None
    told = {"receipt": receipt, "answers": shown.answers, "confirmed": shown.confirmed}
    return await visit.go(shown.here, done=filing_pages.DONE[what], **told)


async def _do(
    visit: Visit, what: str, id: str, content: dict[str, Any], posted: Posted, version: str
) -> ServiceAnswer:
    """One act on one filing."""
    method, path, body = "POST", f"/filings/{id}:{what}", None
    made_from: str | None = version
    if what == "save":
        method, path, body = "PUT", f"/filings/{id}/content", content
    elif what == "send":
        path, made_from = "/filings:send", None
        body = {"filings": [{"filing": id, **filing_pages.sending(posted)}]}
    return await visit.api.do(method, "personnel", path, body, version=made_from, key=posted.key)


@router.get("/{kind}/{filing:uuid}/state")
async def filing_state(visit: Signed, filing: UUID, person: UUID) -> Response:
    """Its state alone."""
    listed = await visit.api.list("personnel", "/filings", person=str(person))
    return await states.filing_state(visit, listed.body["items"], str(filing))


@router.get("/{kind}/{filing:uuid}/history")
async def history(visit: Signed, kind: str, filing: UUID) -> Response:
    """历史记录."""
    path, back = f"/filings/{filing}", f"/people/{kind}/{filing}"
    return await history_page(visit, "personnel", path, back=back, number="filing_no")


async def _filing(visit: Visit, kind: str, id: str) -> filing_pages.FilingPage:
    _known(kind)
    item, checked = await gather(
        visit.api.get("personnel", f"/filings/{id}"),
        visit.api.check("personnel", "/filings", {"filings": [id]}),
    )
    return filing_pages.FilingPage(
        service="personnel",
        path=f"/filings/{id}",
        item=item.body,
        version=item.version,
        checked=next(iter(checked.body.get("filings", ())), checked.body),
        here=f"/people/{kind}/{id}",
        menu=MENUS[kind],
        form="release" if item.body["type"] == "PER_RELEASE" else "person",
        is_copy=item.body["type"] != "PER_INIT",
    )


def _known(kind: str) -> None:
    if kind not in TYPES:
        raise HTTPException(404)
