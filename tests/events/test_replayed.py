"""Kept aggregates: always as the log stands, never shared, never longer than a key is held."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import pytest

from libs.chassis.replicas.clock import RandomIds
from libs.events.application import Application
from libs.events.errors import Conflict
from libs.events.keyring import HELD, MemoryKeyRing
from libs.events.records import StoredEvent
from libs.events.replayed import Replayed, copied
from libs.events.store import Log
from tests.conformance.stage import Stage, staged
from tests.events.commands import asked, note, open
from tests.events.ledger import Ledger
from tests.events.test_kept import Hands

ACT = asked().act


@dataclass
class Mutable:
    notes: list[str] = field(default_factory=list)


def test_a_copy_shares_nothing_that_may_change() -> None:
    ledger = Ledger.open(ACT, uuid4(), "someone")
    ledger.deep = {"a": [{"b"}, ({"c": 1},)], "m": Mutable(["d"])}  # type: ignore[attr-defined]
    copy = copied(ledger)
    before = repr(vars(copy))
    ledger.note(ACT, "more")
    ledger.deep["a"][0].add("x")  # type: ignore[attr-defined]
    ledger.deep["a"][1][0]["c"] = 2  # type: ignore[attr-defined]
    ledger.deep["m"].notes.append("x")  # type: ignore[attr-defined]
    assert repr(vars(copy)) == before


def test_an_aggregate_is_kept_as_long_as_a_key_however_often_it_is_used() -> None:
    clock = Hands()
    replayed, ledger = Replayed(clock), Ledger.open(ACT, uuid4(), "someone")
    events = ledger.collect_events()
    replayed.advance(ledger.id, None, events)
    for seconds in range(int(HELD)):
        clock.now = seconds
        assert replayed.get(ledger.id)
        replayed.advance(ledger.id, replayed.get(ledger.id), [])
    clock.now = HELD
    assert replayed.get(ledger.id) is None


def test_an_event_is_applied_once_and_only_in_its_turn() -> None:
    replayed, ledger = Replayed(Hands()), Ledger.open(ACT, uuid4(), "someone")
    for text in ("a", "b", "c"):
        ledger.note(ACT, text)
    events = ledger.collect_events()
    known = replayed.advance(ledger.id, None, events[:2])
    assert known
    replayed.advance(ledger.id, known, events[1:3])
    replayed.advance(ledger.id, known, events[1:3])
    assert known.version == 3
    replayed.advance(ledger.id, known, events[4:])
    assert known.version == 3


def test_what_an_event_left_half_done_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_halfway(ledger: Ledger, _: Ledger.Noted) -> None:
        ledger.notes = ("half done",)
        raise ValueError

    replayed, ledger = Replayed(Hands()), Ledger.open(ACT, uuid4(), "someone")
    ledger.note(ACT, "a")
    events = ledger.collect_events()
    known = replayed.advance(ledger.id, None, events[:1])
    monkeypatch.setitem(Ledger.EVOLVE, Ledger.Noted, fails_halfway)
    with pytest.raises(ValueError):
        replayed.advance(ledger.id, known, events[1:])
    assert replayed.get(ledger.id) is None


def test_what_was_saved_from_another_version_than_is_kept_changes_nothing() -> None:
    replayed, ledger = Replayed(Hands()), Ledger.open(ACT, uuid4(), "someone")
    for text in ("a", "b"):
        ledger.note(ACT, text)
    events = ledger.collect_events()
    replayed.advance(ledger.id, None, events)
    earlier = Replayed(Hands()).advance(ledger.id, None, events[:2])
    assert earlier
    replayed.saved(earlier, 1)  # its caller hears of it late: the log has gone on
    kept = replayed.get(ledger.id)
    assert isinstance(kept, Ledger)
    assert (kept.version, kept.notes) == (3, ("a", "b"))


def test_what_is_kept_shares_nothing_that_may_change_with_what_was_saved() -> None:
    replayed, ledger = Replayed(Hands()), Ledger.open(ACT, uuid4(), "someone")
    replayed.advance(ledger.id, None, ledger.collect_events())
    ledger.deep = ["saved"]  # type: ignore[attr-defined]
    replayed.saved(ledger, 1)
    ledger.deep.append("after it")  # type: ignore[attr-defined]
    assert vars(replayed.get(ledger.id))["deep"] == ["saved"]


class CountingLog(Log):
    """How many events were read of streams."""

    read_of_streams = 0

    async def stream(self, id: UUID, upto: int | None = None, after: int = 0) -> list[StoredEvent]:
        found = await super().stream(id, upto, after)
        self.read_of_streams += len(found)
        return found


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    async with staged(database) as made:
        made.log.__class__ = CountingLog
        yield made


RING = MemoryKeyRing()


def process(stage: Stage) -> Application:
    """An application with a cache of its own, as another process has it."""
    return Application(stage.log, RING, RandomIds())


@pytest.mark.servers
async def test_what_another_process_appends_is_seen_at_once(stage: Stage) -> None:
    ours, theirs = process(stage), process(stage)
    id = (await open(ours, asked(), uuid4(), "someone")).aggregate.id
    await ours.read(Ledger, id)
    for number in range(3):
        await note(theirs, asked(), id, f"{number}")
        assert (await ours.read(Ledger, id)).version == number + 2


@pytest.mark.servers
async def test_what_was_decided_and_not_appended_is_nowhere(stage: Stage) -> None:
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    for _ in range(2):
        (await ledgers.read(Ledger, id)).note(ACT, "never appended")
    found = await ledgers.read(Ledger, id)
    assert (found.version, found.collect_events()) == (1, [])


@pytest.mark.servers
async def test_an_earlier_version_is_as_it_was(stage: Stage) -> None:
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    for number in range(3):
        await note(ledgers, asked(), id, f"{number}")
    await ledgers.read(Ledger, id)
    assert [(await ledgers.read(Ledger, id, v)).version for v in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert await ledgers.find(Ledger, id, 5) is None


@pytest.mark.servers
async def test_the_answer_to_a_command_reads_nothing(stage: Stage) -> None:
    ledgers = process(stage)
    assert isinstance(stage.log, CountingLog)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    await ledgers.read(Ledger, id)
    stage.log.read_of_streams = 0
    for number in range(3):
        outcome = await note(ledgers, asked(), id, f"{number}")
        answered = await ledgers.read(Ledger, id, outcome.version)
        assert answered.version == outcome.version
    assert stage.log.read_of_streams == 0


@pytest.mark.servers
async def test_what_the_log_has_lost_is_forgotten_after_a_conflict(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restore from an old copy: the kept aggregate is ahead of its stream."""
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    kept = await ledgers.read(Ledger, id)
    kept.note(ACT, "lost")
    ledgers._replayed.advance(id, ledgers._replayed.get(id), kept.collect_events())
    assert (await ledgers.read(Ledger, id)).version == 2
    monkeypatch.setattr("libs.events.commands.TRIES", 1)
    with pytest.raises(Conflict):
        await note(ledgers, asked(), id, "b")
    assert (await note(ledgers, asked(), id, "b")).version == 2


@pytest.mark.servers
async def test_a_text_that_is_stored_composed_is_answered_as_it_is_stored(stage: Stage) -> None:
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    await ledgers.read(Ledger, id)
    command = asked(uuid4())
    first = await note(ledgers, command, id, "e\u0301")
    again = await note(ledgers, command, id, "e\u0301")
    assert first.aggregate.notes == again.aggregate.notes == ("\u00e9",)
    assert (await ledgers.read(Ledger, id)).notes == ("\u00e9",)


@pytest.mark.servers
async def test_what_a_route_does_with_its_answer_changes_nothing(stage: Stage) -> None:
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    await ledgers.read(Ledger, id)
    done = await note(ledgers, asked(), id, "a")
    done.aggregate.note(ACT, "never appended")
    assert (await ledgers.read(Ledger, id)).notes == ("a",)


@pytest.mark.servers
async def test_what_is_saved_again_and_again_is_not_kept_longer(stage: Stage) -> None:
    ledgers, clock = process(stage), Hands()
    ledgers._replayed = Replayed(clock)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    await ledgers.read(Ledger, id)
    for seconds in (10.0, 20.0, 29.0):
        clock.now = seconds
        await note(ledgers, asked(), id, "a")
        assert ledgers._replayed.get(id)
    clock.now = HELD
    assert ledgers._replayed.get(id) is None


@pytest.mark.servers
async def test_an_event_that_was_just_appended_is_at_hand_as_its_bytes_say_it(
    stage: Stage,
) -> None:
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    await note(ledgers, asked(), id, "a")
    records = await stage.log.stream(id)
    at_hand, read = await ledgers.codec.decode(records), await process(stage).codec.decode(records)
    assert at_hand == read
    assert (await ledgers.codec.decode(records))[1] is at_hand[1]


@pytest.mark.servers
async def test_an_event_with_other_bytes_at_its_place_is_read(stage: Stage) -> None:
    """As after a restore: what was appended there is lost, and something else was."""
    ledgers = process(stage)
    id = (await open(ledgers, asked(), uuid4(), "someone")).aggregate.id
    await note(ledgers, asked(), id, "a")
    other = (await stage.log.stream(id))[1]
    other = replace(other, data=other.data.replace(b'"text":"a"', b'"text":"b"'))
    (event,) = await ledgers.codec.decode([other])
    assert isinstance(event, Ledger.Noted)
    assert event.text == "b"
