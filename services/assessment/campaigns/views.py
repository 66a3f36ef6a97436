"""What is answered of campaigns."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.assessment.campaigns.domain.campaign import Campaign, Settings
from services.assessment.campaigns.lists import Summary


class CampaignView(BaseModel):
    id: UUID
    version: int
    status: str
    settings: Settings
    absent: int


class CampaignLine(BaseModel):
    id: UUID
    year: int
    title: str
    status: str
    first_day: date
    last_day: date


class RosterLine(BaseModel):
    """One due enterprise; `record` is none while it has not begun."""

    model_config = ConfigDict(from_attributes=True)

    enterprise: UUID
    uscc: str
    name: str
    supervising_city_code: str
    record: UUID | None
    record_no: str | None
    status: str | None
    result: str | None
    absent: bool


def campaign_view(campaign: Campaign) -> CampaignView:
    return CampaignView(
        id=campaign.id,
        version=campaign.version,
        status=campaign.phase,
        settings=campaign.settings,
        absent=campaign.absent,
    )


def campaign_line(row: Summary) -> CampaignLine:
    return CampaignLine(
        id=row.id,
        year=row.year,
        title=row.title,
        status=row.phase,
        first_day=row.first_day,
        last_day=row.last_day,
    )
