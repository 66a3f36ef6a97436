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
from tests.portal.visitor import Browsers, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SOON = PATIENCE * 1000  # ms
PASSED = "审核通过(已备案)"


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
    async with clerk.page.expect_response("**/live"):
        await clerk.open(path)
    await clerk.page.evaluate("window.still = true")
    return clerk


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
    async with officer.page.expect_response("**/live"):
        await officer.open("/cases")
    count = officer.page.locator(".tiles a", has_text="待受理").locator("b")
    before = int((await count.inner_text()).removesuffix("件"))
    first_filing(made)
    await expect(count).to_have_text(f"{before + 1}件", timeout=SOON)
    await expect(officer.page.locator("#live")).to_contain_text(f"待受理{before + 1}件")
