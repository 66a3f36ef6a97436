"""What the predecessor system (5.0) holds of an enterprise: offered by the authority's migration,
fetched by the clerk.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act
from libs.filing.content.enterprise import Information
from libs.filing.identifiers import enterprise_id
from services.enterprise.domain.enterprise import Offer


class LegacyFiling(Aggregate):
    class LegacyFilingOffered(Aggregate.Created):
        uscc: str
        legacy_id: str
        filed_on: date
        migrated: bool
        migrated_at: datetime | None
        content: Information
        sha256: str

    class LegacyFilingOfferedAgain(Aggregate.Event):
        legacy_id: str
        filed_on: date
        migrated: bool
        migrated_at: datetime | None
        content: Information
        sha256: str

    @staticmethod
    def create_id(uscc: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/legacy-filings/{uscc}")

    @property
    def owner(self) -> UUID:
        return enterprise_id(self.uscc)

    @property
    def offer(self) -> Offer:
        return Offer(self.legacy_id, self.filed_on, self.migrated, self.sha256, self.content)

    # What may be asked

    def offer_again(
        self,
        act: Act,
        legacy_id: str,
        filed_on: date,
        migrated: bool,
        migrated_at: datetime | None,
        content: Information,
        sha256: str,
    ) -> None:
        """A later migration of the same enterprise: the newest is what the clerk fetches."""
        if (sha256, migrated) != (self.sha256, self.migrated):
            self._legacy_filing_offered_again(
                act, legacy_id, filed_on, migrated, migrated_at, content, sha256
            )

    # What each event changes: no rules here, history must always replay

    @event(LegacyFilingOffered)
    def __init__(
        self,
        act: Act,
        uscc: str,
        legacy_id: str,
        filed_on: date,
        migrated: bool,
        migrated_at: datetime | None,
        content: Information,
        sha256: str,
    ) -> None:
        self.uscc = uscc
        self._offer(legacy_id, filed_on, migrated, content, sha256)

    @event(LegacyFilingOfferedAgain)
    def _legacy_filing_offered_again(
        self,
        act: Act,
        legacy_id: str,
        filed_on: date,
        migrated: bool,
        migrated_at: datetime | None,
        content: Information,
        sha256: str,
    ) -> None:
        self._offer(legacy_id, filed_on, migrated, content, sha256)

    def _offer(
        self, legacy_id: str, filed_on: date, migrated: bool, content: Information, sha256: str
    ) -> None:
        self.legacy_id, self.filed_on, self.migrated, self.content, self.sha256 = (
            legacy_id,
            filed_on,
            migrated,
            content,
            sha256,
        )
