"""The portal in a real browser, on the whole system."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page

from deploy.browser.chromium import WINDOW, chromium
from tests.journeys.conftest import System, system
from tests.portal.in_memory import portal, read_models

__all__ = ["portal", "read_models", "system"]
REFUSED = re.compile(r"responded with a status of (403|404|409|412|413|422)")


@dataclass
class Visitor:
    """A person at a browser. `complaints`: what the browser had to say against a page."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.url}{path}")

    async def sign_in(self, *, uscc: str = "", account: str = "") -> None:
        """From wherever the portal sends one who is not signed in."""
        if not self.page.url.startswith(f"{self.url}/login"):
            await self.open("/")
        await self.push(self.page.locator("main a.btn-main"))
        if uscc:
            await self.set(self.page.locator("#uscc"), uscc)
        else:
            await self.set(self.page.locator("#account"), account)
        await self.push(self.page.locator("button[type=submit]"))

    async def press(self, label: str) -> None:
        """A button by its words."""
        await self.push(self.page.get_by_role("button", name=label, exact=True))

    async def type(self, name: str, value: Any) -> None:
        """Into the input with this pointer."""
        await self.set(
            self.page.locator(f'[name="{name}"]'),
            str(value).lower() if isinstance(value, bool) else str(value),
        )

    async def push(self, at: Locator) -> None:
        """A button or a link; the page that follows is there."""
        await at.click()

    async def set(self, at: Locator, value: str) -> None:
        """A text, or the choice of this value."""
        if await at.evaluate("each => each.tagName") == "SELECT":
            await self.list_all(at, value)
            await at.select_option(value)
        else:
            await at.fill(value)

    async def list_all(self, at: Locator, value: str) -> None:
        """Where a page without scripts keeps a long list to itself, it is asked for."""
        row = (await at.get_attribute("name") or "").rpartition("/")[0]
        asked = self.page.locator(f'button[name="_open"][value="{row}"]')
        if await at.locator(f'option[value="{value}"]').count() == 0 and await asked.count():
            await self.push(asked)

    async def tick(self, at: Locator) -> None:
        await at.check()

    async def attach(self, scan_type: str, file: Path) -> None:
        await self.page.set_input_files(f'[name="_file:{scan_type}"]', str(file))

    async def fill_in(self, content: Any, at: str = "") -> None:
        """A content, row by row, as a clerk would."""
        if isinstance(content, dict):
            for name, each in content.items():
                await self.fill_in(each, f"{at}/{name}")
        elif isinstance(content, list) and content and isinstance(content[0], str):
            for code in content:
                await self.tick(self.page.locator(f'[name="{at}"][value="{code}"]'))
        elif isinstance(content, list):
            for index, each in enumerate(content):
                if await self.page.locator(f'[name^="{at}/{index}/"]').count() == 0:
                    await self.push(self.page.locator(f'button[name="_append"][value="{at}"]'))
                await self.fill_in(each, f"{at}/{index}")
        elif content is not None:
            await self.type(at, content)

    async def reads(self, selector: str = "main") -> str:
        return await self.page.locator(selector).first.inner_text()

    def hear(self, message: ConsoleMessage) -> None:
        """A page that refuses says so with its status: that is no complaint."""
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self.complaints.append(message.text)


FOCUSED = "each => each === document.activeElement"
FAR = 500  # presses of a key after which there is no way


@dataclass
class KeyboardVisitor(Visitor):
    """Has no mouse."""

    async def push(self, at: Locator) -> None:
        await self._reach(at)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def set(self, at: Locator, value: str) -> None:
        await self._reach(at)
        if await at.evaluate("each => each.tagName") == "SELECT":
            await self.page.keyboard.press("Home")
            for _ in range(FAR):
                if await at.input_value() == value:
                    return
                await self.page.keyboard.press("ArrowDown")
            raise AssertionError(f"{value} cannot be chosen")
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(value)

    async def tick(self, at: Locator) -> None:
        await self._reach(at)
        await self.page.keyboard.press("Space")

    async def attach(self, scan_type: str, file: Path) -> None:
        """The dialog in which a file is chosen is the desktop's, not the page's."""
        await self._reach(self.page.locator(f'[name="_file:{scan_type}"]'))
        await super().attach(scan_type, file)

    async def _reach(self, at: Locator) -> None:
        """By Tab, as far as it takes, round the page if need be."""
        await at.wait_for(state="attached")
        for _ in range(FAR):
            if await at.evaluate(FOCUSED):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"no key leads to {at}")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@dataclass
class Browsers:
    """Makes visitors, each with cookies of their own."""

    browser: Browser
    url: str
    visitors: list[Visitor] = field(default_factory=list)

    async def visitor(self, kind: type[Visitor] = Visitor, **settings: Any) -> Visitor:
        given = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": WINDOW} | settings
        context = await self.browser.new_context(**given)
        visitor = kind(await context.new_page(), self.url)
        visitor.page.on("console", visitor.hear)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        self.visitors.append(visitor)
        return visitor


@pytest.fixture
async def browsers(browser: Browser, system: System) -> AsyncIterator[Browsers]:
    """At the end no browser has had anything to say against any page."""
    made = Browsers(browser, system.told["portal"]["url"])
    yield made
    for each in made.visitors:
        await each.page.context.close()
    assert [each.complaints for each in made.visitors if each.complaints] == []
