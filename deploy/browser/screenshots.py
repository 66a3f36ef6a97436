"""A picture of every page that a visitor of each kind can reach by links, of the main ones also as
a telephone and an enlarged screen show them, and in English.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

from playwright.async_api import Browser, Error, Page

from deploy.browser.chromium import WINDOW, chromium, sign_in
from deploy.issuer.signing import Account
from services.portal.pages import kind

AWAY = ("/logout", "/login", "/language", "/static", "/live")
MAIN = ("/", "/enterprise", "/people/filings", "/assessment", "/cases", "/cases/{id}", "/results")
ENLARGED = {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2}
ALSO: dict[str, dict[str, Any]] = {
    "390": {"viewport": {"width": 390, "height": 844}},
    "200%": ENLARGED,
    "en": {"viewport": WINDOW, "locale": "en"},
    "200%-en": {**ENLARGED, "locale": "en"},
}


@dataclass(frozen=True)
class Picture:
    """`kind`: the page's route."""

    who: str
    kind: str
    path: str

    @property
    def name(self) -> str:
        return self.kind.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "home"


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


def page_of(path: str) -> str:
    return kind(urlsplit(path).path)


async def _pages(
    browser: Browser, url: str, account: Account | None, folder: Path, who: str
) -> list[Picture]:
    """Every kind of page once, as it is found by following links."""
    page = await _opened(browser, url, account, {"viewport": WINDOW})
    waiting, found = deque(["/" if account else "/login", *([] if account else ["/results"])]), []
    seen = {page_of(each) for each in waiting}
    while waiting:
        path = waiting.popleft()
        if await _shows(page, url + path):
            found.append(Picture(who, page_of(path), path))
            await _shoot(page, folder / f"{found[-1].name}.png")
            links = await page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
            for link in links:
                onward = urldefrag(link)[0].removeprefix(url)
                if (
                    onward.startswith("/")
                    and not onward.startswith(AWAY)
                    and page_of(onward) not in seen
                ):
                    seen.add(page_of(onward))
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
    known = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **screen}
    context = await browser.new_context(**known)
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
