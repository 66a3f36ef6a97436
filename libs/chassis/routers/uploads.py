"""Routes of scans: `POST /uploads`, `POST /uploads/{scan}:complete`, `GET /scans/{scan}`."""

import hashlib
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.chassis.http import files
from libs.chassis.http.commands import Commanding, Do
from libs.chassis.http.dependencies import The
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import ANY, OFFICE, OWN, SENT, Grant, Granted, Reach, allow
from libs.chassis.routers.audit import AccessLog
from libs.chassis.scans.kept import Kept, harmless_bytes, keep, remove
from libs.chassis.scans.parser.limits import Fault, Unacceptable
from libs.chassis.scans.scan import UNKNOWN, Mime, Scan, whose
from libs.chassis.scans.tickets import ONCE
from libs.events.aggregate import Aggregate
from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.errors import NotFound
from libs.events.refusal import Finding, Refused, refuse
from libs.events.strict import LINE, Integer

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}

router = APIRouter()


def may_read(operation: str) -> list[Grant]:
    """An operation that shows pages of a scan: to its enterprise always, to officers once it was
    sent, to experts while it lies before them.
    """
    return [
        allow(operation, ("ENT_CLERK", "ENT_LEGAL"), OWN),
        allow(
            operation,
            ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD"),
            OFFICE,
            view=SENT,
        ),
        allow(operation, ("EXPERT",), ANY, view="expert"),
    ]


ENTERPRISE = ("ENT_CLERK", "ENT_LEGAL")
ACCESS: list[Grant] = [
    allow("request_upload", ENTERPRISE, OWN),
    allow("complete_upload", ENTERPRISE, OWN),
    allow("read_scan", ENTERPRISE, OWN),
]


class Upload(BaseModel):
    """What will be uploaded."""

    model_config = ConfigDict(extra="forbid")

    size: Annotated[Integer, Field(ge=1, le=1 << 30, description="Bytes")]
    mime: Mime
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    scan_type: Annotated[
        str, StringConstraints(max_length=20), LINE, Field(examples=["ENT_LICENSE"])
    ]
    subject: Annotated[
        UUID | None,
        Field(description="Whose it is: the enterprise (default), or a person or item of its own"),
    ] = None


class Ticket(BaseModel):
    scan: UUID
    upload_url: str
    headers: dict[str, str]


class ScanView(BaseModel):
    scan: UUID
    scan_type: str
    mime: Mime
    size_bytes: int
    sha256: str = Field(description="Of the file as it was uploaded")
    completed: bool
    stored_sha256: str | None = Field(None, description="Of what was built of it anew and is shown")
    stored_size_bytes: int | None = None


@router.post("/uploads", status_code=201)
async def request_upload(
    body: Upload, command: Commanding, reach: Granted, do: Do, the: The
) -> Ticket:
    """申请上传 · Where to put the bytes once, with these headers; a ticket holds for 15 minutes"""
    enterprise = command.act.by.enterprise
    if enterprise is None:
        raise NotFound
    await reach.to(enterprise)
    refuse(the.service.check_upload(body.scan_type, body.mime, body.size, fault=None))
    scan = await do(_request, command, enterprise, body, the.service.subjects)
    url = the.objects.ticket(str(scan.id), bytes.fromhex(body.sha256), body.size)
    return Ticket(scan=scan.id, upload_url=url, headers={"Content-Type": body.mime, **ONCE})


@router.post("/uploads/{scan}:complete")
async def complete_upload(
    scan: UUID, command: Commanding, reach: Granted, do: Do, the: The
) -> ScanView:
    """上传完成 · Checks what arrived, encrypts it; from now on contents may refer to it"""
    requested = await the.application.read(Scan, scan)
    await reach.to(requested.owner)
    refuse([UNKNOWN] if requested.is_lapsed else [])
    kept = _standing(requested) or await _store(the, requested)
    completed = await do(_complete, command, scan, kept)
    if completed.stored != kept.stored:  # of two who complete at once, one is too late
        await remove(the, kept)
    await the.objects.spend(str(scan))  # last: before the event stood, it was the only copy
    return _view(completed)


@router.get(
    "/scans/{scan}",
    dependencies=[CaughtUp],
    response_class=Response,
    responses=files.described(*ENDINGS),
)
async def read_scan(
    scan: UUID, reach: Granted, reads: AccessLog, the: The, request: Request
) -> Response:
    """下载扫描件 · What it shows, in its format, for its enterprise; the authority sees pages.
    Reading it is written down
    """
    found = await within_reach(the, reach, scan)
    await reads.record(found.owner, scan)
    try:
        data = await harmless_bytes(the, found)
    except Unacceptable as error:
        refuse(findings(the, found, error.fault))
        raise
    return files.sent(request, data, found.mime, f'filename="{scan}.{ENDINGS[found.mime]}"')


async def within_reach(the: The, reach: Reach, scan: UUID) -> Scan:
    """A scan that the caller may see. Raises NotFound for any other, or one that is not there
    yet.
    """
    found = await the.application.read(Scan, scan)
    await reach.to(found.owner)
    if not found.is_ready:
        raise NotFound
    if not await _is_shown(the, reach, scan):
        raise NotFound
    return found


async def _is_shown(the: The, reach: Reach, scan: UUID) -> bool:
    if reach.view == SENT:
        return await the.service.is_sent(the.application, scan)
    if reach.view == "expert":
        return await the.service.is_before_expert(the.application, scan, reach.principal.sub)
    return True


@use_case()
async def _request(
    work: UnitOfWork, enterprise: UUID, body: Upload, kinds: Sequence[type[Aggregate]]
) -> Scan:
    subject = await whose(work, enterprise, body.subject, kinds)
    scan = work.ids.new()
    work.created(f"/scans/{scan}")
    return work.add(
        Scan.request(
            Scan.UploadRequested(
                act=work.act,
                scan=scan,
                enterprise=enterprise,
                subject=subject,
                scan_type=body.scan_type,
                mime=body.mime,
                size_bytes=body.size,
                sha256=body.sha256,
            )
        )
    )


@use_case()
async def _complete(work: UnitOfWork, scan: UUID, kept: Kept) -> Scan:
    found = await work.load(Scan, scan)
    found.complete(work.act, kept.stored, kept.original)
    return found


def _standing(scan: Scan) -> Kept | None:
    return Kept(scan.stored, scan.original) if scan.stored else None


async def _store(the: The, scan: Scan) -> Kept:
    """Encrypts what was built of what arrived, and what arrived. Refuses bytes that are not those
    announced, or that no parser of their format can read.
    """
    try:
        data = await the.objects.arrived(str(scan.id), scan.size_bytes)
    except NotFound as error:
        raise Refused([UNKNOWN]) from error
    try:
        shown = await _built(the, scan, data)
    except Unacceptable as error:
        await the.objects.spend(str(scan.id))
        refuse(findings(the, scan, error.fault))
        raise
    return await keep(the, scan, shown, data)


async def _built(the: The, scan: Scan, data: bytes) -> bytes:
    """What it shows. Raises Unacceptable."""
    if len(data) != scan.size_bytes or hashlib.sha256(data).hexdigest() != scan.sha256:
        raise Unacceptable(Fault.OTHER_BYTES)
    return await the.parser.clean(scan.mime, data)


def findings(the: The, scan: Scan, fault: Fault | None) -> Sequence[Finding]:
    """In the words of E19, what stands against it."""
    return the.service.check_upload(scan.scan_type, scan.mime, scan.size_bytes, fault=fault)


def _view(scan: Scan) -> ScanView:
    return ScanView(
        scan=scan.id,
        scan_type=scan.scan_type,
        mime=scan.mime,
        size_bytes=scan.size_bytes,
        sha256=scan.sha256,
        completed=scan.is_ready,
        stored_sha256=scan.stored.sha256 if scan.stored else None,
        stored_size_bytes=scan.stored.size_bytes if scan.stored else None,
    )
