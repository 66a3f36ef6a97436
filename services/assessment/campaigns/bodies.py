"""What clients send about campaigns."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from libs.events.strict import Boolean, Month
from libs.events.value import Value
from libs.filing.content.types import Day, Text200, Year
from libs.filing.reference import VERSION, policy
from services.assessment.campaigns.domain.campaign import OVERRIDES, Settings


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
