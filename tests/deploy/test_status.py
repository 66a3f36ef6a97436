"""`status` answers whatever state its servers are in."""

from typing import Any

import asyncpg
import pytest

from deploy.cli import clocks, stack


@pytest.mark.parametrize(
    "error", [asyncpg.CannotConnectNowError("the database system is starting up"), OSError()]
)
async def test_while_postgresql_recovers_nobody_knows_the_time_and_status_says_so(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(_: dict[str, Any]) -> str:
        raise error

    monkeypatch.setattr(clocks, "now", away)
    assert await stack._clock({}) is None


@pytest.mark.parametrize(
    "error", [asyncpg.CannotConnectNowError("the database system is starting up"), OSError()]
)
async def test_while_postgresql_recovers_no_log_is_counted(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(asyncpg, "connect", away)
    assert await stack._counts("", "topic") == {"head": -1, "relayed": -1, "parked": 0}
