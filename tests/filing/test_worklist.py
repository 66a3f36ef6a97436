"""待办: what is the most urgent, and how many there are."""

from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import pytest

from libs.filing.worklist import Count, Task, Today, WorkKind, before, by_kind, reason

WEDNESDAY = Today(date(2024, 10, 9))  # 10-12 is a Saturday worked in exchange


def task(kind: WorkKind, due_on: date | None = None, id: int = 1) -> Task:
    return Task(
        kind=kind,
        id=UUID(int=id),
        title="示范甲",
        action="send",
        path="/filings/1",
        reason=reason("filing_saved"),
        due_on=due_on,
        since=datetime(2024, 10, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("due_on", "left"),
    [
        (date(2024, 10, 9), 0),
        (date(2024, 10, 12), 3),
        (date(2024, 10, 13), 3),
        (date(2024, 10, 8), -1),
        (date(2024, 9, 30), -2),
        (None, None),
        (date(2031, 1, 1), None),
    ],
)
def test_working_days_are_left_or_passed(due_on: date | None, left: int | None) -> None:
    assert WEDNESDAY.left(due_on) == left


def test_what_was_due_on_friday_is_past_on_saturday() -> None:
    assert Today(date(2024, 10, 19)).left(date(2024, 10, 18)) == -1


def test_what_is_due_within_three_working_days_is_near_and_what_is_past_is_over() -> None:
    days = [date(2024, 10, 8), date(2024, 10, 9), date(2024, 10, 12), date(2024, 10, 14), None]
    tasks = [task(WorkKind.UNSENT, each) for each in days]
    assert WEDNESDAY.count(tasks) == Count(all=5, near=2, over=1)


def test_a_year_without_a_calendar_has_near_days_all_the_same() -> None:
    assert Today(date(2031, 1, 1)).near == date(2031, 1, 6)


def test_what_is_due_first_is_first_and_on_the_same_day_what_was_returned() -> None:
    early, late = date(2024, 10, 31), date(2024, 11, 1)
    in_order = [
        task(WorkKind.EXPIRING, early),
        task(WorkKind.RETURNED, late),
        task(WorkKind.UNSENT, late),
        task(WorkKind.RETURNED),
        task(WorkKind.UNSENT, id=1),
        task(WorkKind.UNSENT, id=2),
    ]
    backwards = in_order[::-1]
    assert sorted(backwards, key=lambda each: each.urgency) == in_order
    found = by_kind(backwards)
    assert found[WorkKind.UNSENT] == [in_order[n] for n in (2, 4, 5)]


def test_a_page_goes_on_after_the_last_one_in_every_kind() -> None:
    day = date(2024, 10, 31)
    in_order = [task(kind, day, id) for kind in WorkKind for id in (1, 2)]
    for last, following in pairwise(in_order):
        for each in in_order:
            place = before(each.kind, last.urgency)
            assert place
            assert ((each.due_on, each.id) > place) == (each.urgency > last.urgency)
        assert following.urgency > last.urgency
    assert before(WorkKind.UNSENT, None) is None
