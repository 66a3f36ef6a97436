"""What the portal tells of itself, and to whom."""

from pathlib import Path

import pytest

from services.portal.web.measured import MEASURES
from tests.observability.rules import Course, Scrape, fired, names, scraped
from tests.portal.in_memory import PortalInMemory
from tests.portal.test_outages import away

pytestmark = pytest.mark.servers
OF_POOLS = {each.name for each in MEASURES if each.name.startswith("kaohe_database_")}


def text(portal: PortalInMemory) -> str:
    visitor = portal.visitor()
    visitor.open("/metrics")
    return visitor.content.decode()


def scrape(portal: PortalInMemory) -> Scrape:
    return scraped(text(portal))


def test_what_is_told_is_what_is_documented(portal: PortalInMemory) -> None:
    portal.visitor("CITY_OFFICER", city="410100").open("/")
    assert names(text(portal)) == {each.name for each in MEASURES} - OF_POOLS


def test_nobody_reads_it_through_a_proxy(portal: PortalInMemory) -> None:
    browser = portal.visitor().browser
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        answer = portal.run(browser.get("/metrics", headers={header: "203.0.113.7"}))
        assert answer.status_code == 404, header
        assert b"kaohe_" not in answer.content


def test_a_service_does_not_answer_the_portal(portal: PortalInMemory, tmp_path: Path) -> None:
    visitor = portal.visitor("CITY_OFFICER", city="410100")
    visitor.open("/")
    before = scrape(portal)
    assert fired(Course(before, before, before), tmp_path) == set()
    with away(portal, "review"):
        visitor.open("/")
    found = fired(Course(before, before, scrape(portal)), tmp_path)
    assert found == {"KaohePortalCallsFail", "KaoheRequestsFail"}  # its page was answered 503
