"""按人员查找: filings of persons by a part of the name or the whole number of a registration, as
they were sent; each leads to its case.
"""

from asyncio import gather
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response

from services.portal.pages.authority.queue import ANY
from services.portal.pages.shared.cells import code, named, state, when
from services.portal.render.lists import Cell, Column, Item, ListFilter, ListView, list_view
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Signed, Visit

router = APIRouter(prefix="/cases/by-person")
HERE = "/cases/by-person"


@router.get("")
async def by_person(
    visit: Signed,
    q: str = "",
    cert_no: str = "",
    cursor: str = "",
) -> Response:
    """Whom the visitor may not see is not found."""
    asked = {"q": q.strip(), "cert_no": cert_no.strip(), "cursor": cursor}
    found = await _found(visit, asked) if q.strip() or cert_no.strip() else None
    return await visit.page(
        "authority/by_person.html",
        view=found or _view(visit, asked, {}, visit("填写姓名或证书编号后查找。")),
        here=HERE,
    )


async def _found(visit: Visit, asked: dict[str, str]) -> ListView:
    listed, lists = await gather(
        visit.api.list("personnel", "/filings", **asked),
        visit.site.reference.lists(visit.api, "filing_type", "filing_status"),
    )
    empty = visit("没有找到已发送的人员备案。")
    return _view(visit, asked, lists, empty, listed.body)


def _view(
    visit: Visit,
    asked: dict[str, str],
    lists: dict[str, CodeNames],
    empty: str,
    body: dict[str, Any] | None = None,
) -> ListView:
    said = body or {"items": [], "next_cursor": None}
    return list_view(
        said["items"],
        _columns(visit, lists),
        empty=empty,
        filters=[
            ListFilter("q", visit("姓名"), asked["q"]),
            ListFilter("cert_no", visit("注册证书编号"), asked["cert_no"]),
        ],
        next_cursor=said["next_cursor"],
    )


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    return [
        Column(
            visit("姓名"),
            lambda each: Cell(each["name"], f"{HERE}/{each['id']}"),
        ),
        Column(
            visit("企业"),
            _enterprise,
        ),
        Column(
            visit("事项"),
            lambda each: named(visit, lists["filing_type"], each["type"]),
        ),
        Column(
            visit("备案编号"),
            lambda each: code(each["filing_no"], note=each["receipt_no"] or ""),
        ),
        Column(
            visit("状态"),
            lambda each: state(visit, lists["filing_status"], each["status"]),
        ),
        Column(
            visit("发送时间"),
            lambda each: when(each["sent_at"]),
        ),
    ]


def _enterprise(line: Item) -> Cell:
    """Its name, which leads to all that lies before the authority of it."""
    name = line["enterprise_name"] or ""
    asked = urlencode({"q": name, "state": ANY})
    return Cell(name, f"/cases?{asked}" if name else "")


@router.get("/{filing}")
async def its_case(visit: Signed, filing: UUID) -> Response:
    """On to the case of this filing. Raises HTTPException (404) where none is within reach."""
    listed = await visit.api.list("review", "/cases", filing=filing)
    for each in listed.body["items"]:
        return await visit.go(f"/cases/{each['id']}")
    raise HTTPException(404)
