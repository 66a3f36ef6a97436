"""Because the enterprise builds a packet, its people's forms are asked for (decision 20)."""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.published import enterprise
from services.personnel.domain.papers import Papers, Wanted
from services.personnel.domain.place import FilingPlace

SERVICE = "personnel"

asked = Policy("personnel.papers")


@asked.on(enterprise.PacketBuilt)
async def ask_forms(unit: UnitOfWork, fact: enterprise.PacketBuilt, at: StoredEvent) -> None:
    """Only of filings that belong to the enterprise whose packet it is."""
    wanted = []
    for each in fact.filings:
        if each.service == SERVICE and await _belongs(unit, each, at):
            wanted.append(Wanted(filing=each.filing, round=each.round))
    if wanted:
        unit.add(Papers.ask(fact.act, fact.packet, at.owner, tuple(wanted)))


async def _belongs(unit: UnitOfWork, each: enterprise.Enclosed, at: StoredEvent) -> bool:
    place = await unit.find(FilingPlace, each.filing)
    return place is not None and place.owner == at.owner
