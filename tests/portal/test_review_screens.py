"""An officer checks a filing item by item: what is marked counts at once and is there again, and
the scans come beside it without the place being lost. In a real browser, over services in memory.
"""

import pytest
from playwright.async_api import Locator, expect

from deploy.demo import filing
from tests.in_memory.firm import Firm
from tests.portal.conftest import Screens
from tests.portal.served import ServedPortal
from tests.portal.visitor import Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
CITY = "410100"
FAX = '[name="mark:/basic/fax"]'


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    made = Firm(served.services)
    filing.first_filing(made.enterprise)
    return made


@pytest.fixture
async def officer(screens: Screens, firm: Firm) -> Visitor:
    """Has opened the case."""
    made = await screens.visitor("CITY_OFFICER", city=CITY)
    await made.open("/cases")
    await made.push(made.page.get_by_role("link", name=firm.enterprise.name))
    await made.press("受理")
    return made


def passing(officer: Visitor) -> Locator:
    return officer.page.get_by_role("button", name="通过", exact=True)


def returning(officer: Visitor) -> Locator:
    return officer.page.get_by_role("button", name="退回补正", exact=True)


async def mark(officer: Visitor, at: str, value: str) -> None:
    await officer.page.locator(f'label:has({at}[value="{value}"])').click()


async def mark_all_in_order(officer: Visitor) -> int:
    rows = await officer.page.locator(".check-row label:has([value=ok])").all()
    for each in rows:
        await each.click()
    return len(rows)


async def test_what_is_marked_counts_at_once_and_the_case_is_passed(officer: Visitor) -> None:
    assert "没有核对" in await officer.reads("#why-pass")
    rows = await mark_all_in_order(officer)
    assert await officer.reads("#counts") == f"退回 0 项 · 无误 {rows} 项 · 未核对 0 项"
    assert await returning(officer).get_attribute("aria-disabled") == "true"
    assert await officer.reads("#why-return") == "还没有选退回的项，不能退回"
    await mark(officer, FAX, "return")
    assert await returning(officer).get_attribute("aria-disabled") is None
    assert await officer.reads("#why-pass") == "还有 1 项选了退回，不能通过"
    assert await passing(officer).get_attribute("aria-disabled") == "true"
    await mark(officer, FAX, "ok")
    await officer.push(passing(officer))
    assert "：通过" in await officer.reads()


async def test_what_is_marked_is_there_again_when_one_comes_back(officer: Visitor) -> None:
    here = officer.page.url
    await mark(officer, FAX, "return")
    await officer.page.locator('[name="reason:/basic/fax"]').select_option("R01")
    await officer.page.locator('[name="text:/basic/fax"]').fill("号码少一位")
    await officer.page.locator("#comment").fill("请补")
    await officer.push(officer.page.get_by_role("link", name="待审队列").first)
    await officer.page.goto(here)
    assert await officer.page.locator(f'{FAX}[value="return"]').is_checked()
    assert await officer.page.locator('[name="reason:/basic/fax"]').input_value() == "R01"
    assert await officer.page.locator('[name="text:/basic/fax"]').input_value() == "号码少一位"
    assert await officer.page.locator("#comment").input_value() == "请补"


async def test_what_is_marked_is_there_after_f5(officer: Visitor) -> None:
    await mark(officer, FAX, "ok")
    await officer.page.reload()
    await expect(officer.page.locator(f'{FAX}[value="ok"]')).to_be_checked()


async def test_a_scan_is_looked_at_and_the_place_is_kept(officer: Visitor) -> None:
    """Also what was typed meanwhile; the next page of the scan too."""
    await officer.page.locator("#comment").fill("请补")
    scan = officer.page.locator(".check-row button[value^='look:']").last
    await scan.scroll_into_view_if_needed()
    before = await place(scan)
    assert await officer.page.evaluate("scrollY") > 0
    page = officer.page.locator("#viewer img.page")
    shown = await page.get_attribute("src")
    await scan.click()
    await expect(page).not_to_have_attribute("src", shown or "")
    assert await place(scan) == before
    assert await officer.page.locator("#comment").input_value() == "请补"
    chosen = await officer.page.locator("[name=_look]").input_value()
    assert chosen.partition(":")[0] in (await scan.get_attribute("value") or "")


async def place(at: Locator) -> int:
    """In the window, from above."""
    box = await at.bounding_box()
    assert box
    return round(box["y"])
