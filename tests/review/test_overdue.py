"""What should have happened by now is listed, with what is expected next, and counted; what is in
time is not.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from deploy.cli import overdue as command
from deploy.installation.installation import Installation
from libs.chassis.process.metrics import Metrics
from libs.chassis.service.resources import Resources
from libs.filing.calendar import correction_end
from libs.filing.reference import policy
from services.review.figures import ITEMS, figures
from tests.observability.rules import Course, Scrape, fired, scraped
from tests.review.given import CASE, THE_RECORD, on
from tests.review.review_in_memory import House
from tests.review.test_course import ORDER

pytestmark = [pytest.mark.servers]
LONG_AFTER = date(2025, 6, 2)
Line = tuple[str, str, str]


async def page(house: House, who: str = "PROV_LEAD") -> dict[str, Any]:
    return dict(await house.done(who, "GET", "/overdue"))


async def overdue(house: House, who: str = "PROV_LEAD") -> list[Line]:
    """Kind, what is expected next, where."""
    items = (await page(house, who))["items"]
    return [(each["kind"], each["action"], each["place"]["path"]) for each in items]


async def over(house: House) -> dict[str, float]:
    """By kind, as it is counted for operators."""
    told = await figures(cast(Resources, house))
    return {
        each.labels[0]: float(each.value)  # type: ignore[arg-type]
        for each in told
        if each.measure is ITEMS and each.labels[1] == "over" and each.value
    }


async def waits(house: House) -> None:
    await house.send()


async def opened(house: House) -> None:
    await house.send()
    await house.done("CITY_OFFICER", "POST", f"/cases/{CASE}:open")


async def to_sign(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "PASS")


async def at_the_province(house: House) -> None:
    await house.at_the_province()


async def at_an_expert(house: House) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", "ESCALATE")


async def to_visit(house: House) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", "ONSITE")


async def to_conclude(house: House) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", "PASS")


async def returned(house: House) -> None:
    await house.send()
    await house.decided("CITY_OFFICER", "RETURN")


async def not_answered(house: House) -> None:
    house.follows = False
    await returned(house)


async def to_rectify(house: House) -> None:
    await house.announced("FAIL")
    await house.done("PROV_OFFICER", "POST", "/rectifications", ORDER)


COURSES = {
    "nobody has opened it": (waits, "to_review", "take"),
    "opened and not decided": (opened, "in_review", "decide"),
    "the lead has not signed": (to_sign, "to_sign", "sign"),
    "the province has not opened it": (at_the_province, "to_review", "take"),
    "no expert has spoken": (at_an_expert, "to_review", "opinion"),
    "nobody has visited": (to_visit, "onsite", "minutes"),
    "not concluded": (to_conclude, "to_conclude", "approve"),
    "not corrected": (returned, "returned", "send"),
    "its owner does not answer": (not_answered, "to_take_effect", "wait"),
    "not rectified": (to_rectify, "unfinished", "report"),
}


@pytest.mark.parametrize("course", COURSES)
async def test_what_is_late_is_listed_with_what_is_expected_next(house: House, course: str) -> None:
    act, kind, action = COURSES[course]
    await act(house)
    assert (await overdue(house), await over(house)) == ([], {})
    house.clock.at = on(LONG_AFTER)
    (found,) = await overdue(house)
    assert found[:2] == (kind, action)
    assert await over(house) == {kind: 1.0}
    assert (await page(house))["items"][0]["reason"]["zh"]


async def test_a_decision_is_late_after_a_minute_and_a_case_after_its_last_day(
    house: House,
) -> None:
    await not_answered(house)
    house.clock.at += timedelta(seconds=60)
    assert await overdue(house) == []
    house.clock.at += timedelta(seconds=1)
    assert await overdue(house) == [("to_take_effect", "wait", f"/cases/{CASE}")]


async def test_the_last_day_is_in_time_and_the_next_is_not(house: House) -> None:
    await house.send()
    last = date.fromisoformat((await house.done("AUDITOR", "GET", f"/cases/{CASE}"))["due_on"])
    house.clock.at = on(last)
    assert await overdue(house) == []
    house.clock.at = on(last + timedelta(days=1))
    assert await overdue(house) == [("to_review", "take", f"/cases/{CASE}")]


async def test_days_of_correction_are_over_as_the_calendar_counts_them(house: House) -> None:
    await returned(house)
    last = correction_end(house.clock.at.date(), policy().return_fix_days)
    for _ in range(20):
        assert bool(await overdue(house)) == (house.clock.at.date() > last), house.clock.at
        house.clock.at += timedelta(days=1)
    assert await overdue(house)


async def test_a_city_sees_its_own_an_enterprise_nothing(house: House) -> None:
    await house.send()
    house.clock.at = on(LONG_AFTER)
    assert len(await overdue(house, "CITY_LEAD")) == len(await overdue(house, "AUDITOR")) == 1
    assert await overdue(house, "CITY_LEAD/x/410200") == []
    for who in ("ENT_CLERK", "EXPERT"):
        assert (await house.do(who, "GET", "/overdue")).status_code == 403
    assert THE_RECORD


async def test_what_is_late_is_told_to_whoever_operates(house: House, tmp_path: Path) -> None:
    metrics = Metrics("review")
    metrics.add(lambda: figures(cast(Resources, house)))

    async def scrape() -> Scrape:
        return scraped((await metrics.text()).decode())

    await house.send()
    before = await scrape()
    house.clock.at = on(LONG_AFTER)
    after = await scrape()
    assert fired(Course(before, after, after), tmp_path) == {"KaoheOverdue"}


class Here:
    """An installation whose review service is this one."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.services: dict[str, dict[str, str]] = {"review": {}}

    @asynccontextmanager
    async def opened(self, only: Sequence[str]) -> AsyncIterator[dict[str, House]]:
        assert only == ["review"]
        yield {"review": self._house}


async def test_operators_are_told_days_and_places_and_no_names(
    house: House,
) -> None:
    await house.send()
    house.clock.at = on(LONG_AFTER)
    rows = await command.late(cast(Installation, Here(house)))
    assert [(row["kind"], row["expected"], row["place"]) for row in rows] == [
        ("to_review", "take", f"review/cases/{CASE}")
    ]
    assert command.lines(rows)[-1] == "1 overdue"
    assert "设计院" not in "".join(command.lines(rows))
