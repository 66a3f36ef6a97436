"""备案审核资料: packets of filings that were sent, mailed to the authority as its notice asks."""

from asyncio import gather
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.shared.cells import code, named, state, when
from services.portal.pages.shared.commands import actions, of_rows
from services.portal.pages.shared.own import own_enterprise, registered
from services.portal.render.lists import Cell, Column, Item, ListView, list_view
from services.portal.render.words import N_
from services.portal.web.api import ServiceProblem
from services.portal.web.language import say
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Sent, Signed, Visit

router = APIRouter(prefix="/packets")
STATES = {  # chip and words
    "PREPARING": ("draft", N_("正在准备资料")),
    "INCOMPLETE": ("returned", N_("资料不全")),
    "READY": ("saved", N_("已备齐，尚未发送")),
    "MAILING": ("sent", N_("正在发送")),
    "MAILED": ("approved", N_("已送达邮箱")),
    "MAIL_FAILED": ("rejected", N_("没有送达")),
    "FAILED": ("rejected", N_("没有生成")),
}
LISTS = ("filing_type", "filing_status", "manual_hint", "reporting_unit")
REFUSED = (400, 409, 412, 422)
SENT = ("SENT", "REVIEWING", "APPROVED")  # what a packet may enclose


@router.get("")
async def packets(visit: Signed, cursor: str = "", people: str = "") -> Response:
    """Packets that were built, and what a new one may be built of; `people`: where the page of
    their filings begins.
    """
    own = await own_enterprise(visit)
    if own is None:
        return await visit.go("/enterprise")
    path = f"/enterprises/{own['id']}"
    built, firm, staff, lists = await gather(
        visit.api.list("enterprise", f"{path}/packets", cursor=cursor),
        visit.api.list("enterprise", f"{path}/filings", limit=200),
        visit.api.list("personnel", "/filings", limit=200, cursor=people),
        visit.site.reference.lists(visit.api, *LISTS),
    )
    of_firm = [{"name": own["name"], **each} for each in firm.body["items"]]
    sent = [each for each in (*of_firm, *staff.body["items"]) if each["receipt_no"]]
    onward = staff.body["next_cursor"]
    return await visit.page(
        "enterprise/packets.html",
        view=_built(visit, built.body),
        notice=_notice(visit, own, lists),
        adding=replace(
            _to_enclose(visit, sent, lists),
            more=f"?{urlencode({'people': onward})}" if onward else "",
        ),
    )


def _notice(visit: Visit, own: Item, lists: Mapping[str, CodeNames]) -> str:
    """The manual's hint with the notice of the enterprise's unit; empty where it has none."""
    packet = lists["reporting_unit"].item(own["supervising_city_code"]).get("packet") or {}
    if not packet.get("notice_title"):
        return ""
    said = say(visit.language, lists["manual_hint"].item("H3"))
    for name, value in packet.items():
        said = said.replace(f"{{{name}}}", str(value))
    return said


@router.post("")
async def build(visit: Signed, posted: Sent) -> Response:
    """生成备案审核资料, of the filings that were chosen."""
    own = await registered(visit)
    if not (chosen := posted.ids("filing")):
        return await visit.go("/packets", nothing=True)
    path, body = f"/enterprises/{own['id']}/packets", {"filings": chosen}
    try:
        made = await visit.api.do("POST", "enterprise", path, body, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        return await visit.go("/packets", refused=of_rows(refused.errors, "filings", chosen))
    return await visit.go(f"/packets/{made.body['id']}", done="built")


@router.get("/{id}")
async def packet(visit: Signed, id: UUID) -> Response:
    """One packet: the notice, the address, its parts, what came of mailing it."""
    read, staff, lists = await gather(
        visit.api.get("enterprise", f"/packets/{id}"),
        visit.api.list("personnel", "/filings", limit=200),
        visit.site.reference.lists(visit.api, "filing_type"),
    )
    return await visit.page(
        "enterprise/packet.html",
        item=read.body,
        version=read.version,
        acts=actions(read.body),
        types=lists["filing_type"],
        people={
            each["id"]: each["name"] or ""  # of a draft that nobody has named
            for each in staff.body["items"]
        },
        states=STATES,
        here=f"/packets/{id}",
    )


@router.post("/{id}")
async def mail(visit: Signed, posted: Sent, id: UUID) -> Response:
    """发送至主管部门邮箱."""
    path, here = f"/packets/{id}:mail", f"/packets/{id}"
    version = posted.one("_version")
    try:
        await visit.api.do("POST", "enterprise", path, version=version, key=posted.key)
    except ServiceProblem as refused:
        if refused.status not in REFUSED:
            raise
        return await visit.go(here, refused=refused.errors)
    return await visit.go(here, done="mailing")


@router.get("/{id}/document")
async def document(visit: Signed, id: UUID) -> Response:
    """The whole packet as one file; that it was read is written down."""
    found = await visit.api.raw("enterprise", f"/packets/{id}/document")
    headers = {name: found.headers[name] for name in ("Content-Type", "Content-Disposition")}
    return Response(found.content, headers=headers)


def _built(visit: Visit, listed: Mapping[str, object]) -> ListView:
    """Packets, newest first, with what came of mailing each."""

    def outcome(each: Item) -> Cell:
        chip, words = STATES[each["mail"] or "READY"]
        return Cell(visit(words), chip=chip) if each["mail"] else Cell(visit("尚未发送"))

    items: list[Item] = listed["items"]  # type: ignore[assignment]
    cursor: str | None = listed["next_cursor"]  # type: ignore[assignment]
    columns = [
        Column(visit("生成时间"), lambda each: _opened(each)),
        Column(visit("备案"), lambda each: Cell(visit("%(filings)s 件") % each)),
        Column(visit("邮件"), outcome),
        Column(visit("送达"), lambda each: when(each["sent_at"])),
    ]
    return list_view(items, columns, empty=visit("还没有生成过。"), next_cursor=cursor)


def _opened(each: Item) -> Cell:
    return Cell(when(each["built_at"]).text, href=f"/packets/{each['id']}")


def _to_enclose(visit: Visit, filings: list[Item], lists: Mapping[str, CodeNames]) -> ListView:
    """Filings that were sent, by the name of whom they are about."""
    types, statuses = lists["filing_type"], lists["filing_status"]
    return list_view(
        filings,
        [
            Column(visit("名称"), lambda each: Cell(each["name"] or "")),
            Column(visit("备案类型"), lambda each: named(visit, types, each["type"])),
            Column(visit("回执号"), lambda each: code(each["receipt_no"])),
            Column(visit("状态"), lambda each: state(visit, statuses, each["status"])),
        ],
        empty=visit("还没有发送过的备案。"),
        choose="filing",
        may_choose=lambda each: each["status"] in SENT,
    )
