"""A small aggregate for tests of the kernel: it knows no filing."""

from __future__ import annotations

from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.personal import PersonalData
from libs.events.refusal import Finding, refuse
from libs.events.value import Act


class Ledger(Aggregate):
    class Opened(Aggregate.Created):
        ledger: UUID
        holder: PersonalData[str]

    class Noted(Aggregate.Event):
        text: str

    @staticmethod
    def create_id(ledger: UUID) -> UUID:
        return ledger

    @property
    def owner(self) -> UUID:
        return self.id

    def note(self, act: Act, text: str) -> None:
        refuse([Finding(rule="EMPTY", pointer="/text")] if not text else [])
        self._noted(act, text)

    @event(Opened)
    def __init__(self, act: Act, ledger: UUID, holder: str) -> None:
        self.holder = holder
        self.notes: tuple[str, ...] = ()

    @event(Noted)
    def _noted(self, act: Act, text: str) -> None:
        self.notes = (*self.notes, text)
