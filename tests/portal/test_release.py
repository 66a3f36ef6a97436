"""下载 and 离职（调出） at the screen, to their filing and its approval. Scripts off."""

import pytest

from deploy.demo import scans
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


@pytest.fixture
def firm(portal: PortalInMemory) -> Firm:
    """Two of its people are filed."""
    made = Firm(portal.services)
    made.file()
    made.hire()
    return made


def clerk_of(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/people/changes")
    return clerk


def approve(portal: PortalInMemory, filing: str) -> None:
    officer = portal.services.officer()
    officer.decide(officer.open(filing), "PASS", "")


def test_a_filed_person_is_downloaded_changed_sent_and_filed_again(
    portal: PortalInMemory, firm: Firm
) -> None:
    clerk, (name, *_) = clerk_of(portal, firm), firm.staff.people
    clerk.press("下载", {"person": firm.staff.people[name]})
    assert clerk.path.startswith("/people/changes/")
    clerk.press("保存", {"/mobile": "13800000009"})
    clerk.press("在线发送")
    assert "已发送，回执号" in clerk.text, clerk.text
    approve(portal, clerk.path.rpartition("/")[2])
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
    approve(portal, clerk.path.rpartition("/")[2])
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


def test_the_manual_says_before_adding_who_can_be_added(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.staff.add("赵示范", None, "ARCH")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/people/filings")
    assert "即可添加已经在人员基本信息中保存的技术人员。" in clerk.text
