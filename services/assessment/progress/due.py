"""How many enterprises of each city are due, as each day ended: whoever holds a survey or design
certificate that the ministry or the province issued, and whoever has nothing approved yet (domain
book 3.1), as the roster has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from libs.events.readmodel import Change, ReadModel, RowStep
from libs.events.records import StoredEvent
from libs.filing.calendar import local_day
from libs.published import enterprise
from services.assessment.progress.totals import kept

LICENSED = re.compile("[AB]W?[12]")  # how the number of such a certificate begins


@dataclass(frozen=True)
class StandingRow:
    """`sent_filing`: the one that was sent last, and whether that names such a certificate."""

    enterprise: UUID
    city: str
    is_due: bool
    is_filed: bool = False
    sent_filing: UUID | None = None
    sent_licensed: bool = False


@dataclass(frozen=True)
class DueRow:
    city: str
    day: date
    enterprises: int


Steps = Iterator[Change | RowStep]
standings = ReadModel("enterprise_standings", StandingRow, key=("enterprise",))
due_totals = ReadModel("due_totals", DueRow, key=("city",))
due_days = ReadModel("due_days", DueRow, key=("city", "day"))


@standings.on(enterprise.EnterpriseRegistered)
def _registered(fact: enterprise.EnterpriseRegistered, at: StoredEvent) -> Iterator[RowStep]:
    after = StandingRow(
        enterprise=at.stream,
        city=fact.supervising_city_code,
        is_due=True,
    )

    def then(before: StandingRow | None) -> Steps:
        yield from _moved(before, after, at)

    yield standings.step(then, enterprise=at.stream)


@standings.on(enterprise.WholeFilingSent)
def _sent(fact: enterprise.WholeFilingSent, at: StoredEvent) -> Iterator[RowStep]:
    licensed = is_licensed(fact.content)

    def then(before: StandingRow | None) -> Steps:
        assert before, "an enterprise begins with its registration"
        city = before.city if before.is_filed else fact.supervising_city_code
        after = replace(
            before,
            city=city,
            sent_filing=fact.filing,
            sent_licensed=licensed,
        )
        yield from _moved(before, after, at)

    yield standings.step(then, enterprise=at.stream)


@standings.on(enterprise.FilingApproved)
def _approved(fact: enterprise.FilingApproved, at: StoredEvent) -> Iterator[RowStep]:
    def then(before: StandingRow | None) -> Steps:
        assert before, "an enterprise begins with its registration"
        after = replace(
            before,
            city=fact.supervising_city_code,
            is_filed=True,
            is_due=before.sent_licensed if before.sent_filing == fact.filing else before.is_due,
        )
        yield from _moved(before, after, at)

    yield standings.step(then, enterprise=at.stream)


def is_licensed(content: dict[str, Any]) -> bool:
    """Whether what was filed names a certificate of the scope."""
    numbers = (each.get("cert_no") or "" for each in content.get("certificates") or ())
    return any(map(LICENSED.match, numbers))


def _moved(before: StandingRow | None, after: StandingRow, at: StoredEvent) -> Steps:
    """The enterprise as it stands, and its city's total where that is another."""
    yield standings.put(after)
    was = before if before and before.is_due else None
    now = after if after.is_due else None
    if was and now and was.city == now.city:
        return
    day = local_day(at.recorded_at)
    if was:
        yield _counted(was.city, day, -1)
    if now:
        yield _counted(now.city, day, 1)


def _counted(city: str, day: date, number: int) -> RowStep:
    def then(before: DueRow | None) -> Steps:
        row = before or DueRow(city, day, 0)
        row = replace(
            row,
            day=max(row.day, day),
            enterprises=row.enterprises + number,
        )
        yield from kept(due_totals, due_days, row)

    return due_totals.step(then, city=city)
