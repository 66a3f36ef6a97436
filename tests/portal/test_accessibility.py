"""WCAG 2.2 AA as far as axe sees it: every page, in both languages, narrow and at 200 %."""

from random import Random

import pytest
from axe_playwright_python.async_playwright import Axe

from deploy.demo import people
from deploy.demo.filing import first_filing, make
from tests.journeys.conftest import System
from tests.portal.conftest import Browsers, Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
CLERK = (
    "/",
    "/enterprise",
    "/enterprise/filings",
    "/enterprise/changes",
    "/people",
    "/people/new",
    "/people/filings",
    "/people/changes",
    "/contracts",
    "/contracts/new",
    "/projects",
    "/projects/new",
    "/assessment",
)
WINDOWS = ({"width": 1366, "height": 768}, {"width": 683, "height": 384})  # 200 % of the first
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("window", WINDOWS, ids=lambda each: str(each["width"]))
async def test_no_page_keeps_anybody_out(
    window: dict[str, int], system: System, browsers: Browsers
) -> None:
    uscc, filing = sent(system)
    clerk = await browsers.visitor(viewport=window)
    await clerk.open("/login?next=/enterprise")
    found = {"/login": await wrong(clerk)}
    await clerk.sign_in(uscc=uscc)
    for path in (*CLERK, f"/enterprise/filings/{filing}", f"/enterprise/filings/{filing}/history"):
        await clerk.open(path)
        found[path] = await wrong(clerk)
    await clerk.open("/language/en?next=/enterprise")
    assert "Enterprise basic information" in await clerk.reads("h1")
    found["/enterprise in English"] = await wrong(clerk)
    officer = await browsers.visitor(viewport=window)
    await officer.sign_in(account="city_officer/410100")
    await officer.open("/cases")
    found["/cases"] = await wrong(officer)
    await officer.page.locator("tbody a").first.click()
    found["/cases/{id}"] = await wrong(officer)
    failing = {path: each for path, each in found.items() if each}
    assert failing == {}, failing


def sent(system: System) -> tuple[str, str]:
    """Of an enterprise that has sent its first filing: its credit code, and the filing's id."""
    random = Random()
    uscc = people.credit_code(random)
    enterprise = make(system.actor("ENT_CLERK", org=uscc), random, "郑州无障碍设计有限公司", uscc)
    enterprise.register()
    return uscc, first_filing(enterprise).rpartition("/")[2]


async def wrong(visitor: Visitor) -> list[str]:
    """What axe finds, with the first place of each."""
    results = await Axe().run(visitor.page, options=OPTIONS)
    assert len(results.response["passes"]) > 10  # it did look
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in results.response["violations"]
    ]
