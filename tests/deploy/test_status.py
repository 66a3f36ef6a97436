"""`status` answers whatever state its servers are in."""

from typing import Any

import asyncpg
import httpx
import pytest

from deploy.cli import stack
from deploy.installation import clocks


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


def health(status: int, **checks: tuple[bool, str]) -> httpx.Response:
    told = {name: {"ok": ok, "says": says} for name, (ok, says) in checks.items()}
    return httpx.Response(status, json={"ready": status == 200, "checks": told})


@pytest.mark.parametrize(
    ("answer", "waits_for"),
    [
        (health(200, loops=(True, "leads"), log=(True, "")), ""),
        (health(503, loops=(False, "sweep"), log=(True, "")), "loops: sweep"),
        (
            health(503, loops=(False, "a gap"), log=(False, "its topic")),
            "loops: a gap; log: its topic",
        ),
        (health(503), "it is ending"),
        (httpx.Response(502, text="Bad Gateway"), "no answer"),
        (httpx.ConnectError("refused"), "no answer"),
    ],
)
async def test_status_says_what_a_service_waits_for(
    answer: httpx.Response | Exception, waits_for: str
) -> None:
    def told(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(told)) as client:
        said = await stack._waits_for(client, "http://review")
    assert said == waits_for


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
