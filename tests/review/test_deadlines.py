"""By when a case should be decided."""

from datetime import date

import pytest

from services.review.cases.domain import deadlines
from services.review.cases.domain.subject import Level


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (date(2024, 9, 2), date(2024, 9, 30)),  # 14 September worked, 15 to 17 off
        (date(2026, 12, 25), date(2027, 1, 22)),  # no notice for 2027 yet: weekdays
    ],
)
def test_a_filing_is_due_after_twenty_working_days(sent: date, due: date) -> None:
    assert deadlines.for_filing(sent) == due


def test_a_record_has_the_days_of_its_level() -> None:
    assert (
        deadlines.for_record(Level.CITY, date(2024, 9, 2))
        == deadlines.for_record(Level.PROV, date(2024, 9, 2))
        == date(2024, 9, 30)
    )
