"""Totals of a campaign by city: how many records are in each state, how long they were in it, and
how many enterprises lack whom. Each total stands as it is now, and as every day ended on which it
moved; the last of those up to a day is what it was then.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from libs.events.readmodel import Change, ReadModel, RowStep
from libs.events.rows import Json
from services.assessment.progress.spent import more, workdays

Steps = Iterator[Change | RowStep]


class StateKey(NamedTuple):
    campaign: UUID
    city: str
    status: str


class ShortageKey(NamedTuple):
    campaign: UUID
    city: str
    place: str


@dataclass(frozen=True)
class StateRow:
    """`spent`: how many left the state after so many working days; `since`: how many are in it,
    by the day on which they came.
    """

    campaign: UUID
    city: str
    status: str
    day: date  # on which it moved last
    records: int = 0
    spent: Json = field(default_factory=dict)
    since: Json = field(default_factory=dict)


@dataclass(frozen=True)
class ShortageRow:
    """`place`: what the staffing table asks for, a registration type or a speciality."""

    campaign: UUID
    city: str
    place: str
    day: date
    records: int = 0


R = TypeVar("R", StateRow, ShortageRow)
STATE, SHORTAGE = StateKey._fields, ShortageKey._fields
state_totals = ReadModel("state_totals", StateRow, key=STATE)
state_days = ReadModel("state_days", StateRow, key=(*STATE, "day"))
shortage_totals = ReadModel("shortage_totals", ShortageRow, key=SHORTAGE)
shortage_days = ReadModel("shortage_days", ShortageRow, key=(*SHORTAGE, "day"))


def enters(key: StateKey, day: date) -> RowStep:
    """One record more is in this state."""

    def then(before: StateRow | None) -> Steps:
        now = _on(before or StateRow(*key, day), day)
        entered = replace(
            now,
            records=now.records + 1,
            since=more(now.since, day),
        )
        yield from kept(state_totals, state_days, entered)

    return state_totals.step(then, **key._asdict())


def leaves(key: StateKey, since: date, day: date) -> RowStep:
    """One that has been in this state since then is in it no more."""

    def then(before: StateRow | None) -> Steps:
        assert before, "what leaves a state was in it"
        now = _on(before, day)
        left = replace(
            now,
            records=now.records - 1,
            spent=more(now.spent, workdays(since, day)),
            since=more(now.since, since, -1),
        )
        yield from kept(state_totals, state_days, left)

    return state_totals.step(then, **key._asdict())


def lacks(key: ShortageKey, day: date, number: int) -> RowStep:
    """So many more enterprises, or fewer, lack whom this place asks for."""

    def then(before: ShortageRow | None) -> Steps:
        now = _on(before or ShortageRow(*key, day), day)
        lacking = replace(
            now,
            records=now.records + number,
        )
        yield from kept(shortage_totals, shortage_days, lacking)

    return shortage_totals.step(then, **key._asdict())


def _on(row: R, day: date) -> R:
    """The row on this day; days never go back, whatever the clocks say."""
    return replace(row, day=max(row.day, day))


def kept(totals: ReadModel[Any], days: ReadModel[Any], row: Any) -> Iterator[Change]:
    """The total as it is now, and as this day ends."""
    yield totals.put(row)
    yield days.put(row)
