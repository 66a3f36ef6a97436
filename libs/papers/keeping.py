"""Parts of a packet, made and opened: the owner of a filing renders it and puts it away encrypted,
whoever holds the reference opens it.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from uuid import UUID

import structlog

from libs.chassis.scans.kept import harmless_bytes
from libs.chassis.scans.objects import Lost
from libs.chassis.scans.parser.limits import Unacceptable
from libs.chassis.scans.scan import Scan
from libs.chassis.service.resources import Resources
from libs.events.errors import NotFound, Unavailable
from libs.events.pools import CONNECTION_ERRORS
from libs.filing.content.scan import ScanRef
from libs.filing.rules.upload import FORMATS
from libs.papers.archive import File, pack, safe, unpack
from libs.papers.filing import scan_label
from libs.papers.html import html
from libs.papers.paper import Paper
from libs.papers.part import Entry, Part
from libs.papers.pdf import pdf

SUBJECT = "subject.txt"  # in the zip only: whom the filing is about, for the cover
FORM, SCANS = "备案表", "扫描件"
log = structlog.get_logger()


async def attempt(making: Awaitable[Part]) -> Part | str:
    """The part, or by what kind of error it cannot be made: one form's fault stops no other.
    Raises Unavailable.
    """
    try:
        return await making
    except (Unavailable, *CONNECTION_ERRORS):
        raise
    except Exception as error:
        log.error("a form cannot be rendered", exc_info=error)
        return type(error).__name__


async def make_part(
    the: Resources, subject: UUID, named: str, paper: Paper, scans: Sequence[ScanRef]
) -> Part:
    """The form with its scans as one zip under the subject's key. Raises Unavailable."""
    found = [
        (f"{SCANS}/{number:02}-{safe(scan_label(each))}", each, await _scan(the, each.scan))
        for number, each in enumerate(scans, start=1)
    ]
    files = await asyncio.to_thread(printed, FORM, paper)
    files += [
        File(f"{name}.{FORMATS[each.mime or '']}", each.mime or "", data)
        for name, each, data in found
        if data is not None
    ]
    data = await asyncio.to_thread(pack, [File(SUBJECT, "text/plain", named.encode()), *files])
    sealer = (await the.keyring.sealers([subject]))[subject]
    name = str(the.ids.new())
    version = await the.objects.put(name, sealer.encrypt(name, data))
    return Part(
        bucket=the.settings.s3.bucket,
        object=name,
        object_version=version,
        subject=subject,
        key_number=sealer.number,
        sha256=File(name, "", data).sha256,
        size_bytes=len(data),
        entries=tuple(entry(each) for each in files),
        missing=tuple(name for name, _, data in found if data is None),
    )


async def open_part(the: Resources, part: Part) -> dict[str, bytes]:
    """The files by name, in order. Raises Unavailable, or Lost."""
    sealed = await the.objects.get(part.object, part.object_version, part.bucket)
    opener = await the.keyring.opener([(part.subject, part.key_number)])
    return await asyncio.to_thread(
        unpack, opener.decrypt(part.subject, part.key_number, part.object, sealed)
    )


def printed(name: str, paper: Paper) -> list[File]:
    """As HTML, and as PDF where it can be made."""
    made = pdf(paper)
    return [
        File(f"{name}.html", "text/html", html(paper)),
        *([File(f"{name}.pdf", "application/pdf", made)] if made else []),
    ]


def entry(file: File) -> Entry:
    return Entry(name=file.name, mime=file.mime, size_bytes=len(file.data), sha256=file.sha256)


async def _scan(the: Resources, id: UUID) -> bytes | None:
    """What it shows; None where storage has it no more, or nobody can read it."""
    try:
        scan = await the.application.read(Scan, id)
        return await harmless_bytes(the, scan) if scan.is_ready else None
    except (NotFound, Lost, Unacceptable):
        return None
