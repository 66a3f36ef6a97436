"""A packet put together: cover sheet, then a folder for each filing; as a zip to keep, and as a
mail.
"""

import asyncio
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from libs.chassis.service.resources import Resources
from libs.events.texts import one_line
from libs.events.value import SHANGHAI
from libs.papers.archive import File, pack
from libs.papers.cover import TITLE, Cover, Enclosure, cover_paper
from libs.papers.filing import title, unit_name
from libs.papers.keeping import SCANS, SUBJECT, open_part, printed
from libs.papers.part import Part
from services.enterprise.packets.domain import Enclosed, Packet

COVER = "封面"


@dataclass(frozen=True, repr=False)
class Assembled:
    cover: File  # as PDF where it could be made
    archive: File


async def assemble(the: Resources, packet: Packet) -> Assembled:
    """Everything in clear. Raises Unavailable, or Lost."""
    folders = [
        (each, folder(number, each), packet.parts[each.filing])
        for number, each in enumerate(packet.filings, start=1)
    ]
    files: list[File] = []
    enclosures: list[Enclosure] = []
    for enclosed, name, part in folders:
        found = await open_part(the, part)
        enclosures.append(_enclosure(enclosed, name, part, found.pop(SUBJECT).decode()))
        kinds = {each.name: each.mime for each in part.entries}
        files += [File(f"{name}/{inside}", kinds[inside], data) for inside, data in found.items()]
    paper = cover_paper(
        Cover(packet.name, packet.uscc, unit_name(packet.unit), packet.built_at, enclosures)
    )
    covers = await asyncio.to_thread(printed, COVER, paper)
    data = await asyncio.to_thread(pack, [*covers, *files])
    return Assembled(covers[-1], File(archive_name(packet), "application/zip", data))


def archive_name(packet: Packet) -> str:
    return f"{TITLE}-{packet.filings[0].receipt_no}.zip"


def folder(number: int, enclosed: Enclosed) -> str:
    return f"{number:02}-{title(enclosed.type)}-{enclosed.receipt_no}"


def message(packet: Packet, assembled: Assembled) -> EmailMessage:
    """The mail of the packet's last attempt; the same attempt is always the same mail."""
    attempt = packet.attempts[-1]
    mail = EmailMessage()
    subject = one_line(attempt.subject)  # a header has one line; names in logs may have had several
    mail["To"], mail["Subject"], mail["Message-ID"] = attempt.to, subject, packet.message_id
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
