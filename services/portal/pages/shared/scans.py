"""Scans as pages: drawn by the service that keeps them, where each read is written down; the portal
hands the bytes out. `viewer` stands beside a form, and is a page of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.render.posted import whole
from services.portal.render.view import FormView
from services.portal.web.api import FOLLOWS, ServiceProblem
from services.portal.web.security import came_from, local_path
from services.portal.web.visit import Signed, Visit

router = APIRouter(prefix="/scans")
KEPT = "private, max-age=3600, immutable"  # by the browser of this session, as the service allows
WIDTH, WIDEST = 960, 1600  # of a page as it is read; as it is drawn at most
ZOOMS = (100, 150, 200, 300)  # percent
TURNS = 4  # quarters
UNSEEN = (403, 404, 422)


@dataclass(frozen=True)
class ScanLink:
    scan: str
    label: str


@dataclass(frozen=True)
class Viewer:
    """One page of one of `scans`, enlarged by `zoom` percent and turned by `turn` quarters. `pages`
    is 0 where it cannot be shown; `form`: the form whose buttons turn the pages, so that nothing
    typed in it is lost, and `action`, where it is sent; or none: links do.
    """

    service: str
    scans: Sequence[ScanLink]
    chosen: ScanLink
    page: int
    pages: int
    sha256: str = ""
    form: str = ""
    action: str = ""
    zoom: int = ZOOMS[0]
    turn: int = 0

    @property
    def picture(self) -> str:
        width = min(WIDTH * self.zoom // 100, WIDEST)
        return f"/scans/{self.service}/{self.chosen.scan}/pages/{self.page}?width={width}"

    @property
    def look(self) -> str:
        """What is looked at, and how."""
        return self.at(self.page)

    def at(self, page: int) -> str:
        """Another page, looked at in the same way."""
        return f"{self.chosen.scan}:{page}:{self.zoom}:{self.turn}"

    def zoomed(self, steps: int) -> str:
        """The same page, larger or smaller."""
        place = min(max(ZOOMS.index(self.zoom) + steps, 0), len(ZOOMS) - 1)
        return f"{self.chosen.scan}:{self.page}:{ZOOMS[place]}:{self.turn}"

    @property
    def turned(self) -> str:
        """The same page, a quarter further round."""
        return f"{self.chosen.scan}:{self.page}:{self.zoom}:{(self.turn + 1) % TURNS}"


async def viewer(
    visit: Visit,
    service: str,
    scans: Sequence[ScanLink],
    look: str,
    form: str = "",
    action: str = "",
) -> Viewer | None:
    """`look`: which and how, as `scan:page:zoom:turn`, of which what follows the scan may be left
    out; the first page of the first scan if it says nothing. None where there are no scans.
    """
    if not scans:
        return None
    id, *rest = look.split(":")
    chosen = next((each for each in scans if each.scan == id), scans[0])
    said = await _pages(visit, service, chosen.scan)
    page, zoom, turn = _numbers(rest)
    return Viewer(
        service,
        scans,
        chosen,
        min(max(page, 1), said["pages"] or 1),
        said["pages"],
        said["sha256"],
        form,
        action,
        zoom if zoom in ZOOMS else ZOOMS[0],
        turn % TURNS,
    )


def _numbers(typed: Sequence[str]) -> tuple[int, int, int]:
    """Page, zoom and turn; what is no number is as it is at first."""
    known = [whole(each) or 0 for each in typed[:3]]
    page, zoom, turn = known + [0] * (3 - len(known))
    return page, zoom, turn


def scans_of(view: FormView) -> Iterator[ScanLink]:
    """The scans of a form, by the names of their slots."""
    for slot in view.slots:
        for number, each in enumerate(slot.scans, start=1):
            label = f"{slot.label} {number}" if len(slot.scans) > 1 else slot.label
            yield ScanLink(str(each["scan"]), label)


async def _pages(visit: Visit, service: str, scan: str) -> dict[str, Any]:
    """How many there are; none of what the visitor may not see."""
    try:
        return dict((await visit.api.get(service, f"/scans/{scan}/pages")).body)
    except ServiceProblem as refused:
        if refused.status not in UNSEEN:
            raise
        return {"pages": 0, "sha256": ""}


@router.get("/{service}/{scan}")
async def scan(visit: Signed, service: str, scan: UUID, page: int = 1, back: str = "") -> Response:
    """查看扫描件: one page, the others by link. `back`: the page from which it was opened, else
    the one that the browser came from.
    """
    _must_keep_scans(service)
    said = (await visit.api.get(service, f"/scans/{scan}/pages")).body
    if not 1 <= page <= said["pages"]:
        raise HTTPException(404)
    shown = ScanLink(str(scan), visit("扫描件"))
    view = Viewer(service, [shown], shown, page, said["pages"], said["sha256"])
    here = f"/scans/{service}/{scan}"
    back = local_path(back or came_from(visit.request))
    return await visit.page("shared/scan.html", viewer=view, said=said, here=here, back=back)


@router.get("/{service}/{scan}/file")
async def file(visit: Signed, service: str, scan: UUID) -> Response:
    """The bytes, to be kept as a file: no browser opens here what somebody sent."""
    _must_keep_scans(service)
    found = await visit.api.raw(service, f"/scans/{scan}")
    headers = {name: found.headers[name] for name in ("Content-Type", "Content-Disposition")}
    return Response(found.content, headers=headers)


@router.get("/{service}/{scan}/pages/{n}")
async def picture(visit: Signed, service: str, scan: UUID, n: int, width: int = WIDTH) -> Response:
    """One page as a picture that its service has drawn."""
    _must_keep_scans(service)
    found = await visit.api.raw(service, f"/scans/{scan}/pages/{n}", width=width)
    headers = {"Cache-Control": KEPT, "Vary": "Cookie"}  # whoever signs in next asks anew
    return Response(found.content, media_type="image/webp", headers=headers)


def _must_keep_scans(service: str) -> None:
    if service not in FOLLOWS:
        raise HTTPException(404)
