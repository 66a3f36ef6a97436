"""Commands of campaigns 考核批次: planned, changed, opened, closed."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import changes, use_case
from services.assessment.campaigns import roster
from services.assessment.campaigns.domain.campaign import Campaign, Settings
from services.assessment.campaigns.domain.register import Register


@use_case()
async def plan(work: UnitOfWork, settings: Settings) -> Campaign:
    """Its settings are in its own stream, its place among all of them in the register."""
    campaign = work.add(Campaign.plan(work.act, work.ids.new(), settings))
    register = await work.find(Register, Register.create_id())
    register = register or work.add(Register.begin_empty(work.act))
    register.list_campaign(work.act, campaign.id, settings.year)
    work.created(f"/campaigns/{campaign.id}")
    return campaign


change = changes(Campaign, Campaign.change, action=None)
open_for_records = changes(Campaign, Campaign.open, action=None)


@use_case()
async def close(work: UnitOfWork, id: UUID) -> Campaign:
    """填报截止: with the list of the absent as the lists say it now."""
    campaign = await work.target(Campaign, id)
    campaign.close(work.act, await roster.absent(work.pool, id))
    return campaign
