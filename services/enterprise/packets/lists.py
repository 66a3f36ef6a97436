"""The list of an enterprise's packets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import Found, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from services.enterprise.packets.domain import Packet, State


@dataclass(frozen=True)
class PacketRow:
    id: UUID
    enterprise: UUID
    unit: str
    filings: int
    built_at: datetime
    mail: str | None = None  # of the last attempt: MAILING, MAILED, MAIL_FAILED
    sent_at: datetime | None = None


NEWEST_FIRST = Walk("packets", ("id",), by=(("enterprise",),), newest_first=True)
packets = ReadModel("packets", PacketRow, walks=[NEWEST_FIRST])


@packets.on(Packet.PacketBuilt)
def _built(e: Packet.PacketBuilt, at: StoredEvent) -> Iterator[Change]:
    yield packets.put(
        PacketRow(
            id=at.stream,
            enterprise=at.owner,
            unit=e.unit,
            filings=len(e.filings),
            built_at=e.act.at,
        )
    )


@packets.on(Packet.MailAsked)
def _mail_asked(e: Packet.MailAsked, at: StoredEvent) -> Iterator[Change]:
    yield packets.change(id=at.stream, mail=State.MAILING)


@packets.on(Packet.MailSent)
def _mail_sent(e: Packet.MailSent, at: StoredEvent) -> Iterator[Change]:
    yield packets.change(id=at.stream, mail=State.MAILED, sent_at=e.act.at)


@packets.on(Packet.MailFailed)
def _mail_failed(e: Packet.MailFailed, at: StoredEvent) -> Iterator[Change]:
    yield packets.change(id=at.stream, mail=State.MAIL_FAILED)


async def of_enterprise(
    pool: Pool, enterprise: UUID, before: tuple[Any, ...] | None, limit: int
) -> Found[PacketRow]:
    """Newest first; `before`: the last one seen."""
    wanted = [("enterprise", enterprise)]
    return await select_page(pool, PacketRow, NEWEST_FIRST, wanted, before, limit)
