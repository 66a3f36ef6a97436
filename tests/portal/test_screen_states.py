"""States of pages that the manual's play does not come to keep nobody out either: in a real
browser, in both languages, at 1366 and at 200 %.
"""

import pytest
from playwright.async_api import expect

from deploy.demo import filing
from tests.in_memory.firm import Firm
from tests.portal.axe import LANGUAGES, Axe, in_language
from tests.portal.conftest import Screens
from tests.portal.served import ServedPortal
from tests.portal.visitor import FOCUSED, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
FAX = '[name="mark:/basic/fax"]'


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    return Firm(served.services)


@pytest.fixture
async def clerk(screens: Screens, firm: Firm) -> Visitor:
    return await screens.visitor("ENT_CLERK", "zhao", org=firm.uscc)


async def test_a_draft_that_was_kept(clerk: Visitor) -> None:
    await clerk.open("/people/new")
    await clerk.type("/name", "钱未存")
    await clerk.page.locator(".ladder li", has_text="已自动保存").wait_for()
    await keep_nobody_out(clerk)
    assert "已自动保存，尚未正式保存" in await clerk.reads("#draft")


@pytest.mark.parametrize(
    ("status", "role", "path"),
    [
        (403, "SYS_ADMIN", "/audit/log"),
        (404, "ENT_CLERK", "/people/01a22112-2f52-7fd8-8b7c-3f736086f828"),
        (404, "", "/no-such-page"),
    ],
)
async def test_what_may_not_be_seen(
    screens: Screens, firm: Firm, status: int, role: str, path: str
) -> None:
    visitor = await screens.visitor(role, **({"org": firm.uscc} if role else {}))
    answer = await visitor.page.goto(f"{visitor.url}{path}")
    assert answer
    assert answer.status == status
    await keep_nobody_out(visitor)


async def test_what_is_asked_before_it_is_done(screens: Screens, firm: Firm) -> None:
    """What has not been opened yet may be asked for back."""
    await screens.portal.meanwhile(lambda: filing.first_filing(firm.enterprise))
    clerk = await screens.visitor("ENT_CLERK", org=firm.uscc)
    await clerk.open("/enterprise/filings")
    await clerk.push(clerk.page.locator("tbody a").first)
    await asks_first(clerk, "撤回")
    await clerk.press("撤回")
    assert "已申请撤回" in await clerk.reads()


@pytest.mark.parametrize("act", ["退回补正", "不通过"])
async def test_what_is_asked_before_it_is_decided(screens: Screens, firm: Firm, act: str) -> None:
    await screens.portal.meanwhile(lambda: filing.first_filing(firm.enterprise))
    officer = await screens.visitor("CITY_OFFICER", city="410100")
    await officer.open("/cases")
    await officer.push(officer.page.locator("tbody a").first)
    await officer.press("受理")
    if act == "退回补正":
        await officer.page.locator(f"label:has({FAX}[value=return])").click()
        await officer.page.locator('[name="reason:/basic/fax"]').select_option("R01")
        await officer.page.locator('[name="text:/basic/fax"]').fill("号码少一位")
    await asks_first(officer, act)


async def asks_first(visitor: Visitor, act: str) -> None:
    """The dialog keeps nobody out; its harmless answer has the focus and changes nothing, as
    little as Esc.
    """
    axe, here = Axe(), visitor.page.url
    value = await visitor.page.get_by_role("button", name=act, exact=True).get_attribute("value")
    for language in reversed(LANGUAGES):
        await in_language(visitor, language)
        for key in ("Enter", "Escape"):
            await visitor.page.locator(f'[data-ask][value="{value}"]').click()
            assert await visitor.page.locator("dialog[open] button").first.evaluate(FOCUSED)
            if key == "Enter":
                await axe.look_as_it_is(visitor)
            await visitor.page.keyboard.press(key)
            await expect(visitor.page.locator("dialog")).to_have_count(0)
            assert visitor.page.url == here
    assert axe.faults == []


async def test_services_that_are_away(screens: Screens, clerk: Visitor) -> None:
    await clerk.open("/people")
    screens.portal.way.is_away = True
    answer = await clerk.page.reload()
    assert answer
    assert answer.status == 503
    assert "暂时办不了，请稍后再试" in await clerk.reads("h1")
    await keep_nobody_out(clerk)
    screens.portal.way.is_away = False
    await clerk.push(clerk.page.get_by_role("link", name="重新打开"))
    assert "人员基本信息" in await clerk.reads("h1")


async def test_a_form_of_a_session_that_was_another(clerk: Visitor) -> None:
    await clerk.open("/contracts")
    await clerk.page.locator('[name="_csrf"]').last.evaluate("each => { each.value = 'x' }")
    await clerk.press("新建暂无业绩")
    assert "这个页面已失效" in await clerk.reads("h1")
    await keep_nobody_out(clerk)


async def test_more_than_a_service_takes(clerk: Visitor) -> None:
    await clerk.open("/contracts/new")
    for name in ("/name", "/scope"):
        typed = clerk.page.locator(f'[name="{name}"]')
        await typed.evaluate("each => { each.value = 'x'.repeat(600000) }")
    async with clerk.page.expect_response(lambda each: each.status == 413):
        await clerk.push(clerk.page.locator("[data-save]"))
    assert "文件或内容太大" in await clerk.reads("h1")
    await keep_nobody_out(clerk)


async def keep_nobody_out(visitor: Visitor) -> None:
    axe = Axe()
    await axe.look(visitor)
    assert axe.faults == []
