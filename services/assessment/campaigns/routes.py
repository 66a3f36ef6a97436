"""Routes of campaigns."""

from uuid import UUID

from fastapi import APIRouter

from libs.chassis.http.commands import Changing, Commanding, Do, Reply
from libs.chassis.http.dependencies import App, Store
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.events.scoped import beyond_own
from libs.filing.content.types import UrlYear
from services.assessment.campaigns import commands, lists, roster, schemas
from services.assessment.campaigns.domain.campaign import Campaign, Phase
from services.assessment.campaigns.schemas import (
    CampaignLine,
    CampaignView,
    RosterLine,
    campaign_line,
    campaign_view,
)

router = APIRouter(prefix="/campaigns")


@router.post("", status_code=201)
async def plan_campaign(
    body: schemas.CampaignSettings, command: Commanding, do: Do
) -> CampaignView:
    """考核批次 · Plan a campaign; what is not given is taken from the policy"""
    return campaign_view(await do(commands.plan, command, body.settings))


@router.get("", dependencies=[CaughtUp])
async def list_campaigns(
    reach: Granted,
    page: Page,
    store: Store,
    year: UrlYear | None = None,
    status: Phase | None = None,
) -> Listed[CampaignLine]:
    """考核批次列表 · Campaigns by year; to everybody those that have opened"""
    last_year, last_id = page.after(int, UUID) or (None, None)
    asked = (year, status, (last_year, last_id), page.fetch)
    rows = await lists.by_year(store, *asked, only_opened=reach.view == "public")
    return page.of(rows, key=lambda row: (str(row.year), str(row.id)), show=campaign_line)


@router.get("/{id}")
async def read_campaign(id: UUID, reply: Reply, app: App) -> CampaignView:
    """考核批次 · One campaign with its settings"""
    campaign = await app.read(Campaign, id)
    reply.item(campaign.version)
    return campaign_view(campaign)


@router.get("/{id}/history")
async def read_campaign_history(id: UUID, app: App) -> list[Step]:
    """历史记录 · Who did what, when"""
    campaign = await app.read(Campaign, id)
    return steps(await app.history(campaign.id))


@router.put("/{id}")
async def change_campaign(
    id: UUID, body: schemas.CampaignSettings, command: Changing, do: Do
) -> CampaignView:
    """保存 · Change the settings, as long as it has not opened"""
    return campaign_view(await do(commands.change, command, id, body.settings))


@router.post("/{id}:open")
async def open_campaign(id: UUID, command: Changing, do: Do) -> CampaignView:
    """开始填报 · Records may be generated and sent within the window"""
    return campaign_view(await do(commands.open_for_records, command, id))


@router.post("/{id}:close", dependencies=[CaughtUp])
async def close_campaign(id: UUID, command: Changing, do: Do) -> CampaignView:
    """填报截止 · Whoever was due and has no sent record stands on the list of the absent"""
    return campaign_view(await do(commands.close, command, id))


@router.get("/{id}/roster", dependencies=[CaughtUp])
async def read_roster(
    id: UUID, reach: Granted, page: Page, store: Store, app: App
) -> Listed[RosterLine]:
    """应考核企业名单 · Every enterprise that is due, with its record; an enterprise sees its own
    line, and whether it was absent
    """
    with beyond_own():  # the province's
        await app.read(Campaign, id)
    asked = (reach.scope, page.after(str), page.fetch)
    found = await roster.due(store, id, *asked, only_sent=reach.only_sent)
    return page.along(found, show=RosterLine.model_validate)
