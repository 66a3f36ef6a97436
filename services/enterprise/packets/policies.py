"""Because of what personnel rendered, packets become complete."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.papers.part import Part
from libs.published import personnel
from services.enterprise.packets.domain import Packet

papers = Policy("enterprise.papers")


@papers.on(personnel.FormRendered)
async def take_form(work: UnitOfWork, fact: personnel.FormRendered, at: StoredEvent) -> None:
    packet = await work.find(Packet, fact.packet)
    if packet and packet.owner == at.owner:
        packet.take(fact.act, fact.filing, Part.model_validate(fact.part, extra="ignore"))


@papers.on(personnel.FormNotRendered)
async def miss_form(work: UnitOfWork, fact: personnel.FormNotRendered, at: StoredEvent) -> None:
    packet = await work.find(Packet, fact.packet)
    if packet and packet.owner == at.owner:
        packet.miss(fact.act, fact.filing, fact.reason)
