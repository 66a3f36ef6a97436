"""By when a case should be decided."""

from datetime import date

from libs.filing.calendar import NoCalendar, add_weekdays, add_workdays
from libs.filing.reference import policy
from services.review.cases.domain.subject import Level


def for_filing(today: date) -> date:
    return _due(today, policy().filing_review_workdays)


def for_record(level: Level, today: date) -> date:
    city, province = policy().city_review_workdays, policy().province_review_workdays
    return _due(today, city if level is Level.CITY else province)


def _due(today: date, days: int) -> date:
    """Into a year whose notice is not out yet, every weekday counts: a due date is an aim, and no
    sending may wait for it.
    """
    try:
        return add_workdays(today, days)
    except NoCalendar:
        return add_weekdays(today, days)
