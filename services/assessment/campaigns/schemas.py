"""What is sent and answered about campaigns."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from libs.events.strict import Boolean, Month
from libs.events.value import Value
from libs.filing.content.types import Day, Text200, Year
from libs.filing.reference import VERSION, policy
from services.assessment.campaigns.domain.campaign import OVERRIDES, Campaign, Settings
from services.assessment.campaigns.lists import Summary


class CampaignSettings(Value):
    """考核批次. What is not given is taken from the policy of the reference data."""

    year: Year = Field(examples=[2024])
    title: Text200 = Field(examples=["2024年度勘察设计企业资质动态考核"])
    as_of_date: Day | None = None
    submission_window: tuple[Day, Day] | None = None
    contract_period: tuple[Day, Day] | None = None
    si_months: Annotated[tuple[Month, ...] | None, Field(max_length=24)] = None
    commitment_required: Boolean | None = None
    legal_rep_confirms: Boolean | None = None

    @field_validator("submission_window", "contract_period")
    @classmethod
    def _in_order(cls, value: tuple[date, date] | None) -> tuple[date, date] | None:
        if value and value[1] < value[0]:
            raise PydanticCustomError("unordered", "ends before it begins")
        return value

    @property
    def settings(self) -> Settings:
        """As given, and as the policy says where nothing is given."""
        shipped = policy().model_dump(include=set(OVERRIDES))
        given = {name: value for name in OVERRIDES if (value := getattr(self, name)) is not None}
        return Settings(year=self.year, title=self.title, policy_version=VERSION, **shipped | given)


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
