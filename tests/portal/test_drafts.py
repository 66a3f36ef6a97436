"""What was typed and not saved is not lost: kept as a draft, shown again, given up, saved; a form
that is posted when its session has ended comes back after signing in.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from libs.chassis.in_memory import token
from services.portal.web.signin import SignIn
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory, _values

pytestmark = [pytest.mark.servers]
BANNER = "//*[@id='draft']"
NAME = "/name"


class IssuerInMemory(SignIn):
    """Whoever comes is `user`."""

    def __init__(self, user: str, org: str) -> None:
        self._user, self._org = user, org

    async def begin(self, request: Any, session: Any) -> str:
        return "/login/callback"

    async def end(self, request: Any, session: Any) -> dict[str, Any]:
        claims = {"access_token": token("ENT_CLERK", self._user, org=self._org)}
        user = {"role": "ENT_CLERK", "name": "经办人", "org": self._org, "city": None}
        return {
            "tokens": {**claims, "expires_at": time.time() + 9e6},
            "user": {"sub": self._user, **user},
        }

    def is_fresh(self, session: Any) -> bool:
        return True


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return Firm(portal.services)


@pytest.fixture
def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", "zhao", org=firm.uscc)


def typed(clerk: VisitorInMemory, fill: Mapping[str, str]) -> dict[str, Any]:
    """What the script posts of the form on the page while somebody types."""
    (named,) = clerk.all("//input[@name='_draft']")
    form = next(named.iterancestors("form"))
    return {**_values(form, clerk.page), **fill}


def autosave(clerk: VisitorInMemory, fill: Mapping[str, str]) -> None:
    (named,) = clerk.all("//input[@name='_draft']")
    clerk.post(f"/drafts/{named.get('value')}", typed(clerk, fill))
    assert clerk.status == 200, clerk.content


def shown(clerk: VisitorInMemory, name: str = NAME) -> str:
    (field,) = clerk.all(f"//*[@name='{name}']")
    return str(field.get("value") or "")


def saved(portal: PortalInMemory, firm: Firm) -> list[str]:
    """Names of the people that are saved."""
    found = firm.clerk.get("personnel", "/people")["items"]
    return [each["name"] for each in found]


def test_what_was_typed_is_shown_again_and_is_not_saved(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/people/new")
    assert not clerk.all(BANNER)
    autosave(clerk, {NAME: "钱未存"})
    assert "已自动保存" in clerk.content.decode()
    assert saved(portal, firm) == []
    clerk.open("/people/new")
    assert clerk.all(BANNER)
    assert shown(clerk) == "钱未存"


def test_a_draft_that_is_given_up_is_gone(clerk: VisitorInMemory) -> None:
    clerk.open("/people/new")
    autosave(clerk, {NAME: "钱未存"})
    clerk.open("/people/new")
    clerk.press("放弃草稿")
    assert clerk.path == "/people/new"
    assert not clerk.all(BANNER)
    assert shown(clerk) == ""


def test_saving_drops_the_draft(portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory) -> None:
    clerk.open("/people/new")
    autosave(clerk, {NAME: "钱未存"})
    clerk.open("/people/new")
    clerk.press("保存 Ctrl S")
    assert saved(portal, firm) == ["钱未存"]
    assert not clerk.all(BANNER)
    clerk.open("/people/new")
    assert not clerk.all(BANNER)


def test_a_draft_that_says_what_is_saved_is_none(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    """It came after 保存: a last key of a page that was left."""
    clerk.open("/people/new")
    clerk.press("保存 Ctrl S", {NAME: "钱已存"})
    assert clerk.status == 200
    page = clerk.path
    autosave(clerk, {})
    clerk.open(page)
    assert not clerk.all(BANNER)
    autosave(clerk, {NAME: "钱又改"})
    clerk.open(page)
    assert clerk.all(BANNER)


def test_a_colleague_sees_the_draft_and_another_firm_nothing(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/people/new")
    autosave(clerk, {NAME: "钱未存"})
    colleague = portal.visitor("ENT_CLERK", "sun", org=firm.uscc)
    colleague.open("/people/new")
    assert shown(colleague) == "钱未存"
    stranger = portal.visitor("ENT_CLERK", org=Firm(portal.services, 2, "开封另一家公司").uscc)
    stranger.open("/people/new")
    assert not stranger.all(BANNER)
    assert shown(stranger) == ""


def test_enter_in_a_field_saves_and_never_sends(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    """A browser presses the first button of the form, or nothing if that is disabled."""
    firm.enterprise.fill_in()
    filing = firm.enterprise.add("ENT_INIT").rpartition("/")[2]
    for page in ("/enterprise", f"/enterprise/filings/{filing}", "/people/new", "/contracts/new"):
        clerk.open(page)
        assert clerk.status == 200, page
        for form in clerk.all("//main//form[.//input[not(@type)]]"):
            first = next(form.iter("button"))
            assert (first.get("value") or "save", first.get("name") or "_act") == ("save", "_act")


def ended(portal: PortalInMemory, user: str, org: str) -> None:
    """All sessions end; at the issuer `user` signs in next."""
    portal.sessions.end_all()
    portal.app.state.site = replace(portal.app.state.site, sign_in=IssuerInMemory(user, org))


def test_a_form_whose_session_has_ended_comes_back_as_it_was_typed(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/people/new")
    ended(portal, "zhao", firm.uscc)
    clerk.press("保存 Ctrl S", {NAME: "钱未存", "_focus": "f-name"})
    assert clerk.path == "/login?next=/people/new"
    clerk.follow("登录")
    assert (clerk.status, clerk.path) == (200, "/people/new")
    assert clerk.fragment == "f-name"
    assert shown(clerk) == "钱未存"
    assert saved(portal, firm) == []
    clerk.press("保存 Ctrl S")
    assert saved(portal, firm) == ["钱未存"]


def test_files_that_were_chosen_when_the_session_ended_are_told_to_be_lost(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/people/new")
    ended(portal, "zhao", firm.uscc)
    chosen = {"_file:PER_ID": ("身份证.jpg", b"\xff\xd8", "image/jpeg")}
    clerk.press("保存 Ctrl S", {NAME: "钱未存"}, chosen)
    clerk.follow("登录")
    assert shown(clerk) == "钱未存"
    assert "所选文件没有保留，请重新选择 身份证.jpg" in clerk.text.replace(
        "选择身份证", "选择 身份证"
    )


def test_what_somebody_left_is_not_shown_to_whoever_signs_in_next(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    other = Firm(portal.services, 2, "开封另一家公司")
    clerk.open("/people/new")
    ended(portal, "li", other.uscc)
    clerk.press("保存 Ctrl S", {NAME: "钱未存"})
    clerk.follow("登录")
    assert clerk.path == "/people/new"
    assert "钱未存" not in clerk.content.decode()
    assert not clerk.all(BANNER)


def test_a_form_without_a_draft_is_sent_once_one_says_so(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/contracts")
    ended(portal, "zhao", firm.uscc)
    clerk.press("新建暂无业绩")
    clerk.follow("登录")
    assert "刚才的操作还没有办" in clerk.text
    assert firm.clerk.get("projects", "/contracts")["items"] == []
    clerk.press("继续")
    assert len(firm.clerk.get("projects", "/contracts")["items"]) == 1


def test_what_no_page_of_the_portal_sent_is_not_kept(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    ended(portal, "zhao", firm.uscc)
    for csrf in ("", "forged.forged", clerk.session.csrf.partition(".")[0]):
        clerk.post("/people/new", {"_csrf": csrf, "_draft": "person/new", NAME: "钱未存"})
        clerk.follow("登录")
        assert clerk.path == "/people/new"
        assert not clerk.all(BANNER)
        ended(portal, "zhao", firm.uscc)


def test_a_draft_that_no_page_of_the_session_has_sent_is_not_kept(
    portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory
) -> None:
    clerk.open("/people/new")
    for path in ("/drafts/person/new", "/drafts/person/new/drop"):
        for csrf in ("", portal.visitor("ENT_CLERK", org=firm.uscc).session.csrf):
            clerk.post(path, {"_csrf": csrf, NAME: "钱未存"})
            assert clerk.status == 403
        guest = portal.visitor()
        guest.post(path, {NAME: "钱未存"})
        assert guest.path.startswith("/login")
    clerk.open("/people/new")
    assert not clerk.all(BANNER)


def test_a_form_that_nobody_knows_has_no_draft(clerk: VisitorInMemory) -> None:
    for name in ("nothing/new", "person/a b", "person/" + "x" * 81):
        clerk.post(f"/drafts/{name}", {"_csrf": clerk.session.csrf})
        assert clerk.status == 404, name


def test_what_an_officer_types_is_nowhere_kept(portal: PortalInMemory) -> None:
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.post("/drafts/person/new", {"_csrf": officer.session.csrf, NAME: "钱未存"})
    assert officer.status == 403


def test_what_was_typed_before_does_not_take_the_place_of_what_was_typed_after(
    clerk: VisitorInMemory,
) -> None:
    """The post of a page that was left comes late, after that of the page which came next."""
    clerk.open("/people/new")
    form = typed(clerk, {})
    clerk.post("/drafts/person/new", {**form, NAME: "钱未存两行", "_typed": "2000"})
    assert clerk.status == 200
    clerk.post("/drafts/person/new", {**form, NAME: "钱", "_typed": "1000"})
    assert clerk.status == 204
    clerk.open("/people/new")
    assert shown(clerk) == "钱未存两行"
    clerk.post("/drafts/person/new", {**form, NAME: "钱未", "_typed": "2001"})
    clerk.open("/people/new")
    assert shown(clerk) == "钱未"
