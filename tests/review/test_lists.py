"""What officers, enterprises and everybody see in lists, from real tables."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest

from libs.chassis.process.metrics import Metrics
from libs.chassis.service.resources import Resources
from libs.events import walks
from libs.filing.identifiers import enterprise_id
from services.review.cases import lists
from services.review.figures import figures
from tests.filing.given import credit_code
from tests.given import id_of
from tests.observability.rules import Course, fired, scraped
from tests.review.given import CASE, THE_RECORD, on
from tests.review.review_in_memory import House
from tests.review.test_course import ORDER

pytestmark = [pytest.mark.servers]


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
    assert await listed(house, "EXPERT", "/cases") == []
    await house.named("expert")
    assert [each["level"] for each in await listed(house, "EXPERT", "/cases")] == ["EXPERT"]
    for asked in ("/cases", "/cases?assignee=expert"):
        assert await listed(house, "EXPERT/two", asked) == []
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


@pytest.mark.parametrize("act", ["release", "assign"])
async def test_the_queue_says_who_holds_a_case_now(house: House, act: str) -> None:
    await house.send()
    await house.done("CITY_OFFICER/one", "POST", f"/cases/{CASE}:open")
    body = {"to": "two", "reason": "休假"} if act == "assign" else None
    await house.done("CITY_OFFICER/one", "POST", f"/cases/{CASE}:{act}", body)
    line = (await listed(house, "CITY_OFFICER", "/cases?open=true"))[0]
    case = await house.done("CITY_OFFICER", "GET", f"/cases/{CASE}")
    assert line == {name: case[name] for name in line}
    assert (line["state"], line["assignee"]) == (
        ("WAITING", None) if act == "release" else ("TAKEN", "two")
    )


# Several enterprises' records: name, and the day on which it was sent


SENT = (
    ("乙勘察院", date(2024, 9, 3)),
    ("甲设计院", date(2024, 9, 9)),
    ("丙公司", date(2024, 9, 2)),
)


async def several(house: House) -> None:
    """Sent one after the other; it is 10 September then."""
    for n, (name, day) in enumerate(SENT):
        house.clock.at = on(day)
        number = f"2024-410100-00000{n}"
        await house.send(record=id_of(name), name=name, record_no=number, receipt_no=f"R-{n}")
    house.clock.at = on(date(2024, 9, 10))


async def names(house: House, query: str) -> list[str]:
    """Of all pages, one case a page."""
    found, cursor = [], ""
    while True:
        path = f"/cases?limit=1&{query}{cursor}"
        page = await house.done("CITY_OFFICER", "GET", path)
        found += [each["enterprise_name"] for each in page["items"]]
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("due_on", ["丙公司", "乙勘察院", "甲设计院"]),
        ("-due_on", ["甲设计院", "乙勘察院", "丙公司"]),
        ("sent_at", ["丙公司", "乙勘察院", "甲设计院"]),
        ("enterprise_name", sorted(["丙公司", "乙勘察院", "甲设计院"])),
    ],
)
@pytest.mark.parametrize("narrowed", ["", "&state=WAITING", "&open=true"])
async def test_the_queue_is_sorted_and_leads_on_in_that_order(
    house: House, sort: str, expected: list[str], narrowed: str
) -> None:
    await several(house)
    assert await names(house, f"sort={sort}{narrowed}") == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=设计", ["甲设计院"]),
        ("q=2024-410100-000002", ["丙公司"]),
        ("q=r-1", ["甲设计院"]),
        ("q=无此企业", []),
        ("due_before=2024-10-08", ["丙公司"]),
        ("type=ENT_INIT", []),
        ("type=ASSESSMENT&q=勘察", ["乙勘察院"]),
        ("open=false", []),
    ],
)
async def test_the_queue_is_narrowed(house: House, asked: str, expected: list[str]) -> None:
    await several(house)
    assert await names(house, asked) == expected


THEIRS = credit_code(7)
WIDE = "".join(chr(ord(each) + 0xFEE0) for each in THEIRS)


@pytest.mark.parametrize("typed", [THEIRS, THEIRS.lower(), WIDE])
async def test_a_whole_credit_code_is_found_however_long_the_queue(
    house: House, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """A part of it is looked for among the most urgent ones: two of them, here."""
    await several(house)
    theirs = enterprise_id(THEIRS)
    await house.send(record=id_of("丁"), owner=theirs, uscc=THEIRS, name="丁公司", receipt_no="R-9")
    monkeypatch.setattr(walks, "ROWS", 2)
    for asked, expected in ((typed, ["丁公司"]), (THEIRS[:-1], [])):
        found = await listed(house, "CITY_OFFICER", f"/cases?q={quote(asked)}")
        assert [each["enterprise_name"] for each in found] == expected


async def test_the_queue_is_counted_by_state_with_what_is_near_its_end_or_past_it(
    house: House,
) -> None:
    await several(house)
    due = [(await listed(house, "CITY_OFFICER", "/cases"))[n]["due_on"] for n in range(3)]
    house.clock.at = on(date.fromisoformat(due[1]))
    first = (await listed(house, "CITY_OFFICER", "/cases"))[0]["id"]
    await house.done("CITY_OFFICER/one", "POST", f"/cases/{first}:open")
    page = await house.done("CITY_OFFICER/one", "GET", "/cases?count=true&state=WAITING&limit=1")
    some = {name: tuple(each.values()) for name, each in page["counts"].items() if each["all"]}
    assert (page["total"], page["total_is_all"], len(page["items"])) == (2, True, 1)
    assert some == {"open": (3, 1, 1), "TAKEN": (1, 0, 1), "mine": (1, 0, 1), "WAITING": (2, 1, 0)}
    assert page["over_before"] == due[1]
    assert await names(house, f"due_before={page['near_before']}") == ["丙公司", "乙勘察院"]


async def test_a_case_says_how_many_working_days_are_left_of_how_many(house: House) -> None:
    await house.send()
    for day, left in ((date(2024, 9, 10), 20), (date(2024, 9, 30), 6), (date(2024, 10, 14), 0)):
        house.clock.at = on(day)
        [line] = await listed(house, "CITY_OFFICER", "/cases")
        assert (line["working_days_left"], line["working_days"]) == (left, 20), line["due_on"]
    house.clock.at = on(date(2024, 10, 18))
    assert (await listed(house, "CITY_OFFICER", "/cases"))[0]["working_days_left"] == -4
    await house.decided("CITY_OFFICER", "RETURN")
    assert (await listed(house, "CITY_OFFICER", "/cases"))[0]["working_days_left"] is None


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


async def test_decisions_without_effect_wake_somebody(house: House, tmp_path: Path) -> None:
    metrics = Metrics("review")
    metrics.add(lambda: figures(cast(Resources, house)))
    before = scraped((await metrics.text()).decode())
    house.follows = False
    await house.send()
    await house.decided("CITY_OFFICER", "RETURN")
    house.clock.at += timedelta(seconds=61)
    after = scraped((await metrics.text()).decode())
    assert fired(Course(before, after, after), tmp_path) == {
        "KaoheDecisionsWithoutEffect",
        "KaoheOverdue",
    }
