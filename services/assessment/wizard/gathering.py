"""What the neighbours say now of everything that a record can be made of."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.scoped import beyond_own
from services.assessment.campaigns.domain.campaign import Campaign
from services.assessment.neighbours.enterprises import approved
from services.assessment.neighbours.people import people_of
from services.assessment.neighbours.performance import works_of
from services.assessment.records.domain.record import Record
from services.assessment.wizard.domain.sources import Sources


async def sources_of(work: UnitOfWork, record: Record) -> Sources:
    """Of a record that has been begun."""
    return await sources_for(work, record.campaign, record.enterprise)


async def sources_for(work: UnitOfWork, campaign: UUID, enterprise: UUID) -> Sources:
    """Raises NotFound where there is no such campaign."""
    with beyond_own():  # the province's
        assessed_by = await work.load(Campaign, campaign)
    filed = await approved(work.pool, work.keyring, enterprise)
    return Sources(
        campaign=assessed_by.facts,
        enterprise=filed.fact if filed else None,
        filed_as=filed.frozen if filed else None,
        people=await people_of(work.pool, work.keyring, enterprise),
        works=await works_of(work.pool, enterprise),
    )
