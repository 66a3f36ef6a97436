"""In a small window nothing covers what is to be pressed, and buttons are not broken within a word:
in a real browser, over services in memory.
"""

import pytest
from playwright.async_api import expect

from deploy.demo import filing
from tests.in_memory.firm import Firm, passed, publish
from tests.portal.conftest import Screens
from tests.portal.served import ServedPortal
from tests.portal.visitor import Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
POINT = {"pointer": "/basic/fax", "reason": "R01", "text": "号码少一位，请核对后重新填写"}
UNDER_THE_BAR = """() => {
    const [tabs, bar] = [".tabs", ".actions"].map((each) => document.querySelector(each));
    const top = (each) => each.getBoundingClientRect().top;
    scrollBy(0, top(tabs) - top(bar));
    return Math.round(top(tabs) - top(bar));
}"""
COVERED = """() => [...document.querySelectorAll(".actions .btn")].filter((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return ![0.1, 0.5, 0.9].every((at) => each.contains(
        document.elementFromPoint(left + width / 2, top + height * at)));
}).map((each) => each.textContent.trim())"""
BROKEN = """() => [...document.querySelectorAll("main .btn")].filter((each) => {
    const words = document.createRange();
    words.selectNodeContents(each);
    return !/[^\\u4e00-\\u9fff]/.test(each.textContent.trim())
        && new Set([...words.getClientRects()].map((line) => Math.round(line.top))).size > 1;
}).map((each) => each.textContent.trim())"""


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    """Its filing has come back."""
    made = Firm(served.services)
    path = filing.first_filing(made.enterprise)
    officer = made.at.officer()
    officer.decide(officer.open(path), "RETURN", "请核对", [POINT])
    made.enterprise.waits_for(path, "RETURNED")
    return made


@pytest.fixture
async def clerk(screens: Screens, firm: Firm) -> Visitor:
    return await screens.visitor("ENT_CLERK", "zhao", org=firm.uscc)


async def test_the_bar_at_the_bottom_lies_over_the_tabs(clerk: Visitor) -> None:
    """Which stand below what came back: there the bar meets them."""
    await clerk.page.set_viewport_size({"width": 1366, "height": 600})
    await clerk.open("/")
    await clerk.push(clerk.page.get_by_role("link", name="逐条改正"))
    assert await clerk.page.evaluate(UNDER_THE_BAR) == 0
    assert await clerk.page.evaluate(COVERED) == []


async def test_a_button_is_not_broken_within_a_word(clerk: Visitor) -> None:
    await clerk.open("/")
    assert "逐条改正" in await clerk.reads()
    for width in range(900, 1400, 20):
        await clerk.page.set_viewport_size({"width": width, "height": 768})
        assert await clerk.page.evaluate(BROKEN) == [], width


@pytest.fixture
def announced(served: ServedPortal) -> Firm:
    made = passed(served.services)
    publish(served.services, [made])
    return made


SIDEWAYS = "each => each.scrollWidth - each.clientWidth"


async def test_on_a_telephone_a_result_is_read_without_moving_it(
    screens: Screens, announced: Firm
) -> None:
    anybody = await screens.visitor("")
    await anybody.page.set_viewport_size({"width": 390, "height": 844})
    await anybody.open("/results")
    assert announced.enterprise.name in await anybody.reads()
    assert await anybody.page.locator(".scroll").evaluate(SIDEWAYS) <= 0
    await expect(anybody.page.locator("tbody .chip")).to_be_in_viewport()
