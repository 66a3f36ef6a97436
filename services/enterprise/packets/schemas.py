"""What is sent and answered about packets: address, subject, parts, the authority's notice,
and what came of mailing.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.chassis.http.checks import AllowedAction, allowed_actions
from libs.chassis.ports.ports import Catalogue
from libs.events.value import Value
from libs.filing import reference
from libs.filing.filing import Type
from libs.filing.lists import ReportingUnit
from libs.papers.part import Entry
from services.enterprise.packets.assembly import COVER, folder
from services.enterprise.packets.domain import Attempt, Packet, State
from services.enterprise.packets.supervising import addressee


class NewPacket(Value):
    """生成备案审核资料: filings of the enterprise and of its people."""

    filings: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


HINT = "H3"


class EnclosedView(BaseModel):
    filing: UUID
    service: str
    type: Type
    filing_no: str
    receipt_no: str
    round: int
    state: str = Field(examples=["READY"], description="PREPARING, READY, or FAILED")


class PartView(BaseModel):
    """A file of the packet. The cover is made when the packet is put together."""

    name: str = Field(examples=["01-企业信息备案-410100-20240902-7K3M9QXZ/备案表.html"])
    mime: str
    size_bytes: int | None = None
    sha256: str | None = None
    filing: UUID | None = None


class UnitView(BaseModel):
    code: str
    zh: str
    en: str


class NoticeView(BaseModel):
    """The authority's notice, to be shown beside the button."""

    site: str
    title: str
    url: str
    hint: str


class AttemptView(BaseModel):
    to: str
    subject: str
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    outcome: State
    reason: str | None = Field(examples=["UNREACHABLE"])


class PacketView(BaseModel):
    id: UUID
    enterprise: UUID
    version: int
    state: State
    built_at: datetime
    unit: UnitView
    to: str | None
    subject: str
    notice: NoticeView | None
    filings: list[EnclosedView]
    parts: list[PartView]
    missing: list[str] = Field(description="Scans that storage no longer has")
    size_bytes: int = Field(description="About what the mail would come to")
    message_id: str | None
    sent_at: datetime | None
    attempts: list[AttemptView]
    allowed_actions: list[AllowedAction]


class PacketLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    enterprise: UUID
    unit: str
    filings: int
    built_at: datetime
    mail: State | None
    sent_at: datetime | None


def packet_view(packet: Packet, unit: ReportingUnit, words: Catalogue) -> PacketView:
    to, last = addressee(unit), packet.attempts[-1] if packet.attempts else None
    sent = last if last and packet.state is State.MAILED else None
    return PacketView(
        id=packet.id,
        enterprise=packet.owner,
        version=packet.version,
        state=packet.state,
        built_at=packet.built_at,
        unit=UnitView(code=unit.code, zh=unit.zh, en=unit.en),
        to=sent.to if sent else to.mailbox,
        subject=sent.subject if sent else packet.subject_for(to),
        notice=_notice(unit),
        filings=_filings(packet),
        parts=_parts(packet),
        missing=[name for part in packet.parts.values() for name in part.missing],
        size_bytes=packet.mail_bytes,
        message_id=packet.message_id or None,
        sent_at=sent.ended_at if sent else None,
        attempts=_attempts(packet),
        allowed_actions=allowed_actions(packet.actions(to), words),
    )


def _notice(unit: ReportingUnit) -> NoticeView | None:
    notice = unit.packet
    if notice is None or not notice.notice_title:
        return None
    return NoticeView(
        site=notice.notice_site,
        title=notice.notice_title,
        url=notice.notice_url,
        hint=reference.hints()[HINT].text(notice),
    )


def _filings(packet: Packet) -> list[EnclosedView]:
    states = dict.fromkeys(packet.waiting, "PREPARING") | dict.fromkeys(packet.missed, "FAILED")
    return [
        EnclosedView(**each.model_dump(exclude={"subject"}), state=states.get(each.filing, "READY"))
        for each in packet.filings
    ]


def _parts(packet: Packet) -> list[PartView]:
    cover = PartView(name=f"{COVER}.html", mime="text/html")
    folders = [
        (each.filing, folder(number, each))
        for number, each in enumerate(packet.filings, start=1)
        if each.filing in packet.parts
    ]
    return [
        cover,
        *(
            _part(filing, name, entry)
            for filing, name in folders
            for entry in packet.parts[filing].entries
        ),
    ]


def _part(filing: UUID, name: str, entry: Entry) -> PartView:
    return PartView(
        name=f"{name}/{entry.name}",
        mime=entry.mime,
        size_bytes=entry.size_bytes,
        sha256=entry.sha256,
        filing=filing,
    )


def _attempts(packet: Packet) -> list[AttemptView]:
    return [_attempt(each) for each in packet.attempts]


def _attempt(each: Attempt) -> AttemptView:
    outcome = (
        State.MAILING
        if each.ended_at is None
        else State.MAIL_FAILED
        if each.reason
        else State.MAILED
    )
    return AttemptView(
        to=each.to,
        subject=each.subject,
        asked_at=each.asked_at,
        asked_by=each.asked_by,
        ended_at=each.ended_at,
        outcome=outcome,
        reason=each.reason,
    )
