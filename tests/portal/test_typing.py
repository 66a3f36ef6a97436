"""Nothing that is typed waits for a pause, and the next page shows it, however soon that is asked
for: in a real browser, over services in memory.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.async_api import Request, expect

from tests.in_memory.firm import Firm
from tests.portal.conftest import Screens
from tests.portal.served import ServedPortal
from tests.portal.visitor import Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
NAME = '[name="/name"]'


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    return Firm(served.services)


@pytest.fixture
async def clerk(screens: Screens, firm: Firm) -> Visitor:
    """At the form of a new person."""
    made = await screens.visitor("ENT_CLERK", "zhao", org=firm.uscc)
    await made.open("/people/new")
    return made


async def shows(clerk: Visitor, name: str) -> None:
    await clerk.page.locator("#draft").wait_for()
    await expect(clerk.page.locator(NAME)).to_have_value(name)


async def test_what_was_typed_is_there_in_the_other_language(clerk: Visitor) -> None:
    await clerk.page.locator(NAME).press_sequentially("钱未存")
    await clerk.push(clerk.page.locator("#switch"))
    assert await clerk.reads("#switch") == "中文"
    await shows(clerk, "钱未存")


async def test_what_was_typed_is_there_after_f5(clerk: Visitor) -> None:
    """The page is read anew while what was typed is still on its way."""
    await clerk.page.locator(NAME).press_sequentially("钱未存")
    await clerk.page.reload()
    await shows(clerk, "钱未存")
    await clerk.page.locator(NAME).press("End")
    await clerk.page.locator(NAME).press_sequentially("两行")
    await clerk.page.reload()
    await shows(clerk, "钱未存两行")


async def test_what_was_typed_is_kept_before_one_signs_out(
    clerk: Visitor, screens: Screens, firm: Firm
) -> None:
    await clerk.page.locator(NAME).press_sequentially("钱未存")
    await clerk.press("退出")
    again = await screens.visitor("ENT_CLERK", "zhao", org=firm.uscc)
    await again.open("/people/new")
    assert await again.page.locator(NAME).input_value() == "钱未存"


async def test_what_is_typed_without_a_pause_is_kept_meanwhile(clerk: Visitor) -> None:
    """A key a second, for ten seconds of the page's clock."""
    await clerk.page.clock.install()
    await clerk.page.reload()
    kept: list[str] = []
    clerk.page.on("request", lambda asked: kept.extend(names(asked)))
    for key in "甲乙丙丁戊己庚辛壬癸":
        await clerk.page.locator(NAME).press_sequentially(key)
        await clerk.page.clock.run_for(1000)
    assert "甲乙" in kept
    assert len(kept) >= 3


def names(asked: Request) -> Iterator[str]:
    """The name in the draft that is posted."""
    if "/drafts/" in asked.url:
        yield parse_qs(asked.post_data or "")["/name"][0]
