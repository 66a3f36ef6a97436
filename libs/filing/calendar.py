"""Days, months and years as the authority counts them, in Asia/Shanghai.

Working days follow the State Council's yearly notice: weekdays off (`off`) and weekends worked in
exchange (调休, `on`). A period in days begins on the day after its cause and includes its last day
(Civil Code, articles 201 to 203).
"""

import calendar
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

from libs.events.value import SHANGHAI
from libs.filing.reference import DATA


class NoCalendar(LookupError):
    """The working days of a year are not known."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no working calendar for {year}: add the State Council's notice of that year to "
            f"the calendar data"
        )


def local_day(instant: datetime) -> date:
    """The date in China at an aware instant."""
    return instant.astimezone(SHANGHAI).date()


def is_workday(day: date) -> bool:
    """NoCalendar if that year is not known."""
    off, on = _exchanged(day.year)
    return day in on or (day.weekday() < 5 and day not in off)


def add_workdays(start: date, count: int) -> date:
    """The `count`-th working day after `start`; start itself does not count."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def add_weekdays(start: date, count: int) -> date:
    """As `add_workdays`, without holidays: where a notice is not out yet, a day that is only an
    aim.
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def workdays_between(start: date, end: date) -> int:
    """Working days after `start`, up to and including `end`."""
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def publicity_end(opened_on: date, workdays: int) -> date:
    """The last day of publicity (公示); results may be announced from the next day on (V07)."""
    return add_workdays(opened_on, workdays)


def correction_end(returned_on: date, days: int) -> date:
    """The last day on which a returned record may be sent: calendar days (A01, A24)."""
    return returned_on + timedelta(days=days)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, the month's last day where it has no such day: 30
    November + 3 = end of February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rectification_end(notice_on: date, months: int) -> date:
    """The latest deadline a notice of rectification may set (V08)."""
    return add_months(notice_on, months)


def anniversary(day: date, years: int) -> date:
    """So many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def full_years(since: date, on: date) -> int:
    """Age, or years of practice, completed on that day; negative before."""
    years = on.year - since.year
    return years - (anniversary(since, years) > on)


def month_of(day: date) -> str:
    """YYYY-MM."""
    return f"{day:%Y-%m}"


def next_month(month: str) -> str:
    return month_of(add_months(date.fromisoformat(f"{month}-01"), 1))


def are_consecutive(months: Iterable[str]) -> bool:
    """No gap between the earliest and the latest, in whatever order they come (A12)."""
    ordered = sorted(set(months))
    return all(next_month(earlier) == later for earlier, later in pairwise(ordered))


def due_months(asked: Iterable[str], hired_on: date | None) -> tuple[str, ...]:
    """Months of social insurance a person must show: those asked, from the month of hiring on
    (A10b).
    """
    return tuple(
        sorted(month for month in asked if hired_on is None or month >= month_of(hired_on))
    )


@cache
def _exchanged(year: int) -> tuple[frozenset[date], frozenset[date]]:
    known = json.loads((DATA / "calendar.json").read_bytes())["years"].get(str(year))
    if known is None:
        raise NoCalendar(year)
    return frozenset(map(date.fromisoformat, known["off"])), frozenset(
        map(date.fromisoformat, known["on"])
    )
