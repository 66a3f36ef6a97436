"""The calendar: working days with 调休, periods of days and months, ages."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.filing import calendar
from libs.filing.calendar import NoCalendar

KNOWN_DAY = st.dates(date(2024, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_the_year_is_as_the_notice_says(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year == 2024))]
    assert [calendar.is_workday(day) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]


def test_a_weekend_may_be_worked_in_exchange_for_a_holiday() -> None:
    assert calendar.is_workday(date(2024, 9, 29))  # Sunday before the national holiday
    assert not calendar.is_workday(date(2024, 10, 1))
    assert not calendar.is_workday(date(2024, 9, 28))
    assert calendar.is_workday(date(2024, 9, 2))


def test_a_year_without_data_is_a_clear_error() -> None:
    with pytest.raises(NoCalendar, match="no working calendar for 2027"):
        calendar.is_workday(date(2027, 1, 4))
    with pytest.raises(NoCalendar, match="2027"):
        calendar.add_workdays(date(2026, 12, 25), 20)


def test_working_days_are_counted_from_the_day_after() -> None:
    assert calendar.add_workdays(date(2024, 9, 27), 1) == date(2024, 9, 29)
    assert calendar.add_workdays(date(2024, 9, 30), 1) == date(2024, 10, 8)
    assert calendar.add_workdays(date(2024, 9, 30), 0) == date(2024, 9, 30)


def test_publicity_of_seven_working_days_skips_the_national_holiday() -> None:
    assert calendar.publicity_end(date(2024, 9, 26), 7) == date(2024, 10, 11)
    assert calendar.workdays_between(date(2024, 9, 26), date(2024, 10, 11)) == 7


@given(KNOWN_DAY, st.integers(1, 60))
def test_adding_and_counting_working_days_agree(start: date, count: int) -> None:
    end = calendar.add_workdays(start, count)
    assert calendar.is_workday(end)
    assert calendar.workdays_between(start, end) == count
    assert calendar.workdays_between(end, start) == 0


def test_a_returned_record_may_be_corrected_for_ten_days() -> None:
    assert calendar.correction_end(date(2024, 10, 28), 10) == date(2024, 11, 7)


@pytest.mark.parametrize(
    ("notice", "deadline"),
    [
        (date(2024, 11, 30), date(2025, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2024, 12, 1), date(2025, 3, 1)),
        (date(2024, 9, 30), date(2024, 12, 30)),
    ],
)
def test_rectification_ends_three_months_after_the_notice(notice: date, deadline: date) -> None:
    assert calendar.rectification_end(notice, 3) == deadline


def test_a_leap_day_has_its_birthday_on_the_first_of_march() -> None:
    born = date(1964, 2, 29)
    assert calendar.anniversary(born, 60) == date(2024, 2, 29)
    assert calendar.anniversary(born, 61) == date(2025, 3, 1)
    assert calendar.full_years(born, date(2025, 2, 28)) == 60
    assert calendar.full_years(born, date(2025, 3, 1)) == 61


def test_years_are_full_on_the_anniversary_and_not_a_day_before() -> None:
    assert calendar.full_years(date(2014, 9, 1), date(2024, 8, 31)) == 9
    assert calendar.full_years(date(2014, 9, 1), date(2024, 9, 1)) == 10
    assert calendar.full_years(date(2024, 9, 1), date(2024, 8, 31)) == -1


def test_today_is_chinas_today() -> None:
    assert calendar.local_day(datetime(2024, 9, 1, 16, 0, tzinfo=UTC)) == date(2024, 9, 2)
    assert calendar.local_day(datetime(2024, 9, 1, 15, 59, tzinfo=UTC)) == date(2024, 9, 1)


def test_months_of_insurance_are_consecutive_over_the_year_end() -> None:
    assert calendar.are_consecutive(["2024-01", "2023-12", "2024-02", "2024-01"])
    assert not calendar.are_consecutive(["2024-06", "2024-08"])
    assert calendar.are_consecutive([])


def test_months_before_the_hiring_month_are_not_missing() -> None:
    asked = ("2024-06", "2024-07", "2024-08")
    assert calendar.due_months(asked, date(2024, 7, 31)) == ("2024-07", "2024-08")
    assert calendar.due_months(asked, date(2020, 1, 1)) == asked
    assert calendar.due_months(asked, None) == asked
    assert calendar.due_months(asked, date(2024, 9, 1)) == ()


def test_weekdays_are_counted_where_no_notice_is_out_yet() -> None:
    assert calendar.add_weekdays(date(2026, 12, 25), 5) == date(2027, 1, 1)
    assert calendar.add_weekdays(date(2026, 12, 26), 0) == date(2026, 12, 26)
