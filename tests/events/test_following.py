"""How a reader follows its own log: at once, and what comes in the next moments together."""

import asyncio
from typing import Any, cast

import pytest

from libs.events import pace
from libs.events.bell import Bell
from libs.events.figures import Level
from libs.events.following import BATCH, follow_log
from libs.events.pace import ROW
from libs.events.records import StoredEvent
from libs.events.store import Log
from tests.events.test_tail import at


class Growing:
    """A log in which a fact comes with each of the first `single` batches, and `after` while its
    reader rests.
    """

    def __init__(self, single: int, *after: int) -> None:
        self.head, self._single, self._after = 1, single, list(after)
        self.batches = list[list[int]]()
        self.position, self.is_ahead, self.lazy = 0, False, 0.5
        self.level = Level()

    async def follow(self, position: int, _limit: int) -> list[StoredEvent]:
        return [at(each) for each in range(position + 1, self.head + 1)]

    async def resume(self) -> None: ...

    async def apply(self, batch: list[StoredEvent], _: int) -> None:
        self.batches.append([each.position for each in batch])
        self.position = self.head
        self.head += len(self.batches) <= self._single

    async def sleep(self, _seconds: float) -> None:
        if not self._after:
            raise asyncio.CancelledError
        self.head += self._after.pop(0)


async def until_it_waits(log: Growing) -> None:
    """Follows it in a task, which is cancelled when it has all."""
    task = asyncio.create_task(follow_log(cast(Any, log), cast(Log, log), Bell()))
    while not log.batches or log.position < log.head:
        await asyncio.wait([task], timeout=0)
    await asyncio.wait([task], timeout=0)
    assert not task.done()
    task.cancel()


async def test_on_a_busy_log_what_comes_within_a_moment_is_applied_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = Growing(ROW, 3, 2)
    monkeypatch.setattr(asyncio, "sleep", log.sleep)
    with pytest.raises(asyncio.CancelledError):
        await follow_log(cast(Any, log), cast(Log, log), Bell())
    assert log.batches == [[1], [2], [3], [4, 5, 6], [7, 8]]


async def test_facts_that_come_now_and_then_are_applied_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = Growing(ROW - 1)
    monkeypatch.setattr(asyncio, "sleep", log.sleep)
    await until_it_waits(log)
    assert log.batches == [[each] for each in range(1, ROW + 1)]


async def test_who_is_far_behind_does_not_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Growing(0)
    log.head = BATCH
    monkeypatch.setattr(pace, "ROW", 0)
    monkeypatch.setattr(asyncio, "sleep", log.sleep)
    await until_it_waits(log)
