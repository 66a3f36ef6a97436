"""Where a filing is: clients name a filing, its events stand in the stream of its person."""

from __future__ import annotations

from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act


class FilingPlace(Aggregate):
    class FilingPlaced(Aggregate.Created):
        filing: UUID
        person: UUID
        enterprise: UUID

    @staticmethod
    def create_id(filing: UUID) -> UUID:
        return filing

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @event(FilingPlaced)
    def __init__(self, act: Act, filing: UUID, person: UUID, enterprise: UUID) -> None:
        self.person, self.enterprise = person, enterprise
