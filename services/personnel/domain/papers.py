"""Papers for one packet of the enterprise: the forms of people's filings that it asks for,
rendered here, where the filings are kept.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act, Value
from libs.papers.part import Part


class Wanted(Value):
    """A filing, in the round that is to be shown."""

    filing: UUID
    round: int


class Papers(Aggregate):
    class FormsAsked(Aggregate.Created):
        packet: UUID
        enterprise: UUID
        filings: tuple[Wanted, ...]

    class FormRendered(Aggregate.Event):
        packet: UUID
        filing: UUID
        part: Part

    class FormNotRendered(Aggregate.Event):
        packet: UUID
        filing: UUID
        reason: str

    @staticmethod
    def create_id(packet: UUID) -> UUID:
        return uuid5(packet, "papers")

    @property
    def owner(self) -> UUID:
        return self.enterprise

    def rendered(self, act: Act, filing: UUID, part: Part) -> None:
        if filing in self.waiting:
            self._form_rendered(act, self.packet, filing, part)

    def fail(self, act: Act, filing: UUID, reason: str) -> None:
        if filing in self.waiting:
            self._form_not_rendered(act, self.packet, filing, reason)

    @event(FormsAsked)
    def __init__(
        self, act: Act, packet: UUID, enterprise: UUID, filings: tuple[Wanted, ...]
    ) -> None:
        self.packet, self.enterprise, self.filings = packet, enterprise, filings
        self.waiting = {each.filing for each in filings}

    @event(FormRendered)
    def _form_rendered(self, act: Act, packet: UUID, filing: UUID, part: Part) -> None:
        self.waiting.discard(filing)

    @event(FormNotRendered)
    def _form_not_rendered(self, act: Act, packet: UUID, filing: UUID, reason: str) -> None:
        self.waiting.discard(filing)
