"""The tail of a log in memory: exactly the log's events, none skipped, none twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import pytest

from libs.chassis.replicas.clock import SystemClock
from libs.events import tail
from libs.events.pools import Pool
from libs.events.records import StoredEvent
from libs.events.store import Log, listen, notify
from libs.events.tail import Tail
from tests.conformance.stage import Stage, everything, opened, staged, unit
from tests.patience import PATIENCE

AT = datetime(2024, 9, 2, 1, tzinfo=UTC)


def at(position: int, data: bytes = b"{}") -> StoredEvent:
    return StoredEvent(position, UUID(int=1), position, "t.T.E", UUID(int=2), data, b"{}", AT)


def run(first: int, last: int) -> list[StoredEvent]:
    return [at(position) for position in range(first, last + 1)]


def begun(head: int, *events: StoredEvent) -> Tail:
    made = Tail()
    made.start(head)
    assert made.extend(events)
    return made


def test_a_follower_reads_on_from_wherever_it_is() -> None:
    held = begun(10, *run(11, 20))
    assert held.after(10, 3) == run(11, 13)
    assert held.after(17, 9) == run(18, 20)
    assert held.after(20, 9) == []


def test_who_is_behind_or_beyond_what_is_held_reads_the_log() -> None:
    held = begun(10, *run(11, 20))
    assert (held.after(9, 3), held.after(21, 3), Tail().after(0, 3)) == (None, None, None)


def test_what_came_before_is_not_taken_twice() -> None:
    held = begun(10, *run(11, 13))
    assert held.extend(run(12, 15))
    assert held.after(10, 9) == run(11, 15)


def test_nothing_is_taken_beyond_a_gap() -> None:
    held = begun(10)
    assert not held.extend([at(11), at(13)])
    assert (held.after(10, 9), held.head) == ([at(11)], 11)


def test_another_event_at_a_position_empties_it() -> None:
    held = begun(10, *run(11, 13))
    assert not held.extend([at(13, b'{"other":1}')])
    assert held.after(10, 9) is None


def test_nothing_is_taken_before_the_head_is_known() -> None:
    held = Tail()
    assert not held.extend(run(1, 3))
    assert held.after(0, 9) is None


@pytest.mark.parametrize(("size", "most"), [(b"{}", 10**9), (b" " * 100, 1_000)])
def test_it_stays_small(monkeypatch: pytest.MonkeyPatch, size: bytes, most: int) -> None:
    monkeypatch.setattr(tail, "SIZE", 20)
    monkeypatch.setattr(tail, "BYTES", most)
    held = begun(0)
    for position in range(1, 100):
        assert held.extend([at(position, size)])
    assert held.after(98, 9) == [at(99, size)]
    assert held.after(60, 9) is None


def test_an_event_too_large_to_hold_is_read_from_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "BYTES", 10)
    held = begun(0, at(1, b" " * 11))
    assert (held.after(0, 9), held.after(1, 9)) == (None, [])


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    async with staged(database) as made:
        yield made


class Counting(Log):
    reads = 0

    async def read(self, after: int, limit: int) -> list[StoredEvent]:
        self.reads += 1
        return await super().read(after, limit)


async def followed(log: Log, upto: int, limit: int = 7) -> list[StoredEvent]:
    """All that a follower is given, until it has come so far."""
    found, watch = list[StoredEvent](), log.bell.watch()
    async with asyncio.timeout(PATIENCE):
        while not found or found[-1].position < upto:
            if batch := await log.follow(found[-1].position if found else 0, limit):
                found += batch
            else:
                await watch.wait(0.2)
    return found


@pytest.mark.servers
async def test_what_is_handed_over_is_what_is_stored(stage: Stage) -> None:
    assert await stage.log.follow(0, 9) == []
    for number in range(3):
        await stage.log.append(unit(uuid4(), 0, number + 1, text=f"某{number}"))
    held = stage.log._tail.after(0, 99)
    assert held == await stage.log.read(0, 99)
    assert len(held or []) == 6


@pytest.mark.servers
async def test_followers_at_the_head_ask_the_database_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.events.store.LOOK", PATIENCE)  # however long the turns take
    stage.log.__class__ = Counting
    assert isinstance(stage.log, Counting)
    await stage.log.follow(0, 9)
    await stage.log.follow(0, 9)
    before = stage.log.reads
    for position in range(20):
        await stage.log.append(unit(uuid4(), 0))
        for _ in range(5):
            assert len(await stage.log.follow(position, 9)) == 1
            assert await stage.log.follow(position + 1, 9) == []
    assert stage.log.reads == before


@pytest.mark.servers
async def test_followers_of_several_writing_processes_see_the_log_as_it_is(
    stage: Stage,
) -> None:
    """Two processes append in turns and at once, one of them also by transactions of its own."""
    async with opened(stage.dsn, stage.owner) as other:
        logs = (stage.log, other.log)
        hearing = [asyncio.create_task(listen(stage.dsn, log)) for log in logs]
        telling = [asyncio.create_task(notify(stage.pool, log)) for log in logs]
        following = [
            asyncio.create_task(followed(log, 300, limit)) for log in logs for limit in (1, 7, 500)
        ]

        async def write(log: Log, seed: int) -> None:
            random = Random(seed)
            for _ in range(75):
                await log.append(unit(uuid4(), 0))
                if random.random() < 0.3:
                    await asyncio.sleep(random.random() / 50)

        await asyncio.gather(*(write(log, seed) for seed, log in enumerate(logs * 2)))
        stored = [StoredEvent(*row) for row in await everything(stage.pool)]
        for found in await asyncio.gather(*following):
            assert found == stored
        for task in (*hearing, *telling):
            task.cancel()


@pytest.mark.servers
async def test_after_a_lost_connection_nothing_is_believed(stage: Stage) -> None:
    await stage.log.follow(0, 9)
    await stage.log.append(unit(uuid4(), 0))
    lost = replace((await stage.log.follow(0, 9))[0], position=2)
    assert stage.log._tail.extend([lost])  # as a server had it that died with its last commits
    stage.log.doubt()
    assert await stage.log.follow(1, 9) == []


@pytest.mark.servers
async def test_a_process_that_was_told_of_nothing_looks_for_itself(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.events.store.LOOK", PATIENCE)
    log = Log(stage.pool, SystemClock())
    await log.follow(0, 9)
    await log.follow(0, 9)
    await stage.log.append(unit(uuid4(), 0))
    assert await log.follow(0, 9) == []
    monkeypatch.setattr("libs.events.store.LOOK", 0.0)
    assert len(await log.follow(0, 9)) == 1


@pytest.mark.servers
async def test_what_another_process_tells_of_is_read_at_once(stage: Stage) -> None:
    log = Log(stage.pool, SystemClock())
    await log.follow(0, 9)
    await log.follow(0, 9)
    await stage.log.append(unit(uuid4(), 0))
    log.heard()
    assert len(await log.follow(0, 9)) == 1


@pytest.mark.servers
async def test_an_append_after_one_of_another_process_brings_both(stage: Stage) -> None:
    """The notification is late: the own append shows by its position that something is missing."""
    await stage.log.follow(0, 9)
    await stage.log.follow(0, 9)
    async with opened(stage.dsn, stage.owner) as other:
        await other.log.append(unit(uuid4(), 0))
    await stage.log.append(unit(uuid4(), 0))
    assert [each.position for each in await stage.log.follow(0, 9)] == [1, 2]


class FullQueue:
    """PostgreSQL whose queue of notices a stranger, who listens and takes none, has filled."""

    def __init__(self) -> None:
        self.refused = 0

    async def execute(self, statement: str) -> None:
        assert statement.startswith("NOTIFY appended")
        self.refused += 1
        raise asyncpg.ProgramLimitExceededError("too many notifications in the NOTIFY queue")


async def test_a_full_queue_of_notices_stops_no_process() -> None:
    """Others look by themselves; whoever may only read can fill it."""
    pool = FullQueue()
    log = Log(cast(Pool, pool), SystemClock())
    telling = asyncio.create_task(notify(cast(Pool, pool), log))
    async with asyncio.timeout(PATIENCE):
        while pool.refused < 2 and not telling.done():
            log.appended.ring()
            await asyncio.sleep(0.01)
    assert not telling.done()
    telling.cancel()
