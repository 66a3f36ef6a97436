"""A campaign 考核批次: who is assessed, as of which day, in which window, by which rules (domain
book 4.4).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event
from pydantic import Field

from libs.events.aggregate import Aggregate
from libs.events.refusal import refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.content.types import Month, Text200, Year
from libs.filing.policy import Policy
from libs.filing.reference import VERSION, policy

PROVINCE = uuid5(NAMESPACE_URL, "/offices/410000")  # campaigns are the province's


class Phase(StrEnum):
    PLANNED = "PLANNED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Settings(Value):
    """What the province sets; where nothing is given, the policy of the reference data."""

    year: Year
    title: Text200
    as_of_date: date
    submission_window: tuple[date, date]
    contract_period: tuple[date, date]
    si_months: Annotated[tuple[Month, ...], Field(max_length=24)]
    commitment_required: bool = False
    legal_rep_confirms: bool = False
    policy_version: str = VERSION

    @property
    def policy(self) -> Policy:
        """The campaign's own dates laid over the policy of its version."""
        own = self.model_dump(
            include={
                "as_of_date",
                "submission_window",
                "contract_period",
                "si_months",
                "commitment_required",
                "legal_rep_confirms",
            }
        )
        return policy(self.policy_version).model_copy(update=own)


class Campaign(Aggregate):
    class CampaignPlanned(Aggregate.Created):
        campaign: UUID
        settings: Settings

    class CampaignChanged(Aggregate.Event):
        settings: Settings

    class CampaignOpened(Aggregate.Event):
        pass

    class CampaignClosed(Aggregate.Event):
        absent: tuple[UUID, ...]  # due enterprises without a sent record

    @staticmethod
    def create_id(campaign: UUID) -> UUID:
        return campaign

    @property
    def owner(self) -> UUID:
        return PROVINCE

    def change(self, act: Act, settings: Settings) -> None:
        """Only before it opens: nobody's record is judged by rules that moved."""
        self._must_be(Phase.PLANNED, "save")
        if settings != self.settings:
            self._campaign_changed(act, settings)

    def open(self, act: Act) -> None:
        self._must_be(Phase.PLANNED, "open")
        self._campaign_opened(act)

    def close(self, act: Act, absent: tuple[UUID, ...]) -> None:
        self._must_be(Phase.OPEN, "close")
        self._campaign_closed(act, absent)

    def takes(self, day: date) -> bool:
        """Whether records may be generated and sent on that day (A01, A24)."""
        first, last = self.settings.submission_window
        return self.phase is Phase.OPEN and first <= day <= last

    def _must_be(self, phase: Phase, action: str) -> None:
        if self.phase is not phase:
            refuse([finding(STATE, case="campaign", status=self.phase, action=action)])

    @event(CampaignPlanned)
    def __init__(self, act: Act, campaign: UUID, settings: Settings) -> None:
        self.settings, self.phase = settings, Phase.PLANNED
        self.absent: tuple[UUID, ...] = ()

    @event(CampaignChanged)
    def _campaign_changed(self, act: Act, settings: Settings) -> None:
        self.settings = settings

    @event(CampaignOpened)
    def _campaign_opened(self, act: Act) -> None:
        self.phase = Phase.OPEN

    @event(CampaignClosed)
    def _campaign_closed(self, act: Act, absent: tuple[UUID, ...]) -> None:
        self.phase, self.absent = Phase.CLOSED, absent
