"""Lists that are filtered and turned over within their page keep to the pages' own policy (CSP):
neither a style nor a script of htmx's making is refused.
"""

import pytest

from tests.in_memory.firm import Firm
from tests.portal.conftest import Screens
from tests.portal.served import ServedPortal
from tests.portal.test_every_page import kinds_of_visitors, whole_year
from tests.portal.visitor import Visitor

pytestmark = [pytest.mark.servers, pytest.mark.slow]
FILTERED = "new Promise((done) => addEventListener('htmx:afterSettle', done, { once: true }))"
LISTS = {
    "CITY_OFFICER": ("/cases", "/cases/by-person", "/conclusions", "/rectifications"),
    "PROV_LEAD": ("/campaigns", "/publicities", "/progress"),
    "ENT_CLERK": ("/enterprise/filings", "/people", "/people/filings", "/contracts", "/projects"),
    "AUDITOR": ("/audit", "/audit/log"),
    "SYS_ADMIN": ("/reference", "/reference/return_reason"),
    "": ("/results",),
}


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    return whole_year(served.services)


async def filters(visitor: Visitor, typed: str) -> None:
    """By a part of a name, where the list takes one; it comes within the page."""
    form = visitor.page.locator("form.filters[hx-boost]")
    names = form.locator("input[name=q]")
    if await names.count():
        await names.fill(typed)
    await visitor.page.evaluate(f"() => {{ window.filtered = {FILTERED}; }}")
    await form.locator("button[type=submit]").click()
    await visitor.page.evaluate("window.filtered.then(() => true)")


@pytest.mark.parametrize("role", LISTS, ids=lambda role: role or "nobody")
async def test_filtering_a_list_breaks_no_policy(screens: Screens, firm: Firm, role: str) -> None:
    visitor = await screens.visitor(role, **kinds_of_visitors(firm)[role])
    within = 0
    for path in LISTS[role]:
        await visitor.open(path)
        if await visitor.page.locator("form.filters[hx-boost]").count():
            await filters(visitor, "示范")
            within += 1
    assert visitor.complaints == []
    assert within or role in ("AUDITOR", "SYS_ADMIN", "")
