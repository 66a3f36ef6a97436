"""A campaign 考核批次: who is assessed, as of which day, in which window, by which rules (domain
book 4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding, refuse
from libs.events.strict import Month
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.content.types import Text200, Year
from libs.filing.facts.record import CampaignFacts
from libs.filing.policy import AssessmentPolicy
from libs.filing.reference import VERSION, policy

PROVINCE = uuid5(NAMESPACE_URL, "/offices/410000")  # campaigns are the province's
PART = 4000  # absent enterprises in one event, 160 KB of the 256 that it may have
# what a campaign may set otherwise than the policy
OVERRIDES = (
    "as_of_date",
    "submission_window",
    "contract_period",
    "si_months",
    "commitment_required",
    "legal_rep_confirms",
)


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
    def policy(self) -> AssessmentPolicy:
        """The policy of its version, with what the campaign sets for itself."""
        own = self.model_dump(include=set(OVERRIDES))
        return policy(self.policy_version).model_copy(update=own)


class Campaign(Aggregate):
    # Planning

    class CampaignPlanned(Aggregate.Created):
        campaign: UUID
        settings: Settings

    @staticmethod
    def create_id(campaign: UUID) -> UUID:
        return campaign

    @classmethod
    def plan(cls, act: Act, campaign: UUID, settings: Settings) -> Campaign:
        """A campaign that may still be changed and takes no records yet."""
        planned = cls.CampaignPlanned(act=act, campaign=campaign, settings=settings)
        return cls.begin(campaign, planned)

    @evolves(CampaignPlanned)
    def _planned(self, e: CampaignPlanned) -> None:
        self.settings = e.settings
        self.phase = Phase.PLANNED
        self.absent = 0  # how many enterprises, once it is closed

    @property
    def owner(self) -> UUID:
        return PROVINCE

    @property
    def facts(self) -> CampaignFacts:
        """What the rules about its records ask of it."""
        settings = self.settings
        return CampaignFacts(
            year=settings.year,
            status=self.phase,
            policy=settings.policy,
            **{name: getattr(settings, name) for name in OVERRIDES},
        )

    # Changing

    class CampaignChanged(Aggregate.Event):
        settings: Settings

    def change(self, act: Act, settings: Settings) -> None:
        """Only before it opens: nobody's record is judged by rules that moved. The same settings
        again change nothing. Raises Refused once it is open.
        """
        refuse(self.findings_outside(Phase.PLANNED, "save"))
        if settings != self.settings:
            self.record(self.CampaignChanged(act=act, settings=settings))

    @evolves(CampaignChanged)
    def _changed(self, e: CampaignChanged) -> None:
        self.settings = e.settings

    # Opening 开始填报

    class CampaignOpened(Aggregate.Event):
        pass

    def open(self, act: Act) -> None:
        """From now on records are taken within the window. Raises Refused if it is not planned."""
        refuse(self.findings_outside(Phase.PLANNED, "open_campaign"))
        self.record(self.CampaignOpened(act=act))

    @evolves(CampaignOpened)
    def _opened(self, e: CampaignOpened) -> None:
        self.phase = Phase.OPEN

    # Closing 填报截止

    class AbsentListed(Aggregate.Event):
        """A part of the list of the absent, which the closing in the same unit completes."""

        absent: tuple[UUID, ...]

    class CampaignClosed(Aggregate.Event):
        absent: tuple[UUID, ...]  # due enterprises without a sent record, but those listed before

    def close(self, act: Act, absent: Sequence[UUID]) -> None:
        """The list of the absent stands from now on. Raises Refused if it is not open."""
        refuse(self.findings_outside(Phase.OPEN, "close_campaign"))
        parts = [absent[at : at + PART] for at in range(0, len(absent), PART)]
        *before, last = parts or [()]
        for part in before:
            self.record(self.AbsentListed(act=act, absent=tuple(part)))
        self.record(self.CampaignClosed(act=act, absent=tuple(last)))

    @evolves(AbsentListed)
    def _absent_listed(self, e: AbsentListed) -> None:
        self.absent += len(e.absent)

    @evolves(CampaignClosed)
    def _closed(self, e: CampaignClosed) -> None:
        self.phase = Phase.CLOSED
        self.absent += len(e.absent)

    def findings_outside(self, phase: Phase, action: str) -> list[Finding]:
        """What stands against an act that has its place in this phase alone."""
        if self.phase is phase:
            return []
        return [finding(STATE, case="campaign", phase=self.phase, action=action)]
