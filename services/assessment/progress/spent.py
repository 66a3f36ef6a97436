"""Time in a state, in working days: how many stays have ended after so many, and since when those
go on that have not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from libs.filing.calendar import NoCalendar, workdays_between

Numbers = Mapping[str, int]  # how many, by working days or by day


def workdays(start: date, end: date) -> int:
    """Working days after `start`, up to and including `end`; weekdays where a year's holidays are
    not known yet, for a total is no deadline.
    """
    try:
        return workdays_between(start, end)
    except NoCalendar:
        days = (start.weekday() + n for n in range(1, (end - start).days + 1))
        return sum(day % 7 < 5 for day in days)


def more(numbers: Numbers, of: object, by: int = 1) -> Numbers:
    """One more of these, or so many; what there is none of is not named."""
    changed = {**numbers, str(of): numbers.get(str(of), 0) + by}
    return {name: number for name, number in sorted(changed.items()) if number}


def lengths(ended: Numbers, since: Numbers, today: date) -> Counter[int]:
    """How many stays took so many working days; those that go on, up to this day."""
    found = Counter({int(days): number for days, number in ended.items()})
    for day, number in since.items():
        found[workdays(date.fromisoformat(day), today)] += number
    return found


def together(each: Iterable[Counter[int]]) -> Counter[int]:
    return sum(each, Counter[int]())


def median(stays: Counter[int]) -> int | None:
    """The shorter of the two in the middle where their number is even."""
    half = (stays.total() + 1) // 2
    for days in sorted(stays):
        half -= stays[days]
        if half <= 0:
            return days
    return None
