"""Development time of an installation, the same for all its processes. A jump is an event of
review; everybody follows it.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy.embedded.process import StackError
from deploy.installation.places import endpoints
from deploy.installation.tokens import access_token
from libs.events.value import SHANGHAI

PATIENCE = 10.0  # seconds until all services must show the new time


def first(start: str) -> None:
    """The clock of a stack that was never up before."""
    told = endpoints()
    if "review" in told["services"] and _offset(told) is None:
        set_clock(told, datetime.fromisoformat(start))


def now(told: dict[str, Any]) -> str:
    offset = timedelta(seconds=_offset(told) or 0) if "review" in told["services"] else timedelta(0)
    return (datetime.now(UTC) + offset).astimezone(SHANGHAI).isoformat(timespec="seconds")


def set_clock(told: dict[str, Any], to: datetime) -> None:
    """Returns when every service shows the new time."""
    offset = round((to - datetime.now(UTC)).total_seconds())
    headers = {
        "Authorization": f"Bearer {access_token(told, 'SYS_ADMIN')}",
        "Idempotency-Key": str(uuid4()),
    }
    url = f"{told['services']['review']['url']}/api/v1/reference/clock"
    answer = httpx.put(url, json={"offset_seconds": offset}, headers=headers, timeout=10)
    if answer.is_error:
        raise StackError(
            f"时钟没有设定：{_why(answer, 'zh')}",
            f"review did not set the clock: {_why(answer, 'en')}",
        )
    end = time.monotonic() + PATIENCE
    while asyncio.run(_offsets(told)) != {offset}:
        if time.monotonic() > end:
            raise StackError(
                "有服务没有跟上时钟，见 ./kaohe status",
                "not every service follows the clock: see ./kaohe status",
            )
        time.sleep(0.05)


def _why(answer: httpx.Response, language: str) -> str:
    """What is wrong with the time, in review's own words."""
    try:
        return "; ".join(str(each[language]) for each in answer.json()["errors"])
    except (ValueError, KeyError):
        return f"HTTP {answer.status_code}"


def _offset(told: dict[str, Any]) -> int | None:
    return asyncio.run(_read(told["services"]["review"]["database"]))


async def _offsets(told: dict[str, Any]) -> set[int | None]:
    return set(
        await asyncio.gather(*(_read(service["database"]) for service in told["services"].values()))
    )


async def _read(dsn: str) -> int | None:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        found: int | None = await connection.fetchval("SELECT offset_seconds FROM clock")
        return found
    finally:
        await connection.close()
