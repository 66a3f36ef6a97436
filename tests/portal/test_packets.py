"""备案审核资料 at the screen: built of what was sent, with the authority's notice, mailed."""

from hashlib import sha256

import pytest

from deploy.demo import filing, packet
from libs.papers.archive import unpack
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


def a_clerk(portal: PortalInMemory) -> tuple[Firm, VisitorInMemory]:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    return firm, portal.visitor("ENT_CLERK", org=firm.uscc)


def built(portal: PortalInMemory, firm: Firm, clerk: VisitorInMemory) -> None:
    """Of the first filing; all its parts are there."""
    clerk.open("/enterprise/filings")
    clerk.follow("备案审核资料")
    [chosen] = clerk.all("//input[@name='filing']/@value")
    clerk.press("生成", {"filing": chosen})
    packet.Packets(firm.clerk, firm.enterprise.id).waits_for(clerk.path.split("/")[-1], "READY")
    clerk.open(clerk.path)


def test_a_packet_is_not_mailed_before_the_authority_has_a_mailbox_and_says_why(
    portal: PortalInMemory,
) -> None:
    firm, clerk = a_clerk(portal)
    built(portal, firm, clerk)
    assert "已备齐，尚未发送" in clerk.text
    assert clerk.all("//button[@aria-disabled='true'][@aria-describedby='why-mail']")
    [reason] = clerk.texts("//p[@id='why-mail']")
    assert "邮箱" in reason


def test_a_packet_is_mailed_and_the_page_tells_what_came_of_it(portal: PortalInMemory) -> None:
    firm, clerk = a_clerk(portal)
    packet.enter_mailbox(portal.services.actor("SYS_ADMIN"))
    built(portal, firm, clerk)
    assert packet.MAILBOX in clerk.text
    assert clerk.all("//aside[@class='callout']")
    clerk.press("发送至主管部门邮箱")
    assert clerk.status == 200
    portal.services.run(portal.services["enterprise"].take_effect())
    clerk.open(clerk.path)
    assert "NOT_CONFIGURED" in clerk.text  # in memory there is no mail server
    assert "没有送达" in clerk.text


def test_the_whole_packet_can_be_read_before_it_is_mailed(portal: PortalInMemory) -> None:
    firm, clerk = a_clerk(portal)
    built(portal, firm, clerk)
    id = clerk.path.split("/")[-1]
    said = packet.Packets(firm.clerk, firm.enterprise.id).read(id)
    clerk.follow("下载预览")
    files = unpack(clerk.content)
    told = {each["name"]: each["sha256"] for each in said["parts"] if each["sha256"]}
    assert len(told) > 5
    assert {name: sha256(files[name]).hexdigest() for name in told} == told
    assert firm.enterprise.name in files["封面.html"].decode()


def test_each_filing_is_read_page_by_page_before_it_is_mailed(portal: PortalInMemory) -> None:
    firm, clerk = a_clerk(portal)
    built(portal, firm, clerk)
    packet = clerk.path
    [link] = clerk.all("//a[contains(@href,'/preview')]/@href")
    clerk.open(str(link))
    assert firm.enterprise.name in clerk.text
    assert clerk.all("//article[@class='sheet']//table[@class='form-table']")
    scans = clerk.all("//section[@aria-labelledby='h-scans']//img/@src")
    assert scans
    clerk.open(str(scans[0]))
    assert clerk.content.startswith(b"RIFF")
    clerk.open(f"{packet}/preview?n=2")
    assert clerk.status == 404


def test_each_filing_of_a_person_stands_there_with_the_name(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    hired = set(firm.hire())
    names = set(firm.staff.people)
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/packets")
    assert {firm.enterprise.name, *names} == set(clerk.texts("//form//tbody//th"))
    clerk.press("生成", {"filing": sorted(hired)})
    assert set(clerk.texts("//section[@aria-labelledby='h-filings']//td[2]")) == names


def test_nothing_chosen_is_said(portal: PortalInMemory) -> None:
    _, clerk = a_clerk(portal)
    clerk.open("/packets")
    clerk.press("生成")
    assert "还没有选择" in clerk.text


def test_a_packet_of_another_enterprise_is_not_there(portal: PortalInMemory) -> None:
    firm, clerk = a_clerk(portal)
    built(portal, firm, clerk)
    stranger = portal.visitor("ENT_CLERK", org="91410100MA3X000000")
    for path in (clerk.path, f"{clerk.path}/document", f"{clerk.path}/preview"):
        stranger.open(path)
        assert stranger.status == 404


def test_a_filing_that_a_change_took_the_place_of_is_not_offered(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    officer, changes = portal.services.officer(), firm.enterprise
    change = changes.add("ENT_CHANGE")
    content = changes.state(change)["content"]
    content["basic"]["contact_mobile"] = "13900000009"
    changes.save(change, content)
    changes.send(change)
    officer.decide(officer.open(change), "PASS", "")
    changes.waits_for(change, "APPROVED")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/packets")
    [offered] = clerk.all("//input[@name='filing']/@value")
    assert change.endswith(offered)
