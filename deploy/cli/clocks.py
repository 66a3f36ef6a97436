"""`clock`: development time, shown and moved."""

import re
from datetime import date, datetime, timedelta

from cyclopts import App

from deploy.embedded.process import StackError
from deploy.installation.clocks import now, set_clock
from deploy.installation.places import endpoints
from libs.events.value import SHANGHAI

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

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
