"""A loop whose dependency is away says so once for each reason, and goes on when it is back."""

import asyncio
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from libs.events import worker
from libs.events.errors import Unavailable
from libs.events.worker import Worker

REASONS = ["Kafka", "Kafka", "Kafka", "S3", "S3"]


async def test_a_loop_that_waits_says_so_once_for_each_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "BACKOFF", (0.0001, 0.0005))
    away, back = iter(REASONS), asyncio.Event()

    async def relay() -> None:
        if reason := next(away, None):
            raise Unavailable(reason, "it does not answer")
        back.set()
        await asyncio.Event().wait()

    at_work = Worker("postgresql://nobody", {"relay": relay})
    with capture_logs() as told:
        keeping = asyncio.create_task(at_work._keep("relay", relay))
        await back.wait()
        assert at_work.states["relay"].why == ""
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
    waits = [each for each in told if each["event"] == "a loop waits"]
    assert [(each["loop"], each["log_level"]) for each in waits] == [("relay", "warning")] * 2
    assert ["Kafka" in waits[0]["why"], "S3" in waits[1]["why"]] == [True, True]
