"""Forms and addresses that no page of the portal has made: each is answered by a page that says
what to do, and changes nothing.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo import staff
from services.portal.pages import kind
from services.portal.web.security import FIELDS, TEXT
from tests.in_memory.firm import TEAM, Firm
from tests.portal.crawl import crawl
from tests.portal.in_memory import PortalInMemory, VisitorInMemory, _values
from tests.portal.test_hostile import clerk_of, events

pytestmark = [pytest.mark.servers]
HUGE = "9" * 5000
NAMES: list[dict[str, Any]] = [
    {"_append": "x"},
    {"_append": "/"},
    {"_append": "/a" * 3000},
    {"_append": "/basic", "/basic/name": "甲"},
    {"_append": "/name/x", "/name": "甲"},
    {"_append": f"/certificates/{HUGE}/items"},
    {"_remove": "x"},
    {"_remove": f"/certificates/{HUGE}"},
    {"_remove": "/certificates/²"},
    {"_act": "save", "/scans/0/scan": "x", "/scans/0/scan/deep": "y"},
    {"_act": "save", "/scans/0": "x"},
    {"_act": "save", f"/scans/0{'/a' * 5000}": "x"},
    {"_act": "save", "/scans/999999999/scan": "x", "/scans/²/scan": "y"},
    {"_act": "save", f"/scans/{HUGE}/scan": "x", "/scans/1/scan": "y"},
    {"_act": "save", "/scans/0/scan_type": "x"},
    {"_act": "save", "_version": "中", "_begun": "中"},
    {"_act": "save", "_version": '1"\r\nX: y', "_begun": '1"\r\nX: y'},
    {"_act": "save", "_version": HUGE, "_begun": HUGE},
    {"_act": "save", "_key": "中"},
    {"_act": "save", "_key": "a\r\nX: y"},
    {"_act": "save", "/name": "\x00", "/major": "\u202e\ufeff"},
    {"_act": "../../people", "_version": "1"},
    {"_act": "check", "_version": "1"},
    {"person": ["x"], "filing": ["../x"], "case": ["x"], "_act": "add"},
    {"person": str(uuid4()), "filing": str(uuid4()), "case": str(uuid4()), "_act": "pass"},
]


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    """It has filed; a change of it and a new person's filing wait to be sent."""
    made = Firm(portal.services)
    made.file()
    made.enterprise.save(made.enterprise.add("ENT_CHANGE"))
    made.staff.file(staff.hire(made.staff, made.random, TEAM[:1]))
    return made


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return clerk_of(portal, firm)


def actions(visitor: VisitorInMemory, start: str = "/") -> list[str]:
    """Where a form of each kind of page is sent."""
    found = {
        kind(action.partition("?")[0]): action
        for page in crawl(visitor, start).values()
        for action in page.actions
    }
    return sorted(found.values())


def test_no_posted_name_or_value_brings_the_portal_down(
    portal: PortalInMemory, clerk: VisitorInMemory
) -> None:
    officer = portal.visitor("CITY_OFFICER", city="410100")
    for visitor, start, least in ((clerk, "/", 8), (officer, "/cases", 2)):
        paths = actions(visitor, start)
        assert len(paths) >= least, paths
        for path in paths:
            for fill in NAMES:
                visitor.post(path, {"_csrf": visitor.session.csrf, **fill})
                assert visitor.page is not None, (path, fill)
                assert visitor.status < 500, (path, fill)


def parts(*each: tuple[str, str]) -> bytes:
    found = (f"--B\r\nContent-Disposition: form-data; {name}\r\n\r\n{v}\r\n" for name, v in each)
    return ("".join(found) + "--B--\r\n").encode()


def bodies(csrf: str) -> Iterator[tuple[str, bytes]]:
    """Content types and bodies that a browser does not make."""
    mine, form = ('name="_csrf"', csrf), "multipart/form-data; boundary=B"
    texts = [(f'name="{name}"', "\\ud800") for name in ("/name", "_key", "_version", "comment")]
    files = [(f'name="{n}"; filename="x"', "x") for n in ("/name", "_key", "_version", "_act")]
    yield f"{form}; charset=unicode_escape", parts(mine, *texts)
    yield f"{form}; charset=undefined", parts(mine, *texts)
    yield form, parts(mine, *files)
    yield form, b"x"
    yield "multipart/form-data", b"x"
    yield "application/json", b"{}"
    yield "application/x-www-form-urlencoded", b"_csrf=%ed%a0%80&/name=%ed%a0%80"


def test_no_body_brings_the_portal_down(clerk: VisitorInMemory) -> None:
    for path in ("/people/new", "/enterprise", "/contracts/new"):
        for type, body in bodies(clerk.session.csrf):
            sent(clerk, path, type, body)
            assert clerk.page is not None, (path, type)
            assert clerk.status < 500, (path, type)


def sent(visitor: VisitorInMemory, path: str, type: str, body: bytes) -> None:
    asked = visitor.browser.post(path, content=body, headers={"Content-Type": type})
    visitor._take(visitor._run(asked))


@pytest.mark.parametrize(
    "body",
    [
        b"/name=" + b"a" * (TEXT + 1),
        b"&".join(b"/name=" for _ in range(FIELDS + 1)),
    ],
)
def test_a_form_that_is_too_large_is_said_so(clerk: VisitorInMemory, body: bytes) -> None:
    sent(clerk, "/people/new", "application/x-www-form-urlencoded", body)
    assert clerk.status == 413
    assert "文件或内容太大" in clerk.text


def test_a_form_of_more_than_a_thousand_fields_is_saved(firm: Firm, clerk: VisitorInMemory) -> None:
    """A large firm's page has them."""
    clerk.open("/people/new")
    clerk.press("保存 Ctrl S", {"/name": "钱一", **{f"/none/{n}": "" for n in range(1500)}})
    assert clerk.status == 200
    assert clerk.path != "/people/new"


def test_no_address_changed_by_hand_brings_the_portal_down(
    portal: PortalInMemory, clerk: VisitorInMemory
) -> None:
    pages = {kind(path.partition("?")[0]): path.partition("?")[0] for path in crawl(clerk)}
    assert len(pages) > 15
    for path in pages.values():
        first, *steps = path.split("/")
        changed = [f"{path}?{query}" for query in QUERIES] + [
            "/".join([first, *steps[:at], value, *steps[at + 1 :]])
            for at in range(1, len(steps))
            for value in ("%E4%B8%AD", "9" * 30, "%00", "%3Fx=1", "..%23")
        ]
        for each in changed:
            clerk.open(each)
            assert clerk.status == 200 or clerk.page is not None, each[:200]
            assert clerk.status < 500, each[:200]


PROBES = (
    "page",
    "round",
    "version",
    "from",
    "to",
    "cursor",
    "look",
    "status",
    "show",
    "limit",
    "q",
)
VALUES = ("%E4%B8%AD", "%00", "-1", "9" * 30, "a" * 3000)
QUERIES = ["&".join(f"{name}={value}" for name in PROBES) for value in VALUES]


@pytest.mark.parametrize(
    "path",
    [
        "/login?next=//[",
        "/language/en?next=https://[",
        "/results/%00",
        f"/results/{'9' * 60000}",
        "/results?cursor=x",
        "/v?no=%00&digest=%00",
        "/v/x/" + "f" * 64,
        "/login/callback?error=x%00",
        "/login/callback?code=1&state=2",
        "//[",
    ],
)
def test_no_address_brings_a_guests_page_down(portal: PortalInMemory, path: str) -> None:
    guest = portal.visitor()
    guest.open(path)
    assert guest.page is not None
    assert guest.status < 500


def test_who_has_not_registered_a_firm_finds_no_page_of_one(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    nobody = portal.visitor("ENT_CLERK", org="91410100MA4444449G")
    for path in crawl(clerk):
        nobody.open(path)
        assert nobody.status in (200, 403, 404), path
        assert firm.enterprise.name not in nobody.text
    for path in actions(clerk):
        nobody.post(path, {"_csrf": nobody.session.csrf, "_act": "send"})
        assert nobody.status < 500, path


def test_an_officer_has_no_enterprise_of_their_own(portal: PortalInMemory, firm: Firm) -> None:
    officer = portal.visitor("CITY_OFFICER", city="410100")
    for path in ("/enterprise", "/enterprise/changes", "/packets"):
        officer.open(path)
        assert firm.enterprise.name not in officer.text, path


@pytest.mark.parametrize("act", ["", "sende", "SEND"])
def test_only_the_button_that_sends_sends(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory, act: str
) -> None:
    """Filings were chosen, and no button of the page was pressed."""
    waiting = firm.clerk.get("personnel", "/filings")["items"]
    before = events(portal)
    fill = {"filing": [each["id"] for each in waiting], "_act": act}
    clerk.post("/people/filings", {"_csrf": clerk.session.csrf, **fill})
    assert clerk.status == 400
    assert "什么都没有改动" in clerk.text
    assert events(portal) == before


def test_a_problem_page_leads_back_to_this_portal_only(portal: PortalInMemory) -> None:
    guest = portal.visitor()
    for path in ("//evil.example/x", "/\\evil.example", "/nothing?q=1"):
        answer: Any = guest._run(
            guest.browser.request("GET", f"http://portal{path}", follow_redirects=False)
        )
        guest._take(answer)
        assert guest.status == 404
        assert all(
            href.startswith("/") and not href.startswith(("//", "/\\"))
            for href in guest.page.xpath("//main//a/@href")
        ), path


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://portal/cases?state=mine", "/cases?state=mine"), ("https://evil.example/", "/")],
)
def test_a_problem_page_of_a_form_leads_to_the_page_that_has_it(
    portal: PortalInMemory, referer: str, back: str
) -> None:
    officer = portal.visitor("CITY_OFFICER", city="410100")
    asked = officer.browser.post("/cases/batch", headers={"Referer": referer})
    officer._take(officer._run(asked))
    assert officer.status == 403
    assert officer.all("//main//a/@href")[0] == back


def test_a_problem_page_is_in_the_visitors_language(portal: PortalInMemory) -> None:
    auditor = portal.visitor("AUDITOR", language="en")
    for path in ("/nothing", "/contracts/x"):
        auditor.open(path)
        assert auditor.page.get("lang") == "en"
        assert auditor.status == 404


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "BREW"])
def test_a_method_that_no_page_has_is_told_which_there_are(
    portal: PortalInMemory, method: str
) -> None:
    guest = portal.visitor()
    answer = guest._run(guest.browser.request(method, "/login"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"


def test_head_is_answered_as_get_is_without_the_page(portal: PortalInMemory) -> None:
    guest = portal.visitor()
    told = guest._run(guest.browser.head("/login"))
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["Cache-Control"] == "no-store"


def test_a_failure_leaves_with_the_headers_of_every_page(
    portal: PortalInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(portal.app.state.site.reference, "lists", fails)
    auditor = portal.visitor("AUDITOR")
    auditor.browser._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    answer = auditor._run(auditor.browser.get("/"))
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_doubled_click_does_one_act(firm: Firm, clerk: VisitorInMemory) -> None:
    clerk.open("/people/new")
    (save, *_) = clerk.all("//button[normalize-space(.)='保存 Ctrl S']")
    typed = {**_values(clerk._form(save), clerk.page), "/name": "钱一", "_act": "save"}
    before = len(firm.clerk.get("personnel", "/people")["items"])
    for _ in range(2):
        clerk.post("/people/new", typed)
        assert clerk.status == 200
    assert len(firm.clerk.get("personnel", "/people")["items"]) == before + 1
