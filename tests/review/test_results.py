"""What everybody reads of announced results, from real tables."""

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.given import USCC, id_of
from tests.review.given import THE_RECORD, on
from tests.review.review_in_memory import House

NO, OTHER_NO = "2024-410100-000001", "2024-410100-000002"
UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


async def told(house: House, path: str) -> Any:
    """By nobody in particular."""
    return await house.done("", "GET", path)


async def names(house: House, filters: str = "") -> list[str]:
    return [each["record_no"] for each in (await told(house, f"/results{filters}"))["items"]]


async def published(house: House) -> str:
    """Open to objections."""
    await house.concluded("PASS")
    body = {"records": [str(THE_RECORD)]}
    return str((await house.done("PROV_OFFICER", "POST", "/publicities", body))["id"])


# The read model, in memory


async def test_a_record_is_no_result_before_it_is_announced() -> None:
    house = House()
    publicity = await published(house)
    [row] = house.rows("announced_results")
    assert (row["announced"], row["record_no"]) == (False, NO)
    house.clock.at = on(date(2024, 10, 20))
    await house.done("PROV_LEAD", "POST", f"/publicities/{publicity}:announce")
    [row] = house.rows("announced_results")
    assert (row["announced"], row["result"], row["announced_on"]) == (
        True,
        "PASS",
        date(2024, 10, 20),
    )


async def test_the_digest_is_that_of_the_round_that_was_sent_last() -> None:
    house = House()
    await house.send()
    await house.decided("CITY_OFFICER", "RETURN")
    await house.send(2, snapshot_sha256="b" * 64)
    [row] = house.rows("announced_results")
    assert row["snapshot_sha256"] == "b" * 64


# What is asked


@pytest.mark.servers
async def test_nobody_finds_what_is_not_announced(house: House) -> None:
    await published(house)
    assert await names(house) == []
    assert (await house.do("", "GET", f"/results/{NO}")).status_code == 404
    assert (await house.do("PROV_LEAD", "GET", f"/results/{NO}")).status_code == 404


@pytest.mark.servers
async def test_everybody_reads_name_code_qualifications_result_and_notice(house: House) -> None:
    await house.announced("BASIC")
    [line] = (await told(house, "/results"))["items"]
    [licence] = line.pop("qualifications")
    assert (licence["licence"], licence["grade"]) == ("A32101", "B")
    assert "乙级" in licence["zh"]
    assert line == {
        "record_no": NO,
        "enterprise_name": "某设计院",
        "uscc": USCC,
        "unit": "410100",
        "result": "BASIC",
        "notice": {
            "first_day": "2024-09-10",
            "last_day": "2024-09-20",
            "announced_on": "2024-10-20",
        },
    }


@pytest.mark.servers
@pytest.mark.parametrize("path", ["/results", f"/results/{NO}"])
async def test_no_id_and_nothing_personal_stands_in_what_everybody_reads(
    house: House, path: str
) -> None:
    await house.announced("PASS")
    for who in ("", "ENT_CLERK", "PROV_LEAD"):
        told = json.dumps(await house.done(who, "GET", path))
        assert not UUID_FORM.search(told)


@pytest.mark.servers
async def test_a_paper_is_checked_by_its_digest(house: House) -> None:
    await house.announced("PASS")
    sent = (await house.case()).reviewed.data_sha256

    async def matches(digest: str) -> Any:
        return (await told(house, f"/results/{NO}{digest}"))["digest_matches"]

    assert await matches("") is None
    assert await matches(f"?digest={'a' * 64}") is True  # the generation's, on its papers
    assert await matches(f"?digest={sent}") is True  # the sent event's, on the receipt
    assert await matches(f"?digest={'b' * 64}") is False
    assert (await house.do("", "GET", f"/results/{OTHER_NO}?digest={sent}")).status_code == 404
    assert (await house.do("", "GET", f"/results/{NO}?digest=a")).status_code == 400


@pytest.mark.servers
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (f"campaign={id_of('campaign')}", True),
        (f"campaign={id_of('another')}", False),
        ("unit=410100", True),
        ("unit=410200", False),
        ("result=FAIL", True),
        ("result=PASS", False),
        ("q=设计", True),
        ("q=勘察", False),
        (f"q={USCC}", True),
        (f"q={USCC.lower()}", True),
        (f"q={USCC[4:12].lower()}", True),
        ("q=91410100MA00000000", False),
        (f"q={USCC}&result=PASS", False),
    ],
)
async def test_results_are_searched_by_campaign_unit_result_name_and_code(
    house: House, filters: str, found: bool
) -> None:
    await house.announced("FAIL")
    assert await names(house, f"?{filters}") == ([NO] if found else [])


@pytest.mark.servers
async def test_results_come_a_page_at_a_time_by_credit_code(house: House) -> None:
    other, uscc = id_of("another record"), "91410100MA0000000Z"
    await house.announced("FAIL")
    row = house.rows("announced_results")[0]
    second = row | {"record": other, "record_no": OTHER_NO, "uscc": uscc}
    columns = ", ".join(second)
    places = ", ".join(f"${n}" for n in range(1, len(second) + 1))
    values = [json.dumps(each) if isinstance(each, list) else each for each in second.values()]
    await house.pool.execute(
        f"INSERT INTO announced_results ({columns}) VALUES ({places})", *values
    )
    first = await told(house, "/results?limit=1")
    then = await told(house, f"/results?limit=1&cursor={first['next_cursor']}")
    shown = [each["record_no"] for page in (first, then) for each in page["items"]]
    assert (shown, then["next_cursor"]) == (
        [NO, OTHER_NO] if uscc > USCC else [OTHER_NO, NO],
        None,
    )
