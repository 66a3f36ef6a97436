"""What the authority changes of the reference data, and the development clock."""

from libs.events.testing import given
from libs.events.value import Act, Actor
from services.review.reference.domain import Reference
from tests.given import AT
from tests.review.review_in_memory import House, caller

ACT = Act(by=Actor(user="sys_admin", role="SYS_ADMIN"), at=AT)
MAILBOX = {"code": "410100", "packet": {"mailbox": "filing@example.com"}}

clock = Reference.ReferenceBegun(act=ACT, kind="clock")
units = Reference.ReferenceBegun(act=ACT, kind="reporting_unit")
moved = Reference.ClockSet(act=ACT, offset_seconds=86400)
changed = Reference.ReferenceChanged(act=ACT, kind="reporting_unit", items=(MAILBOX,))


def test_the_clock_is_moved() -> None:
    given(Reference, clock).when(Reference.set_clock, ACT, 86400).then(moved)


def test_a_clock_that_stands_there_already_is_not_moved() -> None:
    given(Reference, clock, moved).when(Reference.set_clock, ACT, 86400).then()


def test_only_what_differs_is_changed() -> None:
    same, other = MAILBOX, {"code": "410200", "packet": {"mailbox": "other@example.com"}}
    given(Reference, units).when(Reference.change, ACT, (MAILBOX,)).then(changed)
    given(Reference, units, changed).when(Reference.change, ACT, (same, other)).then(
        Reference.ReferenceChanged(act=ACT, kind="reporting_unit", items=(other,))
    )


def test_an_item_that_was_stored_in_another_spelling_does_not_differ() -> None:
    older = {"code": "410100", "packet": {"mailbox": "filing@example.com\u200b "}}
    before = Reference.ReferenceChanged(act=ACT, kind="reporting_unit", items=(older,))
    given(Reference, units, before).when(Reference.change, ACT, (MAILBOX,)).then()


async def test_texts_of_what_is_changed_are_cleaned() -> None:
    house = House()
    body = {"items": [{"code": "410100 ", "packet": {"mailbox": " filing@example.com\u200b\n"}}]}
    told = await house.ask(caller("SYS_ADMIN"), "PUT", "/reference/reporting_unit", body)
    assert told.json()["items"] == [MAILBOX]


async def test_a_code_list_is_read_by_anybody_with_what_was_changed_laid_over_it() -> None:
    house = House()
    path = "/codelists/reporting_unit"
    shipped = await house.ask("", "GET", path)
    tag = shipped.headers["ETag"]

    body = {"items": [{"code": "410100", "packet": {"mailbox": "filing@example.com"}}]}
    told = await house.ask(caller("SYS_ADMIN"), "PUT", "/reference/reporting_unit", body)
    assert told.status_code == 200
    now = await house.ask("", "GET", path, headers={"If-None-Match": tag})

    assert now.status_code == 200
    before, after = ({each["code"]: each for each in a.json()["items"]} for a in (shipped, now))
    assert list(before) == list(after)
    assert after["410100"]["zh"] == before["410100"]["zh"]
    assert after["410100"]["packet"]["mailbox"] == "filing@example.com"
    kept = await house.ask("", "GET", path, headers={"If-None-Match": now.headers["ETag"]})
    assert kept.status_code == 304
    assert (await house.ask("", "GET", "/codelists/nothing_such")).status_code == 404
