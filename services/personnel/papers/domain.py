"""Papers for one packet of the enterprise: the forms of people's filings that it asks for,
rendered here, where the filings are kept.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.value import Act, Value
from libs.papers.part import Part


class Wanted(Value):
    """A filing, in the round that is to be shown."""

    filing: UUID
    round: int


class Papers(Aggregate):
    # A packet asks for forms

    class FormsAsked(Aggregate.Created):
        packet: UUID
        enterprise: UUID
        filings: tuple[Wanted, ...]

    @staticmethod
    def create_id(packet: UUID) -> UUID:
        return uuid5(packet, "papers")

    @classmethod
    def ask(cls, act: Act, packet: UUID, enterprise: UUID, filings: tuple[Wanted, ...]) -> Papers:
        """Forms that are waited for until each is rendered or cannot be."""
        asked = cls.FormsAsked(act=act, packet=packet, enterprise=enterprise, filings=filings)
        return cls.begin(cls.create_id(packet), asked)

    @evolves(FormsAsked)
    def _asked(self, e: FormsAsked) -> None:
        self.packet = e.packet
        self.enterprise = e.enterprise
        self.filings = e.filings
        self.waiting = {each.filing for each in e.filings}

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # A form is rendered, or cannot be; what nobody waits for changes nothing

    class FormRendered(Aggregate.Event):
        packet: UUID
        filing: UUID
        part: Part

    def rendered(self, act: Act, filing: UUID, part: Part) -> None:
        if filing in self.waiting:
            self.record(self.FormRendered(act=act, packet=self.packet, filing=filing, part=part))

    @evolves(FormRendered)
    def _form_rendered(self, e: FormRendered) -> None:
        self.waiting.discard(e.filing)

    class FormNotRendered(Aggregate.Event):
        packet: UUID
        filing: UUID
        reason: str

    def fail(self, act: Act, filing: UUID, reason: str) -> None:
        if filing in self.waiting:
            failed = self.FormNotRendered(act=act, packet=self.packet, filing=filing, reason=reason)
            self.record(failed)

    @evolves(FormNotRendered)
    def _form_not_rendered(self, e: FormNotRendered) -> None:
        self.waiting.discard(e.filing)
