"""What the authority's people do at the screen."""

import time
from urllib.parse import quote

from playwright.async_api import Locator

from tests.patience import PATIENCE
from tests.portal.visitor import Visitor


async def to_case(visitor: Visitor, words: str, state: str = "WAITING") -> None:
    """The case whose row says this, as soon as it lies in this state in the visitor's queue."""
    end = time.monotonic() + PATIENCE
    while not await _on_some_page(visitor, f"/cases?state={state}", words):
        assert time.monotonic() < end, f"no case of {words}"
        await visitor.page.wait_for_timeout(100)


async def _on_some_page(visitor: Visitor, path: str, words: str) -> bool:
    await visitor.open(path)
    while True:
        row = visitor.page.locator("tbody tr", has_text=words)
        if await row.count():
            await visitor.push(row.get_by_role("link").first)
            return True
        more = visitor.page.get_by_role("link", name="下一页")
        if not await more.count():
            return False
        await visitor.push(more)


async def take(officer: Visitor, name: str) -> None:
    """受理."""
    await to_case(officer, name)
    await officer.press("受理")
    assert "审核中" in await officer.reads("h1")


async def send_back(officer: Visitor) -> None:
    """One item: a remark without a reason is refused, and stays on the page."""
    case = officer.page.url.removeprefix(officer.url)
    item = officer.page.locator("#f-basic-registered_address")
    await item.locator("[value=return]").focus()
    await officer.page.keyboard.press("Space")
    await officer.press("填写退回意见")
    await officer.set(item.locator("textarea"), "与营业执照不一致")
    await officer.press("退回补正")
    assert await officer.page.locator(".summary").count() == 1
    assert await item.locator("textarea").input_value() == "与营业执照不一致"
    await officer.set(item.locator("select"), "R01")
    await officer.press("退回补正")
    assert "退回补正" in await officer.reads(".banner-ok")
    await officer.open(case)
    assert "注册地址：与营业执照不一致" in await officer.reads(".banner-warn")


async def pass_all(officer: Visitor) -> None:
    """Item by item nothing is wrong."""
    await officer.press("其余均无误")
    await officer.press("通过")


async def choose_together(officer: Visitor, name: str, count: int) -> None:
    """批量通过 of so many persons of this enterprise: each is seen once more."""
    boxes = await _boxes(officer, name, count)
    for box in await boxes.all():
        await box.check()
    await officer.press("批量通过")


async def pass_together(officer: Visitor, count: int) -> None:
    await officer.press(f"通过 {count} 件")
    assert f"批量通过结果：{count} 件已通过，0 件没有办成" in await officer.reads()


async def _boxes(officer: Visitor, name: str, count: int) -> Locator:
    """As soon as they are there."""
    end = time.monotonic() + PATIENCE
    boxes = officer.page.locator("tbody tr", has_text=name).locator("input[type=checkbox]")
    while True:
        await officer.open(f"/cases?state=WAITING&q={quote(name)}")  # others wait too
        if await boxes.count() == count:
            return boxes
        assert time.monotonic() < end, f"{await boxes.count()} of {count} in the queue"
        await officer.page.wait_for_timeout(100)
