"""Commands that ask services' own rows go by the services' clock, as the API does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from deploy.cli import overdue
from deploy.installation import installation as installed
from deploy.installation.installation import Installation
from libs.chassis.replicas.clock import FollowedClock, SystemClock
from libs.chassis.service.runtime import Runtime
from libs.events.value import SHANGHAI
from libs.filing.worklist import Today

AHEAD = timedelta(days=200)


class Review:
    """A review service whose development clock was moved."""

    def __init__(self, clock: FollowedClock | SystemClock) -> None:
        self.clock, self.pool = clock, self

    async def fetchval(self, query: str) -> int:
        assert query == "SELECT offset_seconds FROM clock"
        return round(AHEAD.total_seconds())

    async def see_clock(self, clock: FollowedClock) -> None:
        await Runtime.see_clock(cast(Runtime, self), clock)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """For which instants the queues of what is late were asked."""
    found: list[datetime] = []

    async def queues(_: Any, __: Any, today: Today, now: datetime) -> Sequence[Any]:
        assert today == Today(now.astimezone(SHANGHAI).date())
        found.append(now)
        return []

    monkeypatch.setattr(overdue, "queues", queues)
    return found


async def late_by(clock: FollowedClock | SystemClock, patch: pytest.MonkeyPatch) -> None:
    async def opened(*_: Any) -> Review:
        return Review(clock)

    patch.setattr(installed, "open_runtime", opened)
    patch.setattr(Installation, "settings", lambda *_: None)
    assert await overdue.late(Installation({"review": {}})) == []


async def test_what_is_late_is_so_by_the_development_clock(
    asked: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = datetime.now(UTC)
    await late_by(FollowedClock(), monkeypatch)
    assert before + AHEAD <= asked[0] <= datetime.now(UTC) + AHEAD


async def test_in_production_by_the_machine_s(
    asked: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = datetime.now(UTC)
    await late_by(SystemClock(), monkeypatch)
    assert before <= asked[0] <= datetime.now(UTC)
