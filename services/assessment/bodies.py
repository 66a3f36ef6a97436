"""What clients of the assessment service send."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from libs.events.value import Value
from libs.filing.content.types import Day, Month, Text200, Year
from libs.filing.filing import Answer
from libs.filing.reference import VERSION, policy
from services.assessment.domain.campaign import Settings


class CampaignSettings(Value):
    """考核批次. What is not given is taken from the policy of the reference data."""

    year: Year = Field(examples=[2024])
    title: Text200 = Field(examples=["2024年度勘察设计企业资质动态考核"])
    as_of_date: Day | None = None
    submission_window: tuple[Day, Day] | None = None
    contract_period: tuple[Day, Day] | None = None
    si_months: Annotated[tuple[Month, ...] | None, Field(max_length=24)] = None
    commitment_required: bool | None = None
    legal_rep_confirms: bool | None = None

    @field_validator("submission_window", "contract_period")
    @classmethod
    def _in_order(cls, value: tuple[date, date] | None) -> tuple[date, date] | None:
        if value and value[1] < value[0]:
            raise PydanticCustomError("unordered", "ends before it begins")
        return value

    @property
    def settings(self) -> Settings:
        names = (
            "as_of_date",
            "submission_window",
            "contract_period",
            "si_months",
            "commitment_required",
            "legal_rep_confirms",
        )
        shipped = policy().model_dump(include=set(names))
        return Settings(
            year=self.year,
            title=self.title,
            policy_version=VERSION,
            **shipped | self._given(*names),
        )

    def _given(self, *names: str) -> dict[str, object]:
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class NewRecord(Value):
    """添加."""

    campaign: UUID


class Sending(Value):
    """发送: warnings that the clerk has read, by rule id, and his word on returned points that he
    did not change.
    """

    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10)], ...] = Field(
        default=(), examples=[["A13"]]
    )
    answers: tuple[Answer, ...] = ()
