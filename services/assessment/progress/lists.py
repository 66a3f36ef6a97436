"""What a campaign had come to on a day: read from totals alone, of which there are as many as
cities and states.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select, select_one
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.calendar import local_day
from services.assessment.campaigns.domain.campaign import Campaign
from services.assessment.progress.due import DueRow
from services.assessment.progress.totals import ShortageRow, StateRow


@dataclass(frozen=True)
class SpanRow:
    """From which day on there is anything to tell of a campaign, and when it was closed."""

    campaign: UUID
    begins_on: date
    closed_on: date | None = None


spans = ReadModel("campaign_spans", SpanRow, key=("campaign",))


@spans.on(Campaign.CampaignPlanned)
def _planned(e: Campaign.CampaignPlanned, at: StoredEvent) -> Iterator[Change]:
    yield spans.put(SpanRow(at.stream, local_day(at.recorded_at)))


@spans.on(Campaign.CampaignClosed)
def _closed(e: Campaign.CampaignClosed, at: StoredEvent) -> Iterator[Change]:
    yield spans.change(campaign=at.stream, closed_on=local_day(at.recorded_at))


# each total as the last day ended, up to that day, on which it moved
AS_OF = """
SELECT d.* FROM {totals} t CROSS JOIN LATERAL (
    SELECT * FROM {days} d WHERE {same} AND d.day <= $1 ORDER BY d.day DESC LIMIT 1
) d
WHERE ($2::text IS NULL OR t.city = $2)
"""
OF_CAMPAIGN = "AND t.campaign = $3"


def _as_of(totals: str, days: str, *key: str) -> str:
    same = " AND ".join(f"d.{column} = t.{column}" for column in key)
    return AS_OF.format(totals=totals, days=days, same=same)


STATES = _as_of("state_totals", "state_days", "campaign", "city", "status") + OF_CAMPAIGN
SHORTAGES = _as_of("shortage_totals", "shortage_days", "campaign", "city", "place") + OF_CAMPAIGN
DUE = _as_of("due_totals", "due_days", "city")


@dataclass(frozen=True)
class Totals:
    """As a day ended. After the closing, whoever was due then stays due."""

    begins_on: date | None
    due: Sequence[DueRow]
    states: Sequence[StateRow]
    shortages: Sequence[ShortageRow]


async def as_of(pool: Pool, campaign: UUID, scope: Scope, day: date) -> Totals:
    """Within reach: of all cities or of one. Before the campaign was planned there is nothing."""
    span = await select_one(
        pool, SpanRow, "SELECT * FROM campaign_spans WHERE campaign = $1", campaign
    )
    if span is None or day < span.begins_on:
        return Totals(span.begins_on if span else None, (), (), ())
    [city] = [value for _, value in scope.equal(city="city")] or [None]
    last_due = min(day, span.closed_on or day)
    return Totals(
        begins_on=span.begins_on,
        due=await select(pool, DueRow, DUE, last_due, city),
        states=await select(pool, StateRow, STATES, day, city, campaign),
        shortages=await select(pool, ShortageRow, SHORTAGES, day, city, campaign),
    )
