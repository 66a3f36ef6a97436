"""All campaigns, in the order in which they were planned: who asks for an enterprise's records
asks here which there may be.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.value import Act
from services.assessment.campaigns.domain.campaign import PROVINCE


class Register(Aggregate):
    class RegisterBegun(Aggregate.Created):
        pass

    @staticmethod
    def create_id() -> UUID:
        return uuid5(NAMESPACE_URL, "/campaigns")

    @classmethod
    def begin_empty(cls, act: Act) -> Register:
        """There is one, begun with the first campaign."""
        return cls.begin(cls.create_id(), cls.RegisterBegun(act=act))

    @evolves(RegisterBegun)
    def _begun(self, e: RegisterBegun) -> None:
        self.campaigns: dict[UUID, int] = {}  # year of each

    @property
    def owner(self) -> UUID:
        return PROVINCE

    class CampaignListed(Aggregate.Event):
        campaign: UUID
        year: int

    def list_campaign(self, act: Act, campaign: UUID, year: int) -> None:
        self.record(self.CampaignListed(act=act, campaign=campaign, year=year))

    @evolves(CampaignListed)
    def _campaign_listed(self, e: CampaignListed) -> None:
        self.campaigns[e.campaign] = e.year
