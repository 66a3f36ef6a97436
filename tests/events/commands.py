"""What is done to a ledger: the commands of the smallest service there is."""

from uuid import UUID

from libs.events.application import Command, UnitOfWork
from libs.events.commands import changes, use_case
from libs.events.value import Act, Actor
from tests.conformance.stage import now
from tests.events.ledger import Ledger


@use_case()
async def open(work: UnitOfWork, id: UUID, holder: str) -> Ledger:
    work.created(f"/ledgers/{id}")
    return work.add(Ledger.open(work.act, id, holder))


note = changes(Ledger, Ledger.note, action=None)


@use_case()
async def note_once(work: UnitOfWork, id: UUID, text: str) -> Ledger:
    """Changes nothing if the text is noted already."""
    ledger = await work.load(Ledger, id)
    if text not in ledger.notes:
        ledger.note(work.act, text)
    return ledger


@use_case()
async def note_if_new(work: UnitOfWork, id: UUID, text: str) -> Ledger:
    """From a version; changes nothing where there is no text, or it is noted already."""
    ledger = await work.target(Ledger, id)
    if text and text not in ledger.notes:
        ledger.note(work.act, text)
    return ledger


@use_case()
async def note_both(work: UnitOfWork, one: UUID, two: UUID, text: str) -> Ledger:
    for id in (one, two):
        (await work.load(Ledger, id)).note(work.act, text)
    return await work.load(Ledger, one)


@use_case()
async def look(work: UnitOfWork, id: UUID) -> Ledger:
    return await work.load(Ledger, id)


def asked(
    id: UUID | None = None, *, fingerprint: bytes = b"f", expected: int | None = None
) -> Command:
    return Command(
        Act(by=Actor(user="clerk", role="ENT_CLERK"), at=now()),
        id,
        fingerprint,
        None if expected is None else frozenset({expected}),
    )
