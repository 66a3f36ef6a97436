"""已备案版本 of an enterprise and of its people: each on paper, and what differs between
any two.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.portal.pages.shared import forms
from services.portal.pages.shared.diffs import compared
from services.portal.render.diffs import DiffView
from services.portal.web.visit import Signed, Visit

router = APIRouter()
Version = Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """Where versions are kept: `path` at the service and in the portal, `filings` at the service,
    below an item or not.
    """

    service: str
    form: str
    path: str
    filings: str
    menu: str


@dataclass(frozen=True)
class VersionLine:
    """`before`: the version that it took the place of; None for the first."""

    number: int
    filing_no: str
    decided_at: str | None

    @property
    def before(self) -> int | None:
        return self.number - 1 or None


FIRMS = Room("enterprise", "enterprise", "/enterprises", "/enterprises/{id}/filings", "M3")
PEOPLE = Room("personnel", "person", "/people", "/filings", "M4")
Earlier = Annotated[int, Query(alias="from", ge=0, le=10_000)]
Later = Annotated[int, Query(alias="to", ge=0, le=10_000)]


@router.get("/enterprises/{id:uuid}/versions")
async def of_enterprise(visit: Signed, id: UUID, first: Earlier = 0, last: Later = 0) -> Response:
    """Of an enterprise, newest first; what differs between two of them."""
    return await _list(visit, FIRMS, str(id), first, last)


@router.get("/people/{id:uuid}/versions")
async def of_person(visit: Signed, id: UUID, first: Earlier = 0, last: Later = 0) -> Response:
    """Of one of its people."""
    return await _list(visit, PEOPLE, str(id), first, last)


@router.get("/enterprises/{id:uuid}/versions/{number}")
async def one_of_enterprise(visit: Signed, id: UUID, number: int) -> Response:
    """One approved version."""
    return await _one(visit, FIRMS, str(id), number)


@router.get("/people/{id:uuid}/versions/{number}")
async def one_of_person(visit: Signed, id: UUID, number: int) -> Response:
    """One approved version of a person."""
    return await _one(visit, PEOPLE, str(id), number)


async def _list(visit: Visit, room: Room, id: str, first: int, last: int) -> Response:
    """Newest first; officers read them too."""
    here = f"{room.path}/{id}"
    listed, read = await gather(
        visit.api.get(room.service, f"{here}/versions"), visit.api.get(room.service, here)
    )
    filings = {each["id"]: each for each in read.body["filings"]}
    return await visit.page(
        "shared/versions.html",
        name=_name(read.body),
        menu_code=_menu(visit, room),
        here=here,
        lines=[_line(each, filings[each["filing"]]) for each in listed.body[::-1]],
        now=read.body["filed_version"],
        two=(first, last),
        diff=await _difference(visit, room, id, listed.body, first, last),
    )


def _menu(visit: Visit, room: Room) -> str:
    """The manual's page from which an enterprise came; officers have another menu."""
    return room.menu if visit.user and visit.user.face == "enterprise" else ""


def _line(version: Version, filing: Mapping[str, Any]) -> VersionLine:
    return VersionLine(version["number"], filing["filing_no"], filing["decided_at"])


async def _difference(
    visit: Visit, room: Room, id: str, versions: Sequence[Version], first: int, last: int
) -> DiffView | None:
    """Asked of the filing that made the later one; None where two were not chosen."""
    filings = {each["number"]: each["filing"] for each in versions}
    if first == last or not filings.keys() >= {first, last}:
        return None
    path = f"{room.filings.format(id=id)}/{filings[last]}"
    words = visit("第 %(number)s 版")
    states = {f"version:{n}": words % {"number": n} for n in (first, last)}
    earlier, later = states
    return await compared(
        visit,
        room.service,
        path,
        room.form,
        states,
        (earlier, later),
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
        menu_code=_menu(visit, room),
        view=view,
        here=f"{here}/versions",
    )


def _name(item: Mapping[str, Any]) -> str:
    """Of an enterprise, or of a person as saved."""
    return str(item.get("name") or (item.get("content") or {}).get("name") or "")
