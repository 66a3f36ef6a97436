"""By when a case should be decided."""

from datetime import date

from libs.filing.calendar import add_workdays
from libs.filing.reference import policy
from services.review.domain.subject import Level


def for_filing(today: date) -> date:
    return add_workdays(today, policy().filing_review_workdays)


def for_record(level: Level, today: date) -> date:
    return add_workdays(today, policy().city_review_workdays if level is Level.CITY else policy().province_review_workdays)
