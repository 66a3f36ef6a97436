"""What is answered of a campaign's progress."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.assessment.progress.lists import Totals
from services.assessment.progress.spent import lengths, median, together
from services.assessment.progress.totals import ShortageRow, StateRow
from services.assessment.records.domain.status import AWAITED, Status

UNSENT = frozenset({Status.DRAFT, Status.GENERATED, Status.WITHDRAWN})
IN_REVIEW = AWAITED
RETURNED = frozenset({Status.RETURNED})
CONCLUDED = frozenset(Status) - UNSENT - IN_REVIEW - RETURNED
PHASES = {"unsent": UNSENT, "in_review": IN_REVIEW, "returned": RETURNED, "concluded": CONCLUDED}


class StateLine(BaseModel):
    """`state` of list `assessment_status`. Times in working days over all stays up to that day,
    those that go on counted up to it; none of records that are closed, which stay so.
    """

    state: str
    phase: str
    records: int
    median_workdays: int | None
    longest_workdays: int | None


class Numbers(BaseModel):
    """Of enterprises. `due` = `not_begun` + `unsent` + `sent`; `sent` = `in_review` + `returned` +
    `concluded`.
    """

    due: int
    not_begun: int
    unsent: int
    sent: int
    in_review: int
    returned: int
    concluded: int
    states: list[StateLine]


class CityLine(Numbers):
    city: str  # list `reporting_unit`


class ShortageLine(BaseModel):
    """How many enterprises lack it by what they sent; `code` of list `registration_type` where
    `group` is `registered`, else of `speciality`.
    """

    group: str
    code: str
    enterprises: int


class ProgressView(BaseModel):
    """`begins_on`: before that day nothing is known of the campaign."""

    campaign: UUID
    as_of: date
    begins_on: date | None
    total: Numbers
    cities: list[CityLine]
    shortages: list[ShortageLine]


def progress_view(campaign: UUID, day: date, totals: Totals) -> ProgressView:
    due = {each.city: each.enterprises for each in totals.due}
    states: dict[str, list[StateRow]] = {}
    for each in totals.states:
        states.setdefault(each.city, []).append(each)
    cities = [
        CityLine(city=city, **_numbers(due.get(city, 0), states.get(city, []), day))
        for city in sorted({*due, *states})
    ]
    whole = sum(each.due for each in cities)
    return ProgressView(
        campaign=campaign,
        as_of=day,
        begins_on=totals.begins_on,
        total=Numbers(**_numbers(whole, totals.states, day)),
        cities=[each for each in cities if each.due],
        shortages=_shortages(totals.shortages),
    )


def _numbers(due: int, rows: Sequence[StateRow], day: date) -> dict[str, object]:
    """Whoever has a record is due, whatever became of their certificates."""
    number = {
        phase: sum(row.records for row in rows if row.status in states)
        for phase, states in PHASES.items()
    }
    begun, sent = sum(number.values()), sum(number.values()) - number["unsent"]
    due = max(due, begun)
    return {
        "due": due,
        "not_begun": due - begun,
        "sent": sent,
        "states": list(_states(rows, day)),
        **number,
    }


def _states(rows: Sequence[StateRow], day: date) -> Iterable[StateLine]:
    """In the order of the course, those in which there ever was a record."""
    for status in Status:
        if of := [row for row in rows if row.status == status]:
            stays = together(lengths(row.spent, row.since, day) for row in of)
            timed = status is not Status.CLOSED
            yield StateLine(
                state=status,
                phase=next(phase for phase, states in PHASES.items() if status in states),
                records=sum(row.records for row in of),
                median_workdays=median(stays) if timed else None,
                longest_workdays=max(stays, default=None) if timed else None,
            )


def _shortages(rows: Sequence[ShortageRow]) -> list[ShortageLine]:
    """What most lack first."""
    number: dict[str, int] = {}
    for row in rows:
        number[row.place] = number.get(row.place, 0) + row.records
    lines = []
    for place, enterprises in sorted(number.items(), key=lambda each: (-each[1], each[0])):
        group, _, code = place.partition(":")
        if enterprises:
            lines.append(ShortageLine(group=group, code=code, enterprises=enterprises))
    return lines
