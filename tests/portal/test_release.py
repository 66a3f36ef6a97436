"""下载 and 离职（调出） at the screen, to their filing and its approval. Scripts off."""

import pytest

from deploy.demo import scans
from tests.in_memory.firm import Firm, approve, filed
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    return filed(portal.services)


def clerk_of(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/people/changes")
    return clerk


def test_a_filed_person_is_downloaded_changed_sent_and_filed_again(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk, (name, *_) = clerk_of(portal, firm), firm.staff.people
    clerk.press("下载", {"person": firm.staff.people[name]})
    assert clerk.path.startswith("/people/changes/")
    clerk.press("保存", {"/mobile": "13800000009"})
    clerk.press("在线发送")
    assert "已发送，回执号" in clerk.text, clerk.text
    approve(portal.services, clerk.path.rpartition("/")[2])
    person = firm.clerk.get("personnel", f"/people/{firm.staff.people[name]}")
    assert person["filed_version"] == 2


def test_who_leaves_is_released_with_a_proof(portal: PortalInMemory, firm: Firm) -> None:
    clerk, (name, *_) = clerk_of(portal, firm), firm.staff.people
    clerk.press("离职（调出）", {"person": firm.staff.people[name]})
    proof = scans.jpeg("PER_LEAVE", name)
    typed = {"/left_on": "2024-09-01", "/release_reason": "3"}
    clerk.press("保存", typed, {"_file:PER_LEAVE": ("proof.jpg", proof, "image/jpeg")})
    clerk.press("在线发送")
    assert "已发送，回执号" in clerk.text, clerk.text
    approve(portal.services, clerk.path.rpartition("/")[2])
    clerk.open("/people")
    assert "已离职（调出）" in clerk.text
    clerk.open("/people/changes")
    assert firm.staff.people[name] not in clerk.all("//input[@name='person']/@value")


def test_several_are_downloaded_at_once_and_who_is_refused_is_told_by_name(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk, (gone, stays) = clerk_of(portal, firm), firm.staff.people
    firm.leaves(gone)
    before = len(clerk.all("//input[@name='filing']"))
    clerk.press("下载", {"person": list(firm.staff.people.values())})
    [refusal] = clerk.texts("//div[@class='summary']//li")
    assert refusal.startswith(gone)
    assert stays not in refusal
    assert len(clerk.all("//input[@name='filing']")) == before + 1


def test_nobody_chosen_is_said(portal: PortalInMemory, firm: Firm) -> None:
    clerk = clerk_of(portal, firm)
    clerk.press("离职（调出）")
    assert "还没有选择人员" in clerk.text


def test_a_change_that_is_under_way_is_named_before_another_is_begun(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk, (name, *_) = clerk_of(portal, firm), firm.staff.people
    clerk.press("下载", {"person": firm.staff.people[name]})
    begun = clerk.path
    clerk.open("/people/changes")
    person = f"//tr[.//input[@value='{firm.staff.people[name]}']]"
    assert clerk.all(f"{person}//a/@href") == [begun]
    [words] = clerk.texts(f"{person}//a")
    assert words.endswith("草稿")


def test_of_two_changes_of_one_version_only_the_first_is_sent(
    portal: PortalInMemory, firm: Firm
) -> None:
    """Drafts of two clerks may stand side by side (domain book 5.2)."""
    clerk, (name, *_) = clerk_of(portal, firm), firm.staff.people
    paths: list[str] = []
    for number in ("13800000001", "13800000002"):
        clerk.open("/people/changes")
        clerk.press("下载", {"person": firm.staff.people[name]})
        clerk.press("保存", {"/mobile": number})
        paths.append(clerk.path)
    clerk.open(paths[0])
    clerk.press("在线发送")
    clerk.open(paths[1])
    assert clerk.texts("//*[@aria-disabled='true'][normalize-space(.)='在线发送']")
    assert "P08" in clerk.texts("//*[@class='rule']")
    approve(portal.services, paths[0].rpartition("/")[2])
    clerk.open(paths[1])
    assert "P21" in clerk.texts("//*[@class='rule']")


def test_the_list_of_changes_has_no_first_filings_and_can_be_narrowed(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk, people = clerk_of(portal, firm), list(firm.staff.people.values())
    clerk.press("下载", {"person": people[0]})
    clerk.open("/people/changes")
    clerk.press("离职（调出）", {"person": people[1]})
    clerk.open("/people/changes?type=PER_RELEASE")
    [kind] = clerk.texts("//section[@aria-labelledby='h-list']//tbody//td[3]")
    assert kind == "人员离职(调出)备案"
    assert len(clerk.all("//a[contains(@href,'/people/changes/')][contains(.,'PER')]")) == 2


def test_who_was_rejected_can_be_added_again(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    id = firm.staff.add("赵示范", None, "ARCH")
    filing = firm.staff.file([id])["sent"][0]["filing"]
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/people/filings")
    assert clerk.texts("//span[@id='why-nobody']") == [
        "没有可以添加的人员：新的人员先在人员基本信息中添加并保存。"
    ]
    clerk.open("/people/filings?status=SAVED")
    assert clerk.all("//input[@name='person']") == []  # whatever the list is narrowed to
    officer = portal.services.officer()
    points = [{"pointer": "/name", "reason": "R06", "text": "不符合条件"}]
    officer.decide(officer.open(f"/filings/{filing}"), "FAIL", "", points, "不符合条件")
    clerk.open("/people/filings")
    assert clerk.all("//input[@name='person']/@value") == [id]


def test_the_manual_says_before_adding_who_can_be_added(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.staff.add("赵示范", None, "ARCH")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/people/filings")
    assert "即可添加已经在人员基本信息中保存的技术人员。" in clerk.text
