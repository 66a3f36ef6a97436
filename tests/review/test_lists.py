"""What officers, enterprises and everybody see in lists, from real tables."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from libs.events.pools import open_pool
from services.review.cases import lists
from services.review.main import SERVICE
from tests.given import id_of
from tests.review.given import CASE, THE_RECORD, on
from tests.review.review_in_memory import House
from tests.review.test_course import ORDER

pytestmark = [pytest.mark.servers]


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    pool = await open_pool(database)
    for each in SERVICE.projections:
        await pool.execute(each.sql)
    yield House(pool)
    await pool.close()


async def listed(house: House, token: str, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await house.done(token, "GET", path))["items"]
    return found


async def test_the_queue_follows_a_record_through_its_levels(house: House) -> None:
    await house.send()
    queue = "/cases?kind=assessment"
    assert [(each["id"], each["state"]) for each in await listed(house, "CITY_OFFICER", queue)] == [
        (str(CASE), "WAITING")
    ]
    assert await listed(house, "CITY_OFFICER/x/410200", queue) == []
    assert await listed(house, "CITY_OFFICER", "/cases?kind=enterprise_filing") == []
    await house.decided("CITY_OFFICER", "PASS")
    assert [each["id"] for each in await listed(house, "CITY_LEAD", f"{queue}&state=OPINION")] == [
        str(CASE)
    ]
    await house.done("CITY_LEAD", "POST", f"/cases/{CASE}:sign")
    waiting = await listed(house, "PROV_OFFICER", f"{queue}&level=PROV&state=WAITING")
    assert [(each["assignee"], each["decision"], each["due_on"]) for each in waiting] == [
        (None, None, "2024-10-14")
    ]
    await house.decided("PROV_OFFICER", "ESCALATE")
    assert [each["level"] for each in await listed(house, "EXPERT", "/cases")] == ["EXPERT"]
    await house.done("EXPERT", "POST", f"/cases/{CASE}:give-opinion", {"text": "同意"})
    assert await listed(house, "EXPERT", "/cases") == []
    assert [each["level"] for each in await listed(house, "PROV_OFFICER", queue)] == ["PROV"]


@pytest.mark.parametrize("decision", ["RETURN", "ONSITE", "ESCALATE", "FAIL"])
async def test_the_queue_says_what_the_case_says(house: House, decision: str) -> None:
    await house.at_the_province()
    await house.decided("PROV_OFFICER", decision)
    line = (await listed(house, "PROV_OFFICER", "/cases"))[0]
    case = await house.done("AUDITOR", "GET", f"/cases/{CASE}")
    assert line == {name: case[name] for name in line}


async def test_conclusions_are_listed_from_proposal_to_announcement(house: House) -> None:
    await house.concluded("BASIC")
    line = (await listed(house, "CITY_LEAD", "/conclusions?result=BASIC"))[0]
    told = (
        line["record"],
        line["state"],
        line["proposal"],
        line["result"],
        line["overridden"],
        line["announced"],
    )
    assert told == (str(THE_RECORD), "CONCLUDED", "PASS", "BASIC", True, False)
    assert await listed(house, "CITY_LEAD/x/410200", "/conclusions") == []
    publicity = await house.done(
        "PROV_OFFICER", "POST", "/publicities", {"records": [str(THE_RECORD)]}
    )
    assert (await listed(house, "PROV_LEAD", "/conclusions?state=PUBLISHED"))[0][
        "publicity"
    ] == publicity["id"]
    house.clock.at = on(date(2024, 10, 20))
    await house.done("PROV_LEAD", "POST", f"/publicities/{publicity['id']}:announce")
    assert (await listed(house, "PROV_LEAD", "/conclusions"))[0]["announced"] is True


async def test_everybody_finds_the_publicities_the_latest_first(house: House) -> None:
    await house.announced("PASS")
    another = id_of("another record")
    assert [
        (each["standing"], each["results"]) for each in await listed(house, "", "/publicities")
    ] == [("ANNOUNCED", 1)]
    assert await listed(house, "", "/publicities?standing=OPEN") == []
    assert (await house.do("", "GET", "/conclusions")).status_code == 401
    assert (await house.do("ENT_CLERK", "GET", f"/conclusions/{another}")).status_code == 403


async def test_rectifications_are_listed_to_their_own_and_overdue_by_the_day(house: House) -> None:
    await house.announced("FAIL")
    await house.done("PROV_OFFICER", "POST", "/rectifications", ORDER)
    assert [each["status"] for each in await listed(house, "ENT_CLERK", "/rectifications")] == [
        "NOTIFIED"
    ]
    assert await listed(house, "CITY_LEAD/x/410200", "/rectifications") == []
    assert await listed(house, "PROV_LEAD", "/rectifications?status=OVERDUE") == []
    house.clock.at = on(date(2025, 1, 21))
    assert [
        each["status"]
        for each in await listed(house, "PROV_LEAD", "/rectifications?status=OVERDUE")
    ] == ["OVERDUE"]


async def test_a_decision_that_nobody_answers_is_counted_after_a_minute(house: House) -> None:
    house.follows = False
    await house.send()
    await house.decided("CITY_OFFICER", "RETURN")
    pool, now = house.pool, house.clock.now()
    assert [await lists.without_effect(pool, now + timedelta(seconds=late)) for late in (0, 1)] == [
        0,
        1,
    ]
    house.follows = True
    await house.assess()
    assert await lists.without_effect(pool, now + timedelta(days=1)) == 0
