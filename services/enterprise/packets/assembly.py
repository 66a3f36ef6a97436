"""A packet put together: cover sheet, then a folder for each filing; as a zip to keep, and as a
mail.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from typing import BinaryIO, cast
from zipfile import ZipFile

from libs.chassis.service.resources import Resources
from libs.events.texts import one_line
from libs.events.value import SHANGHAI
from libs.papers.archive import File, Pipe, add
from libs.papers.cover import TITLE, Cover, Enclosure, cover_paper
from libs.papers.filing import title, unit_name
from libs.papers.keeping import SCANS, SUBJECT, open_part, printed
from libs.papers.paper import Paper
from libs.papers.part import Part
from services.enterprise.packets.domain import Enclosed, Packet

COVER = "封面"


@dataclass(frozen=True, repr=False)
class Assembled:
    cover: File  # as PDF where it could be made
    archive: File


class Archive:
    """The packet as a zip, in clear, for whoever takes it piece by piece: one filing at a time is
    in memory. The cover comes last, as it tells of all of them.
    """

    def __init__(self, the: Resources, packet: Packet) -> None:
        self._the, self._packet = the, packet
        self._enclosures: list[Enclosure] = []
        self.cover: File | None = None  # as PDF where it could be made, once all pieces are there

    async def pieces(self) -> AsyncIterator[bytes]:
        """Raises Unavailable, or Lost."""
        pipe = Pipe()
        with ZipFile(cast(BinaryIO, pipe), "w") as archive:
            for number, each in enumerate(self._packet.filings, start=1):
                for file in await self._folder(number, each):
                    await asyncio.to_thread(add, archive, file)
                    yield pipe.taken()
            covers = await asyncio.to_thread(printed, COVER, self._paper())
            for cover in covers:
                add(archive, cover)
            self.cover = covers[-1]
        yield pipe.taken()

    async def _folder(self, number: int, enclosed: Enclosed) -> list[File]:
        """The files of one filing, which the cover will tell of."""
        name, part = folder(number, enclosed), self._packet.parts[enclosed.filing]
        found = await open_part(self._the, part)
        subject = found.pop(SUBJECT).decode()
        self._enclosures.append(_enclosure(enclosed, name, part, subject))
        kinds = {each.name: each.mime for each in part.entries}
        return [File(f"{name}/{inside}", kinds[inside], data) for inside, data in found.items()]

    def _paper(self) -> Paper:
        """The cover, of the filings that went in."""
        packet = self._packet
        unit = unit_name(packet.unit)
        return cover_paper(Cover(packet.name, packet.uscc, unit, packet.built_at, self._enclosures))


async def assemble(the: Resources, packet: Packet) -> Assembled:
    """Everything in clear, for a mail: it is no larger than one may be. Raises Unavailable, or
    Lost.
    """
    archive = Archive(the, packet)
    data = b"".join([piece async for piece in archive.pieces()])
    assert archive.cover
    return Assembled(archive.cover, File(archive_name(packet), "application/zip", data))


def archive_name(packet: Packet) -> str:
    return f"{TITLE}-{packet.filings[0].receipt_no}.zip"


def folder(number: int, enclosed: Enclosed) -> str:
    return f"{number:02}-{title(enclosed.type)}-{enclosed.receipt_no}"


def message(packet: Packet, assembled: Assembled) -> EmailMessage:
    """The mail of the packet's last attempt; the same attempt is always the same mail."""
    attempt = packet.attempts[-1]
    mail = EmailMessage()
    subject = one_line(attempt.subject)  # a header has one line; names in logs may have had several
    mail["To"], mail["Message-ID"] = attempt.to, packet.message_id
    # encoded whole, as it stands: a name may look like an encoded word (RFC 2047) itself
    mail.set_raw("Subject", Header(subject, "utf-8", header_name="Subject").encode())
    mail["Date"] = format_datetime(attempt.asked_at.astimezone(SHANGHAI))
    receipts = "\n".join(
        f"{number:02}　{title(each.type)}　回执号 {each.receipt_no}"
        for number, each in enumerate(packet.filings, start=1)
    )
    mail.set_content(
        f"{packet.name}（统一社会信用代码 {packet.uscc}）"
        f"报送{TITLE}，共 {len(packet.filings)} 件：\n\n{receipts}\n\n"
        "附件为封面和全部资料（压缩包），内有各备案表和扫描件。\n"
    )
    for file in (assembled.cover, assembled.archive):
        main, _, sub = file.mime.partition("/")
        mail.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return mail


def _enclosure(enclosed: Enclosed, name: str, part: Part, subject: str) -> Enclosure:
    scans = sum(each.name.startswith(f"{SCANS}/") for each in part.entries)
    return Enclosure(
        enclosed.type,
        subject,
        enclosed.filing_no,
        enclosed.receipt_no,
        enclosed.round,
        scans,
        name,
        part.missing,
    )
