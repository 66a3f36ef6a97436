"""The portal in a real browser: on the whole system, or over services in memory."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from deploy.browser.chromium import chromium
from tests.journeys.conftest import System, system
from tests.portal.in_memory import portal, read_models, told
from tests.portal.read_models import ReadModels
from tests.portal.served import ServedPortal, serving
from tests.portal.visitor import Browsers, Visitor

__all__ = ["portal", "read_models", "system"]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def browsers(browser: Browser, system: System) -> AsyncIterator[Browsers]:
    made = Browsers(browser, system.told["portal"]["url"])
    yield made
    await made.close()


@pytest.fixture
def served(read_models: ReadModels) -> Iterator[ServedPortal]:
    """Nothing is said yet: no enterprise, no campaign."""
    read_models.empty()
    with serving(read_models) as made:
        yield made


@dataclass
class Screens:
    """Makes visitors of the portal over services in memory, who need no issuer to sign in."""

    portal: ServedPortal
    browsers: Browsers

    async def visitor(self, role: str = "", user: str = "", **claims: str) -> Visitor:
        """An actor of this role (claims: org, city, office), or nobody."""
        made = await self.browsers.visitor()
        if role:
            session = self.portal.sessions.signed_in(told(role, user, **claims))
            await self.portal.sessions.save(session)
            await made.page.context.add_cookies(
                [{"name": "kaohe", "value": session.token, "url": self.portal.url}]
            )
        return made


@pytest.fixture
async def screens(browser: Browser, served: ServedPortal) -> AsyncIterator[Screens]:
    made = Screens(served, Browsers(browser, served.url))
    yield made
    await made.browsers.close()
