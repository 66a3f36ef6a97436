"""The records of one enterprise, over all campaigns."""

from collections.abc import Iterable
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.filing.facts.record import EarlierResult
from services.assessment.campaigns.domain.register import Register
from services.assessment.records.domain.record import Record


async def records_of(work: UnitOfWork, enterprise: UUID) -> list[Record]:
    """In the order in which their campaigns were planned."""
    return await _begun(work, enterprise, await _years(work))


async def earlier_results(work: UnitOfWork, record: Record) -> list[EarlierResult]:
    """Of the same enterprise, in campaigns of earlier years."""
    years = await _years(work)
    before = years.get(record.campaign, 0)
    earlier = [campaign for campaign, year in years.items() if year < before]
    return [
        EarlierResult(year=years[each.campaign], result=each.result)
        for each in await _begun(work, record.enterprise, earlier)
        if each.result
    ]


async def _begun(work: UnitOfWork, enterprise: UUID, campaigns: Iterable[UUID]) -> list[Record]:
    records = [await work.find(Record, Record.create_id(id, enterprise)) for id in campaigns]
    return [each for each in records if each]


async def _years(work: UnitOfWork) -> dict[UUID, int]:
    """The year of each campaign that was planned."""
    register = await work.find(Register, Register.create_id())
    return register.campaigns if register else {}
