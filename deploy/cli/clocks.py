"""`clock`: development time, the same for all processes. A jump is an event of review; everybody
follows it.
"""

import asyncio
import re
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from cyclopts import App

from deploy.cli.places import endpoints
from deploy.cli.tokens import access_token
from deploy.embedded.process import StackError
from libs.events.value import SHANGHAI

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
PATIENCE = 10.0  # seconds until all services must show the new time

clock = App(name="clock", help="Development time, the same for all processes.")


def register(app: App) -> None:
    app.command(clock)


@clock.command
def show() -> int:
    """What time it is."""
    print(now(endpoints()))
    return 0


@clock.command(name="set")
def set_to(to: str) -> int:
    """To a date (9 o'clock in Shanghai) or an instant (ISO 8601)."""
    told = endpoints()
    set_clock(told, _instant(to))
    print(now(told))
    return 0


@clock.command
def advance(by: str) -> int:
    """By 10d, 4h, 30m, 15s or 2w."""
    found = re.fullmatch(r"(\d{1,6})([smhdw])", by)
    if not found:
        raise StackError("时长写作 10d、4h 或 30m", "a time is written like 10d, 4h or 30m")
    told = endpoints()
    try:
        to = datetime.fromisoformat(now(told)) + timedelta(**{UNITS[found[2]]: int(found[1])})
    except OverflowError:
        raise StackError(
            "时钟不能拨到公元 9999 年以后", "the clock cannot be moved past the year 9999"
        ) from None
    set_clock(told, to)
    print(now(told))
    return 0


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


def _instant(text: str) -> datetime:
    try:
        if len(text) == 10:
            return datetime.combine(
                date.fromisoformat(text), datetime.min.time(), SHANGHAI
            ).replace(hour=9)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise StackError(
            "日期写作 2024-09-02，时刻写作 2024-09-02T09:00:00+08:00",
            "a date is written 2024-09-02, an instant 2024-09-02T09:00:00+08:00",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


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
