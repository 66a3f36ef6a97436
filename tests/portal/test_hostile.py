"""What somebody tries at the portal who means no good."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from deploy.demo import filing, staff
from deploy.demo.stage import RequestRefused
from libs.chassis.in_memory import token
from tests.in_memory.firm import TEAM, Firm
from tests.portal.crawl import Crawled, crawl
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
HOSTILE = '"><i data-hostile>x</i>'
ELEMENT = "//*[@data-hostile]"
KAIFENG = "410200"
SEARCH = "/cases/by-person"  # a page of its own: it finds what its officer may see


def clerk_of(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


def officer_of(portal: PortalInMemory, city: str = "410100") -> VisitorInMemory:
    return portal.visitor("CITY_OFFICER", city=city)


def events(portal: PortalInMemory) -> dict[str, int]:
    """How much every service has written down."""
    return {name: len(each.log.records) for name, each in portal.services.services.items()}


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    """It has filed, has people, contracts, projects and stages; something of each kind waits."""
    made = Firm(portal.services)
    made.file()
    made.hire()
    made.project()
    filing_path = made.enterprise.add("ENT_CHANGE")
    made.enterprise.save(filing_path)
    made.staff.file(staff.hire(made.staff, made.random, TEAM[:1]))
    return made


def with_ids(pages: dict[str, Crawled]) -> Iterator[str]:
    """Addresses that name something of somebody: they hold a UUID."""
    yield from (each for each in pages if each.partition("?")[0].count("-") >= 4)


def test_a_form_that_no_page_of_the_session_has_sent_changes_nothing(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk, other = clerk_of(portal, firm), clerk_of(portal, firm)
    actions = {each for page in crawl(clerk).values() for each in page.actions}
    assert len(actions) > 10
    before = events(portal)
    for action in sorted(actions):
        for fill in ({}, {"_csrf": ""}, {"_csrf": other.session.csrf}):
            clerk.post(action, fill)
            assert clerk.status == 403, action
        clerk.post(action, {"_csrf": clerk.session.csrf}, origin="https://evil.example")
        assert clerk.status == 403, action
    assert events(portal) == before


def test_another_firm_finds_nothing_at_any_address(portal: PortalInMemory, firm: Firm) -> None:
    clerk = clerk_of(portal, firm)
    pages = crawl(clerk)
    mine = sorted(with_ids(pages))
    assert len(mine) > 10
    stranger = clerk_of(portal, Firm(portal.services, 2, "开封另一家设计有限公司"))
    before = events(portal)
    for path in mine:
        stranger.open(path)
        assert stranger.status in (403, 404), (path, stranger.status)
        assert firm.enterprise.name not in stranger.text
    for action in sorted({each for page in pages.values() for each in page.actions}):
        if action.count("-") >= 4:
            stranger.post(action, {"_csrf": stranger.session.csrf, "_act": "send"})
            assert stranger.status in (403, 404), (action, stranger.status)
    assert events(portal) == before


def test_an_officer_of_another_city_finds_no_case(portal: PortalInMemory, firm: Firm) -> None:
    own, other = officer_of(portal), officer_of(portal, KAIFENG)
    found = crawl(own, "/cases")
    cases = [each for each in found if each.startswith("/cases/") and each != SEARCH]
    assert cases
    found = crawl(other, "/cases")
    assert not [each for each in found if each.startswith("/cases/") and each != SEARCH]
    before = events(portal)
    for path in cases:
        other.open(path)
        assert other.status in (403, 404), path
        other.post(path.partition("?")[0], {"_csrf": other.session.csrf, "_act": "open"})
        assert other.status in (403, 404, 405), path
    assert events(portal) == before


def test_whoever_is_not_signed_in_is_asked_to(portal: PortalInMemory, firm: Firm) -> None:
    pages = crawl(clerk_of(portal, firm))
    guest = portal.visitor()
    for path in pages:
        guest.open(path)
        assert guest.path.startswith("/login?next="), path


def test_html_in_a_free_text_is_text(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    written = defaced(firm.enterprise)
    assert len(written) >= 5, written
    path = firm.enterprise.add("ENT_INIT")
    firm.enterprise.save(path)
    firm.enterprise.send(path)
    officer = officer_of(portal)
    seen = [*crawl(clerk_of(portal, firm)).values(), *crawl(officer, "/cases").values()]
    shown = [each for each in seen if each.page is not None]
    assert [each.path for each in shown if each.page.xpath(ELEMENT)] == []
    assert len([each for each in shown if HOSTILE in texts(each.page)]) >= 3


def texts(page: Any) -> str:
    return " ".join([page.text_content(), *page.xpath("//input/@value")])


def defaced(enterprise: filing.DemoEnterprise) -> list[str]:
    """Every text of the page that may be anything is hostile now: their pointers."""
    written = []
    for pointer in list(leaves(enterprise.page)):
        page = deepcopy(enterprise.page)
        put(page, pointer, HOSTILE)
        try:
            enterprise.clerk.do(
                "PUT",
                "enterprise",
                f"{enterprise.path}/information",
                page,
                version=enterprise.version,
            )
        except RequestRefused:
            continue
        findings = enterprise.clerk.do("POST", "enterprise", f"{enterprise.path}:check")["findings"]
        if any(each["severity"] == "B" for each in findings):
            continue
        enterprise.page = page
        written.append(pointer)
    enterprise.clerk.do(
        "PUT",
        "enterprise",
        f"{enterprise.path}/information",
        enterprise.page,
        version=enterprise.version,
    )
    return written


def leaves(value: Any, at: str = "") -> Iterator[str]:
    """Pointers of the texts in a content, scans apart."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in ("scans", "id"):
                yield from leaves(each, f"{at}/{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from leaves(each, f"{at}/{index}")
    elif isinstance(value, str):
        yield at


def put(content: Any, pointer: str, value: str) -> None:
    *way, last = pointer.split("/")[1:]
    for step in way:
        content = content[int(step) if isinstance(content, list) else step]
    content[int(last) if isinstance(content, list) else last] = value


def test_a_session_that_somebody_else_knows_is_never_the_one_that_is_signed_in(
    portal: PortalInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Session fixation: the attacker begins a sign-in and leaves its cookie to the victim."""

    async def begin(*_: Any) -> str:
        return "/login/callback?code=1"

    async def end(*_: Any) -> dict[str, Any]:
        return {
            "tokens": {"access_token": token("CITY_OFFICER", city="410100"), "expires_at": 9e12},
            "user": {
                "sub": "victim",
                "role": "CITY_OFFICER",
                "name": "victim",
                "org": None,
                "city": "410100",
            },
        }

    sign_in = portal.app.state.site.sign_in
    monkeypatch.setattr(sign_in, "begin", begin)
    monkeypatch.setattr(sign_in, "end", end)
    attacker, victim = portal.visitor(), portal.visitor()
    attacker.browser.follow_redirects = False
    attacker.open("/login/start?next=/cases")
    known = attacker.browser.cookies["kaohe"]
    victim.browser.cookies.set("kaohe", known)
    victim.open("/login/callback?code=1")
    assert victim.path == "/cases"
    attacker.open("/cases")
    assert attacker.status == 303  # to sign in
