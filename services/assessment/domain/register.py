"""All campaigns, in the order in which they were planned: who asks for an enterprise's records
asks here which there may be.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act
from services.assessment.domain.campaign import PROVINCE


class Register(Aggregate):
    class RegisterBegun(Aggregate.Created):
        pass

    class CampaignListed(Aggregate.Event):
        campaign: UUID
        year: int

    @staticmethod
    def create_id() -> UUID:
        return uuid5(NAMESPACE_URL, "/campaigns")

    @property
    def owner(self) -> UUID:
        return PROVINCE

    def list_campaign(self, act: Act, campaign: UUID, year: int) -> None:
        self._campaign_listed(act, campaign, year)

    @event(RegisterBegun)
    def __init__(self, act: Act) -> None:
        self.campaigns: dict[UUID, int] = {}  # year of each

    @event(CampaignListed)
    def _campaign_listed(self, act: Act, campaign: UUID, year: int) -> None:
        self.campaigns[campaign] = year
