"""Open pages follow what others do: nobody reloads, nothing but chips and counts changes, and it
is said in one place. Another firm's page hears nothing of it.
"""

from random import Random
from uuid import uuid4

import pytest
from playwright.async_api import expect

from deploy.demo import people
from deploy.demo.filing import DemoEnterprise, Officer, first_filing, make
from tests.journeys.conftest import System
from tests.patience import PATIENCE
from tests.portal import authority
from tests.portal import clerk as clerks
from tests.portal.visitor import Browsers, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SOON = PATIENCE * 1000  # ms
PASSED = "审核通过(已备案)"
WAITING = ".tiles a:has-text('待受理') b"


def enterprise(system: System) -> tuple[DemoEnterprise, str]:
    """Registered; with its credit code."""
    random, name = Random(), f"郑州随看{uuid4().hex[:6]}设计有限公司"
    uscc = people.credit_code(random)
    made = make(system.actor("ENT_CLERK", org=uscc), random, name, uscc)
    made.register()
    return made, uscc


async def looking(browsers: Browsers, uscc: str, path: str) -> Visitor:
    """A clerk whose page is open, and listens."""
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await listens(clerk, path)
    return clerk


async def listens(visitor: Visitor, path: str) -> None:
    """From now on this page stays as it is, and hears."""
    async with visitor.page.expect_response("**/live"):
        await visitor.open(path)
    await visitor.page.evaluate("window.still = true")


async def sees(visitor: Visitor, chip: str) -> None:
    """On the page that lies open, as somebody else has just made it."""
    await expect(visitor.page.locator("tbody .chip")).to_have_text(chip, timeout=SOON)
    await expect(visitor.page.locator("#live")).to_contain_text(chip)
    assert await visitor.page.evaluate("window.still"), "it was loaded anew"


async def sees_one_more(officer: Visitor, before: int) -> None:
    count = officer.page.locator(WAITING)
    await expect(count).to_have_text(f"{before + 1}件", timeout=SOON)
    assert await officer.page.evaluate("window.still"), "it was loaded anew"


async def waiting(officer: Visitor) -> int:
    """How many cases wait, by the officer's own queue, which stays open."""
    await listens(officer, "/cases")
    told = await officer.page.locator(WAITING).inner_text()
    return int(told.removesuffix("件"))


async def test_what_an_officer_decides_is_on_the_clerks_page_and_on_no_other_firms(
    system: System, browsers: Browsers
) -> None:
    (ours, our_code), (theirs, their_code) = enterprise(system), enterprise(system)
    officer = Officer(system.actor("CITY_OFFICER", city="410100"))
    filing = first_filing(ours)
    opened = officer.open(filing)
    officer.open(first_filing(theirs))
    clerk = await looking(browsers, our_code, "/enterprise/filings")
    item = await looking(browsers, our_code, f"/enterprise/filings/{filing.rpartition('/')[2]}")
    other = await looking(browsers, their_code, "/enterprise/filings")
    await expect(other.page.locator("tbody .chip")).to_have_text("审核中")
    asked: list[str] = []
    other.page.on("request", lambda request: asked.append(request.url))

    await clerk.page.locator("tbody a").first.focus()
    officer.decide(opened, "PASS", "同意")
    for page in (clerk.page, item.page):
        await expect(page.locator("[data-live]").first).to_contain_text(PASSED, timeout=SOON)
        await expect(page.locator("#live")).to_contain_text(PASSED)
        assert await page.evaluate("window.still")
    focused = await clerk.page.evaluate("document.activeElement.closest('tbody') !== null")
    assert focused, "what was being read has moved"
    await expect(other.page.locator("tbody .chip")).to_have_text("审核中")
    assert asked == []
    assert await other.page.locator("#live").inner_text() == ""


async def test_the_queue_counts_what_has_just_been_sent(system: System, browsers: Browsers) -> None:
    made, _ = enterprise(system)
    officer = await browsers.visitor()
    await officer.sign_in(account="city_officer/410100")
    before = await waiting(officer)
    first_filing(made)
    await sees_one_more(officer, before)
    await expect(officer.page.locator("#live")).to_contain_text(f"待受理{before + 1}件")


async def test_a_clerk_and_an_officer_see_at_once_what_the_other_does(
    system: System, browsers: Browsers
) -> None:
    made, uscc = enterprise(system)
    made.fill_in()
    filing = made.add("ENT_INIT")
    made.save(filing)
    page = f"/enterprise/filings/{filing.rpartition('/')[2]}"
    clerk, officer = await browsers.visitor(), await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await officer.sign_in(account="city_officer/410100")

    before = await waiting(officer)
    await clerk.open(page)
    await clerks.send(clerk)
    await sees_one_more(officer, before)

    await listens(clerk, "/enterprise/filings")
    await authority.take(officer, made.name)
    await sees(clerk, "审核中")
    await authority.send_back(officer)
    await sees(clerk, "退回补正")

    before = await waiting(officer)
    await clerk.open(page)
    await clerks.correct(clerk)
    await clerks.send(clerk)
    await sees_one_more(officer, before)

    await listens(clerk, "/enterprise/filings")
    await authority.take(officer, made.name)
    await authority.pass_all(officer)
    await sees(clerk, PASSED)
