"""A crowd at a database that says nothing: nobody waits longer than those who ask."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from libs.events import pools
from libs.events.pools import NoTurn, Pool, borrowed, worked_with

CONNECTIONS, SILENCE = 2, 0.2


class Connection:
    def terminate(self) -> None: ...


class Connections:
    """A pool of two."""

    def __init__(self) -> None:
        self._free, self.lent = asyncio.Semaphore(CONNECTIONS), 0

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        async with self._free:
            self.lent += 1
            yield Connection()


async def ask(pool: Connections, seconds: float) -> None:
    async with borrowed(cast(Pool, pool), SILENCE):
        await asyncio.sleep(seconds)


async def outcomes(*asking: "asyncio.Future[None] | asyncio.Task[None]") -> list[str]:
    found = await asyncio.gather(*asking, return_exceptions=True)
    return sorted(type(each).__name__ for each in found)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of whoever waits for a turn, far longer than a database is silent."""
    monkeypatch.setattr(pools, "TURN", 60.0)


async def test_who_waits_behind_the_unanswered_is_told_with_them() -> None:
    pool = Connections()
    silent = [asyncio.create_task(ask(pool, 3600)) for _ in range(20)]
    assert await outcomes(*silent) == ["NoTurn"] * 18 + ["TimeoutError"] * CONNECTIONS
    assert pool.lent == CONNECTIONS


async def test_who_waits_while_others_are_answered_keeps_his_turn() -> None:
    pool = Connections()
    slow = asyncio.create_task(ask(pool, 3600))
    quick = [asyncio.create_task(ask(pool, SILENCE / 10)) for _ in range(20)]
    assert await outcomes(slow, *quick) == ["NoneType"] * 20 + ["TimeoutError"]


async def test_who_waits_behind_loops_that_nobody_answers_is_told_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody waits for them, so they wait for longer."""
    monkeypatch.setattr(pools, "ANSWER", SILENCE)
    pool = Connections()

    async def work() -> None:
        async with worked_with(cast(Pool, pool)):
            await asyncio.sleep(3600)

    loops = [asyncio.create_task(work()) for _ in range(CONNECTIONS)]
    await asyncio.sleep(0)
    asked = [asyncio.create_task(ask(pool, 0)) for _ in range(20)]
    async with asyncio.timeout(pools.TURN / 2):
        assert await outcomes(*asked) == ["NoTurn"] * 20
    assert pool.lent == CONNECTIONS
    for loop in loops:
        loop.cancel()


async def test_a_crowd_is_told_also_where_the_last_answer_came_after_the_others_had_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pools, "ANSWER", SILENCE)
    crowd = pools.Crowd()

    async def wait() -> None:
        async with crowd.turn():
            await asyncio.Event().wait()

    waiting = [asyncio.create_task(wait()) for _ in range(20)]
    asked = time.monotonic()
    await asyncio.sleep(0)
    crowd.answered()
    crowd.unanswered(asked)
    async with asyncio.timeout(pools.TURN / 2):
        assert await outcomes(*waiting) == ["NoTurn"] * 20


async def test_who_waits_behind_those_that_cannot_connect_is_told_with_them() -> None:
    class Unreachable(Connections):
        @asynccontextmanager
        async def acquire(self) -> AsyncIterator[Connection]:
            async with super().acquire():
                await asyncio.sleep(SILENCE)
                raise TimeoutError
            yield Connection()

    pool = Unreachable()
    asked = [asyncio.create_task(ask(pool, 0)) for _ in range(20)]
    assert await outcomes(*asked) == ["NoTurn"] * 20
    assert pool.lent <= 2 * CONNECTIONS


async def test_when_it_answers_again_there_is_a_turn_again() -> None:
    pool = Connections()
    await outcomes(*(asyncio.create_task(ask(pool, 3600)) for _ in range(5)))
    await ask(pool, 0)
    assert issubclass(NoTurn, TimeoutError)
