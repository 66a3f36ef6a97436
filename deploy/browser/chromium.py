"""The browser, and whoever signs in with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from deploy.embedded.process import StackError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
WINDOW = ViewportSize(width=1366, height=768)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Raises StackError where none is installed."""
    program = next(filter(None, map(which, PROGRAMS)), None)
    if program is None:
        raise StackError(
            "没有 Chromium：请安装（apt install chromium）", "no Chromium: apt install chromium"
        )
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield started
        finally:
            await started.close()


async def sign_in(page: Page, url: str, account: str) -> None:
    """As an account of the development issuer, by its subject."""
    await page.goto(f"{url}/login")
    await page.locator("main a.btn-main").click()
    await page.select_option("#account", account)
    await page.locator("button[type=submit]").click()
    await page.wait_for_url(f"{url}/**")
