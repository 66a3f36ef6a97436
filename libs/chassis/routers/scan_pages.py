"""Routes of a scan's pages: `GET /scans/{scan}/pages`, `GET /scans/{scan}/pages/{n}`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from libs.chassis.http import files
from libs.chassis.http.dependencies import The
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Grant, Granted
from libs.chassis.routers import uploads
from libs.chassis.routers.audit import AccessLog
from libs.chassis.scans.kept import stored_bytes
from libs.chassis.scans.parser.limits import Unacceptable
from libs.chassis.scans.scan import Mime
from libs.events.refusal import refuse
from libs.events.strict import IN_URL

NARROWEST, WIDEST, STEP = 320, 1600, 160  # pixels; between them a width is rounded up to steps
KEPT = "private, max-age=3600, immutable"  # by the reader's own browser: a scan never changes

router = APIRouter()
ACCESS: list[Grant] = [
    *uploads.may_read("read_scan_pages"),
    *uploads.may_read("read_scan_page"),
]
Number = Annotated[int, IN_URL, Path(description="Counted from 1", examples=[1])]
Width = Annotated[
    int,
    Query(ge=NARROWEST, le=WIDEST, description="Pixels; rounded up to steps of 160"),
    IN_URL,
]


class ScanPages(BaseModel):
    """`sha256` and `size` are of the file as it was uploaded; `may_download`: whether the caller
    is given what it shows as a file.
    """

    pages: int
    mime: Mime
    sha256: str
    size: int
    may_download: bool = False


@router.get("/scans/{scan}/pages", dependencies=[CaughtUp])
async def read_scan_pages(scan: UUID, reach: Granted, the: The) -> ScanPages:
    """扫描件页数 · How many pages a scan has; none of them is shown"""
    found = await uploads.within_reach(the, reach, scan)
    try:
        pages = await the.parser.count(found.mime, await stored_bytes(the, found))
    except Unacceptable as error:
        refuse(uploads.findings(the, found, error.fault))
        raise
    return ScanPages(
        pages=pages,
        mime=found.mime,
        sha256=found.sha256,
        size=found.size_bytes,
        may_download=reach.role in uploads.ENTERPRISE,
    )


@router.get(
    "/scans/{scan}/pages/{n}",
    dependencies=[CaughtUp],
    response_class=Response,
    responses=files.described("image/webp"),
)
async def read_scan_page(
    scan: UUID,
    n: Number,
    reach: Granted,
    reads: AccessLog,
    the: The,
    request: Request,
    width: Width = 960,
) -> Response:
    """查看扫描件的一页 · One page as WebP. Reading it is written down"""
    found = await uploads.within_reach(the, reach, scan)
    width = -(-width // STEP) * STEP
    data = await stored_bytes(the, found)
    try:
        picture = await the.parser.picture(found.mime, data, n, width)
    except Unacceptable as error:
        refuse(uploads.findings(the, found, error.fault))
        raise
    await reads.record(found.owner, scan)
    answer = files.sent(request, picture, "image/webp", f'filename="{scan}-{n}.webp"')
    answer.headers["Cache-Control"] = KEPT
    return answer
