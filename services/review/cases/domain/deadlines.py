"""By when a case should be decided, and how long that still is."""

from datetime import date

from libs.filing.calendar import NoCalendar, add_weekdays, add_workdays, workdays_between
from libs.filing.reference import policy
from services.review.cases.domain.subject import Level


def for_filing(today: date) -> date:
    return _due(today, policy().filing_review_workdays)


def for_record(level: Level, today: date) -> date:
    city, province = policy().city_review_workdays, policy().province_review_workdays
    return _due(today, city if level is Level.CITY else province)


def workdays_within(start: date, end: date) -> int | None:
    """Working days after `start`, up to and including `end`; None where no calendar says."""
    try:
        return workdays_between(start, end)
    except NoCalendar:
        return None


def _due(today: date, days: int) -> date:
    """Into a year whose notice is not out yet, every weekday counts: a due date is an aim, and no
    sending may wait for it.
    """
    try:
        return add_workdays(today, days)
    except NoCalendar:
        return add_weekdays(today, days)
