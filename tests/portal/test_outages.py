"""One service is away, then another: no page fails, each says so and what to do; the first page
shows the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.in_memory.firm import Firm
from tests.portal.crawl import crawl
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_hostile import clerk_of, officer_of

pytestmark = [pytest.mark.servers]
SERVICES = ("enterprise", "personnel", "projects", "assessment", "review")
TASKS = {
    "enterprise": "企业信息",
    "personnel": "人员信息",
    "projects": "合同与项目",
    "assessment": "动态考核",
    "review": "审核",
}


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    made = Firm(portal.services)
    made.file()
    made.hire()
    return made


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return clerk_of(portal, firm)


@contextmanager
def away(portal: PortalInMemory, service: str) -> Iterator[None]:
    """It does not answer; what others keep of it in memory stays."""
    answer, urls = portal.services.answer, portal.services.urls

    async def lost(request: httpx.Request) -> httpx.Response:
        if str(request.url).startswith(urls[service]):
            raise httpx.ReadTimeout("no answer")
        return await answer(request)

    portal.services.answer = lost  # type: ignore[method-assign]
    portal.app.state.site.reference.forget()
    try:
        yield
    finally:
        portal.services.answer = answer  # type: ignore[method-assign]


def expire(portal: PortalInMemory) -> None:
    """What is held of forms and lists has been held long enough."""
    held = portal.app.state.site.reference._held
    held.update({path: (0.0, value) for path, (_, value) in held.items()})


@pytest.mark.parametrize("service", SERVICES[:4])
def test_while_a_service_is_away_the_first_page_shows_the_rest(
    portal: PortalInMemory, clerk: VisitorInMemory, service: str
) -> None:
    with away(portal, service):
        clerk.open("/")
    assert clerk.status == 200
    assert f"{TASKS[service]}暂时读不到" in clerk.text
    assert len(clerk.all("//ol[@class='track']/li")) >= 1
    clerk.open("/")
    assert "暂时读不到" not in clerk.text


@pytest.mark.parametrize("role", ["AUDITOR", "PROV_OFFICER"])
def test_so_does_that_of_officers_and_auditors(
    portal: PortalInMemory, firm: Firm, role: str
) -> None:
    visitor = portal.visitor(role, city="410000")
    with away(portal, "assessment"):
        visitor.open("/")
    assert visitor.status == 200
    assert "动态考核暂时读不到" in visitor.text


@pytest.mark.parametrize("service", SERVICES)
def test_while_a_service_is_away_every_page_comes_or_says_so(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory, service: str
) -> None:
    for visitor, start in ((clerk, "/"), (officer_of(portal), "/cases")):
        paths = [path for path, page in crawl(visitor, start).items() if page.page is not None]
        with away(portal, service):
            for path in paths:
                visitor.open(path)
                assert visitor.status in (200, 503), (path, visitor.status)
                if visitor.status == 503:
                    assert "已保存的内容不受影响" in visitor.text, path
                    assert visitor.told.headers["Retry-After"] == "2"


def test_forms_and_lists_are_shown_as_they_were_while_their_service_is_away(
    portal: PortalInMemory, clerk: VisitorInMemory
) -> None:
    clerk.open("/")
    clerk.open("/people/new")
    held = dict(portal.app.state.site.reference._held)
    with away(portal, "review"):
        portal.app.state.site.reference._held.update(held)
        expire(portal)
        clerk.open("/people/new")
        assert clerk.status == 200
        clerk.open("/")
        assert clerk.status == 200
        assert "审核暂时读不到" in clerk.text


def test_nobody_signs_in_while_the_issuer_is_away_and_the_page_says_so(
    portal: PortalInMemory,
) -> None:
    guest = portal.visitor()
    guest.open("/login/start?next=/cases")
    assert guest.status == 503
    assert "请稍后再试" in guest.text


def test_who_signs_out_while_lists_are_away_is_signed_out(
    portal: PortalInMemory, clerk: VisitorInMemory
) -> None:
    """No page is needed for it."""
    clerk.open("/")
    known = clerk.session.token
    with away(portal, "review"):
        clerk.press("退出")
    clerk.browser.cookies.set("kaohe", known)
    clerk.open("/")
    assert clerk.path.startswith("/login")


def test_an_answer_that_is_no_services_is_an_outage(
    portal: PortalInMemory, clerk: VisitorInMemory
) -> None:
    """A proxy in between says something of its own."""

    async def proxy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="<html>maintenance</html>")

    clerk.open("/people")
    portal.services.answer = proxy  # type: ignore[method-assign]
    clerk.open("/people")
    assert clerk.status == 503


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_signs_out_is_signed_out_whatever_is_away(
    portal: PortalInMemory, clerk: VisitorInMemory, service: str
) -> None:
    clerk.open("/enterprise")
    with away(portal, service):
        clerk.press("退出")
    assert clerk.status == 200
    assert "已退出" in clerk.text
    clerk.open("/enterprise")
    assert clerk.path.startswith("/login")
