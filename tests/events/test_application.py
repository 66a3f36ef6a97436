"""Commands on a real log: decided on what stands, carried out once, answered every time."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from libs.chassis.replicas.clock import RandomIds
from libs.events.application import Application
from libs.events.errors import Conflict, KeyReused, NotFound, Unavailable, VersionMismatch
from libs.events.keyring import MemoryKeyRing
from libs.events.refusal import Refused
from tests.conformance.stage import Stage, assert_whole, everything, staged
from tests.events.commands import (
    asked,
    look,
    note,
    note_both,
    note_if_new,
    note_once,
    open,
)
from tests.events.ledger import Ledger

pytestmark = pytest.mark.servers


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    async with staged(database) as made:
        yield made


@pytest.fixture
def ledgers(stage: Stage) -> Application:
    return Application(stage.log, MemoryKeyRing(), RandomIds(), {"lists": "2024.1"})


@pytest.fixture
async def ledger(ledgers: Application) -> UUID:
    return (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id


async def test_fifty_repeats_at_once_get_one_answer(
    stage: Stage, ledgers: Application, ledger: UUID
) -> None:
    """Every time again: some of the fifty look the command up before the first is through, and
    load after it.
    """
    for round in range(20):
        command = asked(uuid4(), expected=round + 1)
        outcomes = await asyncio.gather(
            *(note(ledgers, command, ledger, "sent") for _ in range(50))
        )
        assert (
            len(
                {(each.aggregate.id, each.version, each.position, each.status) for each in outcomes}
            )
            == 1
        )
        assert sum(not each.replayed for each in outcomes) == 1
    assert await assert_whole(stage.pool) == 21


async def test_a_repeat_is_answered_as_the_first_time_though_the_item_moved_on(
    ledgers: Application, ledger: UUID
) -> None:
    command = asked(uuid4(), expected=1)
    first = await note(ledgers, command, ledger, "a")
    await note(ledgers, asked(), ledger, "b")
    again = await note(ledgers, command, ledger, "a")
    assert (again.aggregate.id, again.version, again.position, again.status) == (
        first.aggregate.id,
        first.version,
        first.position,
        first.status,
    )
    assert (first.replayed, again.replayed) == (False, True)


async def test_a_creation_s_repeat_points_to_the_same_item(ledgers: Application) -> None:
    command = asked(uuid4())
    first = await open(ledgers, command, uuid4(), "someone")
    again = await open(ledgers, command, uuid4(), "someone")
    id = first.aggregate.id
    assert (again.aggregate.id, again.version, again.position) == (id, 1, first.position)
    assert (again.status, again.location, again.replayed) == (201, f"/ledgers/{id}", True)


async def test_a_key_used_for_another_request_is_refused(
    stage: Stage, ledgers: Application, ledger: UUID
) -> None:
    id = uuid4()
    await note(ledgers, asked(id), ledger, "a")
    with pytest.raises(KeyReused):
        await note(ledgers, asked(id, fingerprint=b"g"), ledger, "b")
    assert await assert_whole(stage.pool) == 2


async def test_two_requests_under_one_key_at_once_leave_one_event(
    stage: Stage, ledgers: Application, ledger: UUID
) -> None:
    id = uuid4()
    answers = await asyncio.gather(
        *(
            note(ledgers, asked(id, fingerprint=bytes([n % 2])), ledger, str(n % 2))
            for n in range(20)
        ),
        return_exceptions=True,
    )
    assert sorted({type(each).__name__ for each in answers}) == ["Done", "KeyReused"]
    assert await assert_whole(stage.pool) == 2


async def test_a_refused_command_leaves_nothing_and_its_key_is_free(
    stage: Stage, ledgers: Application, ledger: UUID
) -> None:
    id = uuid4()
    with pytest.raises(Refused):
        await note(ledgers, asked(id), ledger, "")
    assert (await note(ledgers, asked(id, fingerprint=b"g"), ledger, "a")).version == 2


async def test_a_command_that_changes_nothing_writes_nothing(
    stage: Stage, ledgers: Application, ledger: UUID
) -> None:
    assert (await look(ledgers, asked(uuid4()), ledger)).version == 1
    assert await assert_whole(stage.pool) == 1


async def test_changes_at_once_are_decided_one_after_the_other(
    stage: Stage, ledgers: Application, ledger: UUID
) -> None:
    await asyncio.gather(*(note(ledgers, asked(), ledger, str(n)) for n in range(6)))
    assert sorted((await ledgers.read(Ledger, ledger)).notes) == [str(n) for n in range(6)]
    assert await assert_whole(stage.pool) == 7


async def test_two_items_change_together(stage: Stage, ledgers: Application, ledger: UUID) -> None:
    other = (await open(ledgers, asked(), uuid4(), "someone else")).aggregate.id
    await asyncio.gather(
        *(
            note_both(ledgers, asked(), *pair, "both")
            for pair in ((ledger, other), (other, ledger), (ledger, other))
        )
    )
    for id in (ledger, other):
        assert (await ledgers.read(Ledger, id)).notes == ("both",) * 3
    assert await assert_whole(stage.pool) == 8


async def test_a_change_is_made_from_the_version_that_stands(
    ledgers: Application, ledger: UUID
) -> None:
    with pytest.raises(VersionMismatch) as stale:
        await note(ledgers, asked(expected=7), ledger, "a")
    assert stale.value.current == 1
    assert (await note(ledgers, asked(expected=1), ledger, "a")).version == 2


async def test_an_item_is_read_as_it_stood(ledgers: Application, ledger: UUID) -> None:
    for text in "ab":
        await note(ledgers, asked(), ledger, text)
    assert [(await ledgers.read(Ledger, ledger, version)).notes for version in (1, 2, 3)] == [
        (),
        ("a",),
        ("a", "b"),
    ]
    for id, version in ((ledger, 4), (uuid4(), None)):
        with pytest.raises(NotFound):
            await ledgers.read(Ledger, id, version)


async def test_who_always_loses_is_told_so_in_the_end(
    ledgers: Application, ledger: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always(_: object) -> None:
        raise Conflict(ledger)

    monkeypatch.setattr(ledgers.log, "append", always)
    with pytest.raises(Conflict):
        await note(ledgers, asked(), ledger, "a")


async def test_a_command_that_nobody_answers_is_not_looked_up(
    ledgers: Application, ledger: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its caller would wait as long again (decision 62)."""
    looked_up: list[UUID] = []

    async def silent(_: object) -> None:
        raise Unavailable("database", "an append") from TimeoutError()

    async def found(id: UUID) -> None:
        looked_up.append(id)

    monkeypatch.setattr(ledgers.log, "append", silent)
    monkeypatch.setattr(ledgers.log, "command", found)
    with pytest.raises(Unavailable):
        await note(ledgers, asked(uuid4()), ledger, "a")
    assert looked_up == []


async def test_meta_says_where_an_event_comes_from(stage: Stage, ledgers: Application) -> None:
    command = asked(uuid4())
    outcome = await open(ledgers, command, uuid4(), "someone")
    about = (await ledgers.history(outcome.aggregate.id))[0].metadata
    assert about["command"] == str(command.id)
    assert about["references"] == {"lists": "2024.1"}
    assert UUID(about["id"]).version == UUID(about["correlation"]).version == 7
    assert b"someone" not in (await everything(stage.pool))[0]["data"]


async def test_a_repeat_that_would_change_nothing_now_is_answered_as_the_first_time(
    ledgers: Application, ledger: UUID
) -> None:
    command = asked(uuid4())
    first = await note_once(ledgers, command, ledger, "sent")
    await note(ledgers, asked(), ledger, "b")
    again = await note_once(ledgers, command, ledger, "sent")
    assert (again.version, again.position, again.replayed) == (first.version, first.position, True)


async def test_a_repeat_that_is_refused_now_is_answered_as_the_first_time(
    ledgers: Application, ledger: UUID
) -> None:
    command = asked(uuid4(), expected=1)
    first = await note(ledgers, command, ledger, "sent")
    with pytest.raises(VersionMismatch):
        await note(ledgers, asked(uuid4(), expected=1), ledger, "sent")
    again = await note(ledgers, command, ledger, "sent")
    assert (again.version, again.replayed) == (first.version, True)


@pytest.mark.parametrize("text", ["sent", "other", ""])
async def test_a_key_used_for_another_request_is_refused_whatever_that_would_come_to(
    ledgers: Application, ledger: UUID, text: str
) -> None:
    id = uuid4()
    await note_once(ledgers, asked(id), ledger, "sent")
    with pytest.raises(KeyReused):
        await note_once(ledgers, asked(id, fingerprint=b"g"), ledger, text)


@pytest.fixture
def elsewhere(stage: Stage, ledgers: Application) -> Application:
    """Another process of the same service."""
    return Application(stage.log, ledgers.keyring, RandomIds(), {"lists": "2024.1"})


@pytest.fixture
async def moved_on(ledgers: Application, elsewhere: Application, ledger: UUID) -> UUID:
    """Known at version 1 to a process that has not heard yet of what the other one did."""
    await ledgers.read(Ledger, ledger)
    await note(elsewhere, asked(expected=1), ledger, "theirs")
    known = ledgers.remembered(Ledger, ledger)
    assert known
    assert known.version == 1
    return ledger


async def test_what_was_decided_from_memory_loses_to_who_was_first(
    stage: Stage, ledgers: Application, moved_on: UUID
) -> None:
    with pytest.raises(VersionMismatch) as stale:
        await note(ledgers, asked(uuid4(), expected=1), moved_on, "ours")
    assert stale.value.current == 2
    assert (await note(ledgers, asked(expected=2), moved_on, "ours")).version == 3
    assert await assert_whole(stage.pool) == 3


async def test_a_refusal_is_never_told_from_memory(ledgers: Application, moved_on: UUID) -> None:
    with pytest.raises(VersionMismatch):
        await note(ledgers, asked(expected=1), moved_on, "")


async def test_that_nothing_changes_is_never_told_from_memory(
    ledgers: Application, moved_on: UUID
) -> None:
    with pytest.raises(VersionMismatch):
        await note_if_new(ledgers, asked(expected=1), moved_on, "")


async def test_a_change_from_the_version_that_is_known_reads_nothing(
    ledgers: Application, ledger: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ledgers.read(Ledger, ledger)

    async def never(*_: object) -> None:
        raise AssertionError("the log was read")

    monkeypatch.setattr(ledgers.log, "stream", never)
    assert (await note(ledgers, asked(expected=1), ledger, "a")).version == 2
    assert (await note(ledgers, asked(expected=2), ledger, "b")).version == 3
