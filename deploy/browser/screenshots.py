"""A picture of every page that a visitor of each kind can reach by links, of the main ones also as
a telephone and an enlarged screen show them.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from playwright.async_api import Browser, Error, Page

from deploy.browser.chromium import WINDOW, chromium, sign_in
from deploy.issuer.signing import Account

NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/|$)|[0-9a-f]{64}|(?<=/)\d{6}-[^/]+")
AWAY = re.compile(r"/(logout|login|language|static|live)\b")
MAIN = ("/", "/enterprise", "/people/filings", "/assessment", "/cases", "/cases/{}", "/results")
ALSO: dict[str, dict[str, Any]] = {
    "390": {"viewport": {"width": 390, "height": 844}},
    "200%": {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2},
}


@dataclass(frozen=True)
class Picture:
    """`kind`: the page's address without what it names."""

    who: str
    kind: str
    path: str

    @property
    def name(self) -> str:
        return self.kind.strip("/").replace("/", "-").replace("{}", "_") or "home"


async def take(
    url: str, accounts: Sequence[Account], folder: Path, say: Callable[[str], None]
) -> int:
    """One account of each role, and a guest; how many pictures were taken."""
    count = 0
    async with chromium() as browser:
        for account in [*one_of_each(accounts), None]:
            who = account.role.lower() if account else "guest"
            found = await _pages(browser, url, account, folder / who, who)
            for name, screen in ALSO.items():
                main = [each for each in found if each.kind in MAIN]
                await _again(browser, url, account, main, folder / f"{who}-{name}", screen)
                count += len(main)
            count += len(found)
            say(f"{who}: {len(found)}")
    return count


def one_of_each(accounts: Sequence[Account]) -> list[Account]:
    """The first account of each role."""
    return list({each.role: each for each in reversed(accounts)}.values())


def kind(path: str) -> str:
    """An address without what it names."""
    return NAMED.sub("{}", urlsplit(path).path)


async def _pages(
    browser: Browser, url: str, account: Account | None, folder: Path, who: str
) -> list[Picture]:
    """Every kind of page once, as it is found by following links."""
    page = await _opened(browser, url, account, {"viewport": WINDOW})
    waiting, found = deque(["/" if account else "/login", *([] if account else ["/results"])]), []
    seen = {kind(each) for each in waiting}
    while waiting:
        path = waiting.popleft()
        if await _shows(page, url + path):
            found.append(Picture(who, kind(path), path))
            await _shoot(page, folder / f"{found[-1].name}.png")
            links = await page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
            for link in links:
                onward = urldefrag(link)[0].removeprefix(url)
                if onward.startswith("/") and not AWAY.match(onward) and kind(onward) not in seen:
                    seen.add(kind(onward))
                    waiting.append(onward)
    await page.context.close()
    return found


async def _again(
    browser: Browser,
    url: str,
    account: Account | None,
    pictures: Sequence[Picture],
    folder: Path,
    screen: dict[str, Any],
) -> None:
    page = await _opened(browser, url, account, screen)
    for each in pictures:
        await _shows(page, url + each.path)
        await _shoot(page, folder / f"{each.name}.png")
    await page.context.close()


async def _opened(
    browser: Browser, url: str, account: Account | None, screen: dict[str, Any]
) -> Page:
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **screen)
    page = await context.new_page()
    if account:
        await sign_in(page, url, account.subject)
    return page


async def _shows(page: Page, url: str) -> bool:
    """Whether it is a page: what is downloaded, or is an image, is none."""
    try:
        answer = await page.goto(url)
    except Error:  # a download begins
        return False
    return answer is not None and "html" in answer.headers.get("content-type", "")


async def _shoot(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=file, full_page=True)
