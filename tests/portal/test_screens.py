"""Every page keeps nobody out: one of each kind, as who comes to it by links finds it, in a real
browser, in Chinese at 1366 and in English at 200 %.
"""

import pytest

from services.portal.pages import kind
from tests.in_memory.firm import Firm
from tests.portal.axe import Axe
from tests.portal.conftest import Screens
from tests.portal.crawl import crawl
from tests.portal.served import ServedPortal
from tests.portal.test_every_page import kinds_of_visitors, visitors, whole_year

pytestmark = [pytest.mark.servers, pytest.mark.slow]
DIFFERENT = ("ENT_CLERK", "CITY_OFFICER", "PROV_LEAD", "EXPERT", "AUDITOR", "SYS_ADMIN", "")


@pytest.fixture
def firm(served: ServedPortal) -> Firm:
    return whole_year(served.services)


@pytest.fixture
def found(served: ServedPortal, firm: Firm) -> dict[str, list[str]]:
    """By role, a page of each kind that nobody had come to before; everybody's first page."""
    made: dict[str, list[str]] = {}
    seen: set[str] = set()
    by_role = visitors(served, firm, "zh")
    for role in DIFFERENT:
        start = "/" if role else "/results"
        pages = crawl(by_role[role or "guest"], start).values()
        made[role] = [
            each.path
            for each in pages
            if each.page is not None and (each.path == start or _is_new(each.path, seen))
        ]
    return made


def _is_new(path: str, seen: set[str]) -> bool:
    what = kind(path.partition("?")[0])
    if what in seen:
        return False
    seen.add(what)
    return True


async def test_no_page_keeps_anybody_out(
    screens: Screens, firm: Firm, found: dict[str, list[str]]
) -> None:
    axe = Axe()
    claimed = kinds_of_visitors(firm)
    for role, paths in found.items():
        visitor = await screens.visitor(role, **claimed[role])
        for path in paths if role else ["/login", *paths]:
            await visitor.open(path)
            await axe.look_and_leave(visitor)
    assert axe.faults == [], "\n".join(axe.faults)
