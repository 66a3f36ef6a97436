"""A crowd at a database that says nothing: nobody waits longer than those who ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from libs.events import pools
from libs.events.pools import NoTurn, Pool, borrowed

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
