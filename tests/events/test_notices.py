"""Who is told of an append: other processes by notices, this one by its bell."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from libs.events import store
from libs.events.pools import Pool
from libs.events.store import listen, notify
from tests.events.postgres import LOST, Fault, Postgres, log_of
from tests.patience import PATIENCE


async def told(played: Postgres, times: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(played.asked) < times:
            await asyncio.sleep(0.005)


async def test_other_processes_are_told_of_this_one_s_appends_and_of_no_others(
    played: Postgres,
) -> None:
    log = log_of(played)
    telling = asyncio.create_task(notify(cast(Pool, played), log))
    try:
        await asyncio.sleep(0)
        log.heard()
        await asyncio.sleep(0.01)
        assert played.asked == []
        played.faults.append(Fault(LOST))
        log.ring()
        await told(played, 1)
        log.ring()
        await told(played, 2)
    finally:
        telling.cancel()
    assert played.asked == [f"NOTIFY appended, '{log.process}'"] * 2


async def test_appends_close_together_are_told_of_in_one_notice(
    played: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(played)
    pauses = list[float]()
    pause = asyncio.sleep

    async def paused(seconds: float) -> None:
        pauses.append(seconds)
        for _ in range(5):
            log.ring()  # meanwhile
        await pause(3600 if len(pauses) == 2 else 0)

    monkeypatch.setattr(store, "asyncio", SimpleNamespace(sleep=paused))
    telling = asyncio.create_task(notify(cast(Pool, played), log))
    await pause(0)
    log.ring()
    await told(played, 2)
    telling.cancel()
    assert (len(played.asked), pauses[0]) == (2, 0.05)


class Notices:
    """A connection that hears notices, until it is closed."""

    def __init__(self) -> None:
        self.heard, self.closed, self.ended = list[object](), False, False

    async def add_listener(self, channel: str, hear: object) -> None:
        self.heard += [channel, hear]

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.ended = True


async def test_a_process_hears_of_others_appends_and_not_of_its_own(
    played: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[Notices]()

    async def connect(dsn: str, **more: object) -> Notices:
        assert (dsn, more["timeout"]) == ("the log's", 2)
        made.append(Notices())
        return made[-1]

    monkeypatch.setattr(store, "connect", connect)
    log = log_of(played)
    watch = log.bell.watch()
    log._tail.head = 7
    listening = asyncio.create_task(listen("the log's", log))
    try:
        assert await watch.wait(PATIENCE)  # whatever was told before nobody heard
        assert log._tail.head is None
        [connection] = made
        channel, hear = connection.heard
        assert channel == "appended"
        hear(connection, 1, channel, log.process)
        assert not await watch.wait(0)
        hear(connection, 1, channel, "another process")
        assert await watch.wait(0)
    finally:
        listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert connection.ended


async def test_a_lost_connection_of_the_listener_is_made_anew(
    played: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, pauses, pause = list[Notices](), list[float](), asyncio.sleep

    async def connect(_: str, **more: object) -> Notices:
        made.append(Notices())
        if len(made) == 2:
            raise LOST
        return made[-1]

    async def paused(seconds: float) -> None:
        pauses.append(seconds)
        made[-1].closed = True  # while it rests
        await pause(0)

    log = log_of(played)
    monkeypatch.setattr(store, "connect", connect)
    monkeypatch.setattr(store, "asyncio", SimpleNamespace(sleep=paused))
    listening = asyncio.create_task(listen("the log's", log))
    async with asyncio.timeout(PATIENCE):
        while len(made) < 4:
            await pause(0)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert made[0].ended
    assert made[2].ended
    assert [len(each.heard) for each in made[:3]] == [2, 0, 2]
    assert pauses[:4] == [5, 0.5, 0.5, 5]  # seconds: it looks; it is lost; twice; it looks
