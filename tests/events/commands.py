"""The ledger as an application: the smallest service there is."""

from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, UnitOfWork, use_case
from libs.events.value import Act, Actor
from tests.conformance.stage import now
from tests.events.ledger import Ledger


class Ledgers(Application):
    @use_case
    async def open(self, unit: UnitOfWork, id: UUID, holder: str) -> Aggregate:
        unit.created(f"/ledgers/{id}")
        return unit.add(Ledger.open(unit.act, id, holder))

    @use_case
    async def note(self, unit: UnitOfWork, id: UUID, text: str) -> Aggregate:
        ledger = await unit.load(Ledger, id)
        ledger.note(unit.act, text)
        return ledger

    @use_case
    async def note_once(self, unit: UnitOfWork, id: UUID, text: str) -> Aggregate:
        """Changes nothing if the text is noted already."""
        ledger = await unit.load(Ledger, id)
        if text not in ledger.notes:
            ledger.note(unit.act, text)
        return ledger

    @use_case
    async def amend(self, unit: UnitOfWork, id: UUID, text: str) -> Aggregate:
        """As `note`, from the version that the caller saw."""
        ledger = await unit.change(Ledger, id)
        ledger.note(unit.act, text)
        return ledger

    @use_case
    async def note_both(self, unit: UnitOfWork, one: UUID, two: UUID, text: str) -> Aggregate:
        for id in (one, two):
            (await unit.load(Ledger, id)).note(unit.act, text)
        return await unit.load(Ledger, one)

    @use_case
    async def look(self, unit: UnitOfWork, id: UUID) -> Aggregate:
        return await unit.load(Ledger, id)


def asked(
    id: UUID | None = None, *, fingerprint: bytes = b"f", expected: int | None = None
) -> Command:
    return Command(
        Act(by=Actor(user="clerk", role="ENT_CLERK"), at=now()), id, fingerprint, expected
    )
