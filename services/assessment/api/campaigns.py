"""Routes of campaigns."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from libs.chassis.commands import Changing, Commanding, Reply
from libs.chassis.dependencies import Store, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.filing.content.types import Year
from services.assessment import bodies, queries
from services.assessment.application import AssessmentApplication
from services.assessment.domain.campaign import Campaign, Phase
from services.assessment.views import (
    CampaignLine,
    CampaignView,
    RosterLine,
    campaign_line,
    campaign_view,
)

router = APIRouter(prefix="/campaigns")
App = Annotated[AssessmentApplication, Depends(application)]


@router.post("", status_code=201)
async def plan_campaign(
    body: bodies.CampaignSettings, command: Commanding, reply: Reply, app: App
) -> CampaignView:
    """考核批次 · Plan a campaign; what is not given is taken from the policy"""
    outcome = await app.plan(command, body.settings)
    reply.done(outcome)
    return campaign_view(await app.read(Campaign, outcome.stream, outcome.version))


@router.get("", dependencies=[CaughtUp])
async def list_campaigns(
    page: Page, store: Store, year: Year | None = None, status: Phase | None = None
) -> Listed[CampaignLine]:
    """考核批次列表 · Campaigns by year"""
    after = page.after(int, UUID)
    rows = await queries.campaigns(
        store, year, status, (after[0], after[1]) if after else None, page.fetch
    )
    return page.of(rows, key=lambda row: (str(row["year"]), str(row["id"])), show=campaign_line)


@router.get("/{id}")
async def read_campaign(id: UUID, reply: Reply, app: App) -> CampaignView:
    """考核批次 · One campaign with its settings"""
    campaign = await app.read(Campaign, id)
    reply.item(campaign.version)
    return campaign_view(campaign)


@router.get("/{id}/history")
async def read_campaign_history(id: UUID, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    return steps(await app.history(id))


@router.put("/{id}")
async def change_campaign(
    id: UUID, body: bodies.CampaignSettings, command: Changing, reply: Reply, app: App
) -> CampaignView:
    """保存 · Change the settings, as long as it has not opened"""
    outcome = await app.change(command, id, body.settings)
    reply.done(outcome)
    return campaign_view(await app.read(Campaign, id, outcome.version))


@router.post("/{id}:open")
async def open_campaign(id: UUID, command: Changing, reply: Reply, app: App) -> CampaignView:
    """开始填报 · Records may be generated and sent within the window"""
    outcome = await app.open(command, id)
    reply.done(outcome)
    return campaign_view(await app.read(Campaign, id, outcome.version))


@router.post("/{id}:close", dependencies=[CaughtUp])
async def close_campaign(id: UUID, command: Changing, reply: Reply, app: App) -> CampaignView:
    """填报截止 · Whoever was due and has no sent record stands on the list of the absent"""
    outcome = await app.close(command, id)
    reply.done(outcome)
    return campaign_view(await app.read(Campaign, id, outcome.version))


@router.get("/{id}/roster", dependencies=[CaughtUp])
async def read_roster(id: UUID, page: Page, store: Store, app: App) -> Listed[RosterLine]:
    """应考核企业名单 · Every enterprise that is due, with its record"""
    await app.read(Campaign, id)
    after = page.after(str)
    rows = await queries.roster(store, id, after[0] if after else None, page.fetch)
    return page.of(
        rows, key=lambda row: (row["uscc"],), show=lambda row: RosterLine.model_validate(dict(row))
    )
