"""回执 and print views: what was received, by whom and with which digest; 草稿 until it is sent."""

import pytest

from deploy.demo import filing
from services.portal.render.qr import qr_code
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


def digest_of(portal: PortalInMemory, service: str, event: str) -> str:
    """Of the event's exact bytes, in groups as on paper."""
    [sent] = [each for each in portal.services[service].log.records if each.type.endswith(event)]
    return " ".join(sent.data_sha256[at : at + 16] for at in range(0, 64, 16))


def test_a_receipt_says_who_received_what_and_its_digest(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    path = filing.first_filing(firm.enterprise)
    visitor = clerk(portal, firm)
    visitor.open(f"/enterprise/filings/{path.rpartition('/')[2]}")
    visitor.follow("回执")
    state = firm.enterprise.state(path)
    for said in (
        *("企业信息备案回执", firm.enterprise.name, firm.uscc, "郑州市", "第 1 次"),
        *(state["receipt_no"], state["filing_no"], digest_of(portal, "enterprise", ".FilingSent")),
    ):
        assert said in visitor.text, said
    assert visitor.all("//article[@class='sheet']//dl[@class='tblock']")


def test_what_was_not_sent_has_no_receipt_and_prints_as_a_draft(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    path = firm.enterprise.add("ENT_INIT")
    firm.enterprise.save(path)
    visitor, page = clerk(portal, firm), f"/enterprise/filings/{path.rpartition('/')[2]}"
    visitor.open(f"{page}/receipt")
    assert visitor.status == 404
    visitor.open(page)
    visitor.follow("打印")
    [sheet] = visitor.all("//article")
    assert sheet.get("class") == "sheet is-draft"
    assert visitor.texts("//p[@class='draft-mark']") == ["草稿"]
    assert "注册地址" in visitor.text
    firm.enterprise.send(path)
    visitor.open(f"{page}/print")
    assert visitor.all("//article")[0].get("class") == "sheet"
    assert "草稿" not in visitor.text
    assert digest_of(portal, "enterprise", ".FilingSent") in visitor.text


def test_a_batch_of_people_has_one_receipt_by_name(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    [row, *_] = portal.services["personnel"].rows("filings")
    visitor = clerk(portal, firm)
    visitor.open(f"/people/filings/{row['id']}/receipt")
    assert any(name in visitor.text for name in firm.staff.people)
    visitor.follow(f"同一批次的回执 {row['batch_no']}")
    assert "已报送人员（2 人）" in visitor.text
    assert all(name in visitor.text for name in firm.staff.people)


def test_a_record_has_a_receipt_with_the_address_of_its_check_and_a_paper(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    visitor, page = clerk(portal, firm), f"/assessment/{firm.record.id}"
    visitor.open(f"{page}/print")
    assert visitor.texts("//p[@class='draft-mark']") == ["草稿"]
    firm.record.send()
    visitor.open(f"{page}/receipt")
    digest = digest_of(portal, "assessment", ".AssessmentSent").replace(" ", "")
    assert f"/v/{firm.record.now['record_no']}/{digest}" in visitor.text
    visitor.open(f"{page}/print")
    assert "示范学校教学楼" in visitor.text
    assert "草稿" not in visitor.text


def test_an_officer_prints_what_lies_before_them_and_reads_approved_versions(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    path = filing.first_filing(firm.enterprise)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    case = officer.path
    officer.follow("打印")
    assert officer.all("//article[@class='sheet']")
    officer.open(case)
    officer.press("受理")
    officer.press("其余均无误")
    officer.press("通过")
    firm.enterprise.waits_for(path, "APPROVED")
    officer.open(f"/enterprises/{firm.id}/versions")
    officer.follow("第 1 版")
    assert "企业基本信息" in officer.text
    other = clerk(portal, Firm(portal.services, 2, "河南示例工程设计有限公司"))
    for page in ("versions", "versions/1"):
        other.open(f"/enterprises/{firm.id}/{page}")
        assert other.status == 404


def test_the_code_on_a_record_s_paper_is_that_of_its_check(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    firm.record.send()
    visitor = clerk(portal, firm)
    for page in ("receipt", "print"):
        visitor.open(f"/assessment/{firm.record.id}/{page}")
        [address] = visitor.texts("//div[@class='qr-block']//span[@class='hash']")
        [path] = visitor.all("//*[@class='qr']/*[local-name()='path']")
        assert path.get("d") == qr_code(address).path
