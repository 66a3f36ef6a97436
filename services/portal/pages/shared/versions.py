"""已备案版本 of an enterprise and of its people: each as an official table, and what it changed of
the version before.
"""

from asyncio import gather
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from services.portal.pages.shared import forms
from services.portal.web.visit import Signed, Visit

router = APIRouter()


@dataclass(frozen=True)
class Room:
    """Where versions are kept: `path` at the service and in the portal, `pages` of its filings."""

    service: str
    form: str
    path: str
    pages: str
    menu: str


@dataclass(frozen=True)
class VersionLine:
    """`diff`: the page that compares it with the one before; empty for the first, and for whom its
    filings are not their own.
    """

    number: int
    filing_no: str
    decided_at: str | None
    diff: str


FIRMS = Room("enterprise", "enterprise", "/enterprises", "/enterprise/changes", "M3")
PEOPLE = Room("personnel", "person", "/people", "/people/changes", "M6")


@router.get("/enterprises/{id:uuid}/versions")
async def of_enterprise(visit: Signed, id: UUID) -> Response:
    """Of an enterprise, newest first."""
    return await _list(visit, FIRMS, str(id))


@router.get("/people/{id:uuid}/versions")
async def of_person(visit: Signed, id: UUID) -> Response:
    """Of one of its people."""
    return await _list(visit, PEOPLE, str(id))


@router.get("/enterprises/{id:uuid}/versions/{number}")
async def one_of_enterprise(visit: Signed, id: UUID, number: int) -> Response:
    """One approved version."""
    return await _one(visit, FIRMS, str(id), number)


@router.get("/people/{id:uuid}/versions/{number}")
async def one_of_person(visit: Signed, id: UUID, number: int) -> Response:
    """One approved version of a person."""
    return await _one(visit, PEOPLE, str(id), number)


async def _list(visit: Visit, room: Room, id: str) -> Response:
    """Newest first; officers read them too."""
    here = f"{room.path}/{id}"
    listed, read = await gather(
        visit.api.get(room.service, f"{here}/versions"), visit.api.get(room.service, here)
    )
    filings = {each["id"]: each for each in read.body["filings"]}
    assert visit.user
    own = visit.user.face == "enterprise"
    return await visit.page(
        "shared/versions.html",
        name=_name(read.body),
        menu_code=room.menu if own else "",
        here=here,
        lines=[_line(room, each, filings[each["filing"]], own) for each in listed.body[::-1]],
        now=read.body["filed_version"],
    )


def _line(
    room: Room, version: Mapping[str, Any], filing: Mapping[str, Any], own: bool
) -> VersionLine:
    """A first filing changes no version."""
    diff = f"{room.pages}/{filing['id']}/diff?from=approved&to=round:{filing['round']}"
    is_change = own and filing["base_version"] is not None
    return VersionLine(
        version["number"], filing["filing_no"], filing["decided_at"], diff if is_change else ""
    )


async def _one(visit: Visit, room: Room, id: str, number: int) -> Response:
    """On paper."""
    here = f"{room.path}/{id}"
    found, owner = await gather(
        visit.api.get(room.service, f"{here}/versions/{number}"),
        visit.api.get(room.service, here),
    )
    content = found.body["content"]
    view = await forms.view(visit, room.form, content, editable=lambda _: False)
    return await visit.page(
        "shared/print_version.html",
        name=_name(owner.body),
        uscc=owner.body.get("uscc"),
        is_now=number == owner.body["filed_version"],
        number=number,
        view=view,
        here=f"{here}/versions",
    )


def _name(item: Mapping[str, Any]) -> str:
    """Of an enterprise, or of a person as saved."""
    return str(item.get("name") or (item.get("content") or {}).get("name") or "")
