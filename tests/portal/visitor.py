"""Whoever looks at the portal with a browser, by mouse or by keyboard."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Response, WebError

from deploy.browser.chromium import WINDOW

PARTS = ("stylesheet", "script", "image", "font")
REFUSED = re.compile(r"responded with a status of (403|404|409|412|413|422|503)")


@dataclass
class Visitor:
    """A person at a browser. `complaints`: what the browser had to say against a page;
    `is_asked`: what is done while a dialog asks whether an act is meant.
    """

    page: Page
    url: str
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)
    is_asked: Callable[["Visitor"], Awaitable[None]] | None = None

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
        """A button or a link; a dialog that asks once more is answered. The page that follows is
        there.
        """
        if self.scripts and await at.get_attribute("data-ask"):
            await self.act_on(at)
            if self.is_asked:
                await self.is_asked(self)
            at = self.page.locator("dialog[open] footer button:last-child")
        async with self.page.expect_navigation():
            await self.act_on(at)

    async def act_on(self, at: Locator) -> None:
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

    async def speaks(self, language: str) -> None:
        """From the next page on."""
        await self.page.context.add_cookies([{"name": "lang", "value": language, "url": self.url}])

    def hear(self, message: ConsoleMessage) -> None:
        """Errors, and what a page did against its policy. A page that refuses says so with its
        status: that is no complaint.
        """
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self.complaints.append(message.text)

    def receive(self, answer: Response) -> None:
        """Only pages refuse: no style, script or picture that they ask for is missing."""
        kind = answer.request.resource_type
        if answer.status >= 400 and kind in PARTS:
            self.complaints.append(f"{kind} {answer.url}: {answer.status}")

    def fail(self, error: WebError) -> None:
        self.complaints.append(str(error.error))


FOCUSED = "each => each === document.activeElement"
FAR = 500  # presses of a key after which there is no way
A_FEW = 10  # presses after which is looked where they led, at most: the next field is near
STAY = """(each) => {
    window.stay = new AbortController();
    addEventListener("keydown", (event) => {
        if (event.key === "Tab" && document.activeElement === each) event.preventDefault();
    }, { capture: true, signal: stay.signal });
}"""
FROM_FIRST = """(each, value) => [...each.options]
    .filter((option) => !option.disabled).findIndex((option) => option.value === value)"""


@dataclass
class KeyboardVisitor(Visitor):
    """Has no mouse."""

    async def act_on(self, at: Locator) -> None:
        await self._reach(at)
        await self.page.keyboard.press("Enter")

    async def set(self, at: Locator, value: str) -> None:
        await self._reach(at)
        if await at.evaluate("each => each.tagName") == "SELECT":
            await self.page.keyboard.press("Home")
            for _ in range(await at.evaluate(FROM_FIRST, value)):
                await self.page.keyboard.press("ArrowDown")
            assert await at.input_value() == value
        else:
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
        """By Tab, as far as it takes, round the page if need be; once there, another press of it
        leads no further.
        """
        await at.wait_for(state="attached")
        await at.evaluate(STAY)
        pressed, more = 0, 1
        while pressed < FAR:
            if await at.evaluate(FOCUSED):
                await self.page.evaluate("stay.abort()")
                return
            for _ in range(more):
                await self.page.keyboard.press("Tab")
            pressed, more = pressed + more, min(2 * more, A_FEW)
        raise AssertionError(f"no key leads to {at}")


@dataclass
class Browsers:
    """Makes visitors, each with cookies of their own."""

    browser: Browser
    url: str
    visitors: list[Visitor] = field(default_factory=list)

    async def visitor(self, kind: type[Visitor] = Visitor, **settings: Any) -> Visitor:
        given = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": WINDOW} | settings
        context = await self.browser.new_context(**given)
        visitor = kind(await context.new_page(), self.url, given.get("java_script_enabled", True))
        context.on("console", visitor.hear)
        context.on("weberror", visitor.fail)
        context.on("response", visitor.receive)
        self.visitors.append(visitor)
        return visitor

    async def close(self) -> None:
        """None has had anything to say against any page."""
        for each in self.visitors:
            await each.page.context.close()
        assert [each.complaints for each in self.visitors if each.complaints] == []
