"""What the predecessor system (5.0) holds of an enterprise: offered by the authority's migration,
fetched by the clerk.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, DomainEvent, evolves
from libs.events.value import Act
from libs.filing.content.enterprise import Information
from libs.filing.identifiers import enterprise_id
from libs.filing.rules.paths import changed
from services.enterprise.information.offer import LegacyOffer


class Offering(DomainEvent):
    """What the first offer and every later one say."""

    legacy_id: str
    filed_on: date
    migrated: bool
    migrated_at: datetime | None
    content: Information
    sha256: str


class LegacyFiling(Aggregate):
    class LegacyFilingOffered(Offering, Aggregate.Created):
        uscc: str

    class LegacyFilingOfferedAgain(Offering, Aggregate.Event):
        pass

    @staticmethod
    def create_id(uscc: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/legacy-filings/{uscc}")

    @classmethod
    def begin_with(
        cls, act: Act, uscc: str, offer: LegacyOffer, migrated_at: datetime | None
    ) -> LegacyFiling:
        offered = cls.LegacyFilingOffered(
            act=act, uscc=uscc, migrated_at=migrated_at, **vars(offer)
        )
        return cls.begin(cls.create_id(uscc), offered)

    def offer_again(self, act: Act, offer: LegacyOffer, migrated_at: datetime | None) -> None:
        """A later migration of the same enterprise: the newest is what the clerk fetches. The same
        content again changes nothing, however it is spelt.
        """
        if offer.migrated != self.offer.migrated or changed(self.offer.content, offer.content):
            again = self.LegacyFilingOfferedAgain(act=act, migrated_at=migrated_at, **vars(offer))
            self.record(again)

    @evolves(LegacyFilingOffered)
    def _offered(self, e: LegacyFilingOffered) -> None:
        self.uscc = e.uscc
        self.offer = _offer(e)

    @evolves(LegacyFilingOfferedAgain)
    def _offered_again(self, e: LegacyFilingOfferedAgain) -> None:
        self.offer = _offer(e)

    @property
    def owner(self) -> UUID:
        return enterprise_id(self.uscc)


def _offer(e: Offering) -> LegacyOffer:
    return LegacyOffer(e.legacy_id, e.filed_on, e.migrated, e.sha256, e.content)
