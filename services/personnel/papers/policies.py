"""Because the enterprise builds a packet, forms of its people's filings are asked for."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.published import enterprise
from services.personnel.papers.domain import Papers, Wanted
from services.personnel.people.domain.place import FilingPlace

SERVICE = "personnel"

packets = Policy("personnel.papers")


@packets.on(enterprise.PacketBuilt)
async def ask_forms(work: UnitOfWork, fact: enterprise.PacketBuilt, at: StoredEvent) -> None:
    """Only of filings that belong to the enterprise whose packet it is."""
    wanted = []
    for each in fact.filings:
        if each.service == SERVICE and await _belongs(work, each, at):
            wanted.append(Wanted(filing=each.filing, round=each.round))
    if wanted:
        work.add(Papers.ask(fact.act, fact.packet, at.owner, tuple(wanted)))


async def _belongs(work: UnitOfWork, each: enterprise.Enclosed, at: StoredEvent) -> bool:
    place = await work.find(FilingPlace, each.filing)
    return place is not None and place.owner == at.owner
