"""Where a filing is: clients name a filing, its events stand in the stream of its person."""

from __future__ import annotations

from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.value import Act


class FilingPlace(Aggregate):
    class FilingPlaced(Aggregate.Created):
        filing: UUID
        person: UUID
        enterprise: UUID

    @staticmethod
    def create_id(filing: UUID) -> UUID:
        return filing

    @classmethod
    def place(cls, act: Act, filing: UUID, person: UUID, enterprise: UUID) -> FilingPlace:
        """The stream that leads from this filing to its person."""
        placed = cls.FilingPlaced(act=act, filing=filing, person=person, enterprise=enterprise)
        return cls.begin(cls.create_id(filing), placed)

    @evolves(FilingPlaced)
    def _placed(self, e: FilingPlaced) -> None:
        self.person = e.person
        self.enterprise = e.enterprise

    @property
    def owner(self) -> UUID:
        return self.enterprise
