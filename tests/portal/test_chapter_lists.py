"""A list is filtered and turned over within its page, where scripts are on; whatever else comes is
opened as a page.
"""

from random import Random
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import expect

from deploy.demo import people
from deploy.demo.filing import first_filing, make
from tests.journeys.conftest import System
from tests.portal.visitor import Browsers, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]


async def looking(system: System, browsers: Browsers) -> Visitor:
    """A clerk at the list of filings, one of which is under review."""
    random, name = Random(), f"郑州列表{uuid4().hex[:6]}设计有限公司"
    uscc = people.credit_code(random)
    made = make(system.actor("ENT_CLERK", org=uscc), random, name, uscc)
    made.register()
    first_filing(made)
    clerk = await browsers.visitor()
    await clerk.sign_in(uscc=uscc)
    await clerk.open("/enterprise/filings")
    await clerk.page.evaluate("window.still = true")
    return clerk


async def test_a_list_is_filtered_within_its_page(system: System, browsers: Browsers) -> None:
    clerk = await looking(system, browsers)
    page = clerk.page
    await page.locator("#q-status").select_option("APPROVED")
    await page.get_by_role("button", name="筛选").click()
    await expect(page.locator("tbody a")).to_have_count(0)
    assert parse_qs(urlsplit(page.url).query)["status"] == ["APPROVED"]
    assert await page.evaluate("window.still")
    assert await page.evaluate("document.activeElement.id") == "main"
    kept = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"
    assert await page.evaluate(kept) == ["htmx-current-path-for-history"]  # no page

    await page.go_back()
    await expect(page.locator("tbody a")).to_have_count(1)
    await page.locator("#q-status").select_option("APPROVED")
    await page.get_by_role("button", name="筛选").click()
    await expect(page.locator("tbody a")).to_have_count(0)
    await page.locator("#switch").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert parse_qs(urlsplit(page.url).query)["status"] == ["APPROVED"]


async def test_a_session_that_ended_leads_to_signing_in_and_back(
    system: System, browsers: Browsers
) -> None:
    clerk = await looking(system, browsers)
    await clerk.page.context.clear_cookies()
    await clerk.page.locator("#q-status").select_option("APPROVED")
    await clerk.page.get_by_role("button", name="筛选").click()
    await expect(clerk.page.get_by_role("heading", level=1)).to_contain_text("登录")
    assert await clerk.page.evaluate("window.still") is None
