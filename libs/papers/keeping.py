"""Parts of a packet, made and opened: the owner of a filing renders it and puts it away encrypted,
whoever holds the reference opens it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from uuid import UUID
from zipfile import ZipFile

import structlog
from cryptography.exceptions import InvalidTag

from libs.chassis.scans.kept import harmless_bytes
from libs.chassis.scans.parser.limits import Unacceptable
from libs.chassis.scans.scan import Scan
from libs.chassis.service.resources import Resources
from libs.events.errors import Lost, NotFound, Unavailable
from libs.events.pools import CONNECTION_ERRORS
from libs.filing.content.scan import ScanRef
from libs.filing.rules.upload import FORMATS
from libs.papers.archive import File, add, safe, unpack
from libs.papers.filing import scan_label
from libs.papers.html import html
from libs.papers.paper import Paper
from libs.papers.part import Entry, Part
from libs.papers.pdf import pdf
from libs.papers.sealed import SealedWriter, opened

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
    """The form with its scans as one zip under the subject's key. One scan at a time is in memory,
    and nothing in clear on a disk. Raises Unavailable.
    """
    forms = await asyncio.to_thread(printed, FORM, paper)
    sealer = (await the.keyring.sealers([subject]))[subject]
    name, missing = str(the.ids.new()), list[str]()
    with TemporaryFile() as file:
        sealed = SealedWriter(sealer, name, file)
        with ZipFile(cast(BinaryIO, sealed), "w") as archive:
            add(archive, File(SUBJECT, "text/plain", named.encode()))
            entries = [await asyncio.to_thread(_added, archive, each) for each in forms]
            async for label, scan in _files(the, scans):
                if scan:
                    entries.append(await asyncio.to_thread(_added, archive, scan))
                else:
                    missing.append(label)
        sealed.finish()
        size = file.tell()
        file.seek(0)
        version = await the.objects.put_file(name, file, size)
    return Part(
        bucket=the.settings.s3.bucket,
        object=name,
        object_version=version,
        subject=subject,
        key_number=sealer.number,
        sha256=sealed.sha256,
        size_bytes=sealed.size_bytes,
        entries=tuple(entries),
        missing=tuple(missing),
    )


async def _files(
    the: Resources, scans: Sequence[ScanRef]
) -> AsyncIterator[tuple[str, File | None]]:
    """One after the other, under its label; None where storage has it no more."""
    for number, each in enumerate(scans, start=1):
        label = f"{SCANS}/{number:02}-{safe(scan_label(each))}"
        data, mime = await _scan(the, each.scan), each.mime or ""
        yield label, None if data is None else File(f"{label}.{FORMATS[mime]}", mime, data)


def _added(archive: ZipFile, file: File) -> Entry:
    add(archive, file)
    return entry(file)


async def open_part(the: Resources, part: Part) -> dict[str, bytes]:
    """The files by name, in order. Raises Unavailable, or Lost."""
    sealed = await the.objects.get(part.object, part.object_version, part.bucket)
    opener = await the.keyring.opener([(part.subject, part.key_number)])
    try:
        data = opened(opener, part.subject, part.key_number, part.object, sealed)
    except (InvalidTag, ValueError) as error:  # other bytes than were put there
        raise Lost(part.object) from error
    return await asyncio.to_thread(unpack, data)


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
