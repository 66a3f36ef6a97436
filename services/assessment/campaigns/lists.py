"""The list of campaigns, and that of the enterprises which were absent from each that is closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.assessment.campaigns.domain.campaign import Campaign, Phase


@dataclass(frozen=True)
class Summary:
    """A campaign without its absent enterprises, who may be thousands."""

    id: UUID
    year: int
    title: str
    phase: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class CampaignRow(Summary):
    absent: list[UUID]  # as the closing says it; nobody reads it but code before `absences`


campaigns = ReadModel("campaigns", CampaignRow)


@dataclass(frozen=True)
class AbsenceRow:
    """缺报: an enterprise that was due and had sent nothing when the campaign closed."""

    campaign: UUID
    enterprise: UUID


absences = ReadModel("absences", AbsenceRow, key=("campaign", "enterprise"))


@campaigns.on(Campaign.CampaignPlanned)
def _planned(e: Campaign.CampaignPlanned, at: StoredEvent) -> Iterator[Change]:
    first, last = e.settings.submission_window
    yield campaigns.put(
        CampaignRow(
            id=at.stream,
            year=e.settings.year,
            title=e.settings.title,
            phase=Phase.PLANNED,
            first_day=first,
            last_day=last,
            absent=[],
        )
    )


@campaigns.on(Campaign.CampaignChanged)
def _changed(e: Campaign.CampaignChanged, at: StoredEvent) -> Iterator[Change]:
    first, last = e.settings.submission_window
    yield campaigns.change(
        id=at.stream,
        year=e.settings.year,
        title=e.settings.title,
        first_day=first,
        last_day=last,
    )


@campaigns.on(Campaign.CampaignOpened)
def _opened(e: Campaign.CampaignOpened, at: StoredEvent) -> Iterator[Change]:
    yield campaigns.change(id=at.stream, phase=Phase.OPEN)


@campaigns.on(Campaign.CampaignClosed)
def _closed(e: Campaign.CampaignClosed, at: StoredEvent) -> Iterator[Change]:
    absent = [str(each) for each in e.absent]
    yield campaigns.change(id=at.stream, phase=Phase.CLOSED, absent=absent)


@absences.on(Campaign.AbsentListed, Campaign.CampaignClosed)
def _absent(
    e: Campaign.AbsentListed | Campaign.CampaignClosed, at: StoredEvent
) -> Iterator[Change]:
    for enterprise in e.absent:
        yield absences.put(AbsenceRow(campaign=at.stream, enterprise=enterprise))


BY_YEAR = """
SELECT id, year, title, phase, first_day, last_day FROM campaigns
WHERE ($1::int IS NULL OR year = $1)
  AND ($2::text IS NULL OR phase = $2)
  AND ($3::int IS NULL OR (year, id) > ($3, $4::uuid))
  AND NOT ($5 AND phase = 'PLANNED')
ORDER BY year, id LIMIT $6
"""


async def by_year(
    pool: Pool,
    year: int | None,
    phase: str | None,
    after: tuple[int | None, UUID | None],
    limit: int,
    *,
    only_opened: bool = False,
) -> list[Summary]:
    """By year; `after`: year and id of the last one seen."""
    return await select(pool, Summary, BY_YEAR, year, phase, *after, only_opened, limit)
