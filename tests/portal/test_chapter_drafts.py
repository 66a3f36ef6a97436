"""What a clerk types is kept while they type, and is there again after whatever interrupts them: in
a real browser, with its keys.
"""

from random import Random
from uuid import uuid4

import pytest

from deploy.demo import people
from tests.portal.clerk import register
from tests.portal.visitor import Browsers, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
NAME, SCHOOL = '[name="/name"]', '[name="/school"]'


@pytest.fixture
def uscc() -> str:
    return people.credit_code(Random())


@pytest.fixture
async def clerk(browsers: Browsers, uscc: str) -> Visitor:
    """Types into the form of a new person; nothing is saved."""
    made = await browsers.visitor()
    await made.sign_in(uscc=uscc)
    await register(made, f"郑州草稿{uuid4().hex[:6]}设计有限公司")
    await made.open("/people/new")
    await made.page.locator(NAME).press_sequentially("钱未存")
    return made


async def kept(clerk: Visitor) -> None:
    await clerk.page.locator(".ladder li", has_text="已自动保存").wait_for()


async def test_what_is_typed_is_kept_after_the_last_key_and_shown_again(clerk: Visitor) -> None:
    await kept(clerk)
    await clerk.page.reload()
    assert "已自动保存，尚未正式保存" in await clerk.reads("#draft")
    assert await clerk.page.locator(NAME).input_value() == "钱未存"
    await clerk.press("放弃草稿")
    assert await clerk.page.locator(NAME).input_value() == ""
    assert await clerk.page.locator("#draft").count() == 0


async def test_what_is_typed_is_kept_before_the_page_is_left(clerk: Visitor) -> None:
    await clerk.open("/people")
    assert "钱未存" not in await clerk.reads()
    while not await clerk.page.locator("#draft").count():
        await clerk.open("/people/new")
    assert await clerk.page.locator(NAME).input_value() == "钱未存"


async def test_ctrl_s_and_enter_save_and_drop_the_draft(clerk: Visitor) -> None:
    await kept(clerk)
    for key in ("Control+s", "Enter"):
        await clerk.page.locator(NAME).focus()
        async with clerk.page.expect_navigation():
            await clerk.page.keyboard.press(key)
        assert "已保存" in await clerk.reads("h1")
        assert await clerk.page.locator("#draft").count() == 0
        await clerk.page.reload()
        assert await clerk.page.locator("#draft").count() == 0


async def test_after_a_session_has_ended_one_is_back_at_the_field_with_what_was_typed(
    clerk: Visitor, uscc: str
) -> None:
    await clerk.page.locator(SCHOOL).press_sequentially("郑州大学")
    await clerk.page.context.clear_cookies()
    async with clerk.page.expect_navigation():
        await clerk.page.keyboard.press("Control+s")
    assert "请先登录" in await clerk.reads()
    await clerk.sign_in(uscc=uscc)
    await clerk.page.locator("#draft").wait_for()
    assert await clerk.page.locator(NAME).input_value() == "钱未存"
    assert await clerk.page.locator(SCHOOL).input_value() == "郑州大学"
    assert await clerk.page.locator(SCHOOL).evaluate("each => each === document.activeElement")
    assert "还没有人员" in await saved(clerk)


async def saved(clerk: Visitor) -> str:
    await clerk.open("/people")
    return await clerk.reads()
