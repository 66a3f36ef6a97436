"""A small aggregate for tests of the kernel: it knows no filing."""

from __future__ import annotations

from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.personal import PersonalData
from libs.events.refusal import Finding, refuse
from libs.events.value import Act


class Ledger(Aggregate):
    class Opened(Aggregate.Created):
        ledger: UUID
        holder: PersonalData[str]

    @staticmethod
    def create_id(ledger: UUID) -> UUID:
        return ledger

    @classmethod
    def open(cls, act: Act, ledger: UUID, holder: str) -> Ledger:
        return cls.begin(ledger, cls.Opened(act=act, ledger=ledger, holder=holder))

    @evolves(Opened)
    def _opened(self, e: Opened) -> None:
        self.holder = e.holder
        self.notes: tuple[str, ...] = ()

    @property
    def owner(self) -> UUID:
        return self.id

    class Noted(Aggregate.Event):
        text: str

    def note(self, act: Act, text: str) -> None:
        refuse([Finding(rule="EMPTY", pointer="/text")] if not text else [])
        self.record(self.Noted(act=act, text=text))

    @evolves(Noted)
    def _noted(self, e: Noted) -> None:
        self.notes = (*self.notes, e.text)
