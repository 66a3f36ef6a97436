"""What came back: its points are a list of links, only what they name can be changed, and each is
corrected or answered before it is sent again (portal.md, section 4). Of an enterprise, a person and
a record; scripts off.
"""

from collections.abc import Sequence

import pytest

from deploy.demo import filing, scans
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
POINTS = "//section[@aria-labelledby='h-ret']//ol/li"


def sent_back(portal: PortalInMemory, path: str, *pointers: str) -> None:
    officer = portal.services.officer()
    points = [{"pointer": each, "reason": "R06", "text": f"请改正 {each}"} for each in pointers]
    officer.decide(officer.open(path), "RETURN", "", points, "请补正")


def links(clerk: VisitorInMemory) -> list[str]:
    """Where the points lead, each to something on this page."""
    found = [str(each.get("href")) for each in clerk.all(f"{POINTS}//a[starts-with(@href,'#')]")]
    ids = {str(each) for each in clerk.all("//@id")}
    assert {each.removeprefix("#") for each in found} <= ids
    return found


def open_fields(clerk: VisitorInMemory) -> set[str]:
    """Of the form, those into which something can be typed."""
    shown = clerk.all(
        "//main//*[self::input[not(@type='hidden')] or self::textarea or self::select]"
        "[starts-with(@name,'/')][not(@readonly)][not(@disabled)]"
    )
    return {str(each.get("name")) for each in shown}


def answered(clerk: VisitorInMemory, corrected: str, value: str, left: str) -> None:
    """One point is corrected, the other must be answered before it goes."""
    clerk.press("保存", {corrected: value})
    clerk.press("在线发送")
    assert "V14" in clerk.texts("//*[@class='rule']")
    others = clerk.all("//input[starts-with(@name,'_answer:')]/@name")
    answers = {each: "证照上就是这样写的" for each in others if each != f"_answer:{corrected}"}
    assert f"_answer:{left}" in answers
    clerk.press("在线发送", answers)
    assert "已发送，回执号" in clerk.text, clerk.text


def test_of_an_enterprise_only_what_was_returned_is_open(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    path = filing.first_filing(firm.enterprise)
    sent_back(portal, path, "/basic/business_address", "/basic/office_phone", "/net_assets")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/")
    clerk.follow(f"逐条改正：{firm.enterprise.name}")
    assert len(links(clerk)) == 3
    assert {each for each in open_fields(clerk) if not each.startswith("/net_assets/")} == {
        "/basic/business_address",
        "/basic/office_phone",
    }
    here = clerk.path
    clerk.open(f"{here}/diff")
    assert clerk.texts("//table[@class='grid']//td[@colspan]") == ["内容没有改动"] * 3
    clerk.open(here)
    answered(clerk, "/basic/business_address", "郑州市新路 9 号", "/basic/office_phone")


def test_where_a_list_is_returned_rows_are_added_changed_and_removed(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    officer.press("受理")
    assert "企业简历（整项）" in officer.texts("//*[@id='f-history']/b")
    officer.press("填写退回意见", {"mark:/history": "return"})
    officer.press("退回补正", {"reason:/history": "R06", "text:/history": "请补充资质取得情况"})
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/")
    clerk.follow(f"逐条改正：{firm.enterprise.name}")
    assert clerk.all("//button[@name='_append']/@value") == ["/history"]
    assert clerk.all("//button[@name='_remove']/@value") == ["/history/0"]
    clerk.press("添加企业简历")
    added = {"/history/1/happened_on": "2010-05-18", "/history/1/event": "取得资质"}
    clerk.press("保存", added | {"/history/0/event": "公司成立"})
    clerk.press("在线发送")
    assert "已发送，回执号" in clerk.text, clerk.text


def test_of_a_person_only_what_was_returned_is_open(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    id = firm.staff.add("赵示范", None, "ARCH")
    [sent] = firm.staff.file([id])["sent"]
    sent_back(portal, f"/filings/{sent['filing']}", "/mobile", "/school", "/scans/0")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/people/filings/{sent['filing']}")
    assert len(links(clerk)) == 3
    assert open_fields(clerk) == {"/mobile", "/school"}
    assert len(clerk.all("//li[starts-with(@class,'slot')]//button[@name='_remove']")) == 1
    clerk.press("在线发送", {"/mobile": "13800000009"})
    assert "改动还没有保存" in clerk.text
    assert clerk.all("//input[@name='/mobile']/@value") == ["13800000009"]
    clerk.press("保存")
    clerk.press("在线发送", {"_answer:/school": "证书上就是这样写的"})
    assert clerk.status == 422
    [kept] = clerk.all("//input[@name='_answer:/school']/@value")
    assert kept == "证书上就是这样写的"
    clerk.press("在线发送", {"_answer:/scans/0": "原件就是这样"})
    assert "已发送，回执号" in clerk.text, clerk.text


def test_a_scan_brought_by_the_form_stays_what_it_is_when_another_field_is_corrected(
    portal: PortalInMemory,
) -> None:
    """Pages left out what its file was called; the next saving was then said to change the scan."""
    firm = Firm(portal.services)
    firm.enterprise.fill_in()
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open("/enterprise")
    audit = ("2023年审计.pdf", scans.pdf("ENT_AUDIT", "示范"), "application/pdf")
    clerk.press("保存", files={"_file:ENT_AUDIT": audit})
    path = firm.enterprise.add("ENT_INIT")
    firm.enterprise.save(path, firm.enterprise.state(path)["content"])
    firm.enterprise.send(path)
    sent_back(portal, path, "/basic/business_address")
    clerk.open(f"/enterprise/filings/{path.rpartition('/')[2]}")
    for number in ("8", "9"):
        clerk.press("保存", {"/basic/business_address": f"郑州市新路 {number} 号"})
        assert "E28" not in clerk.text
        assert audit[0] in clerk.text


def test_of_a_record_a_point_leads_to_its_step_and_only_that_is_open(
    portal: PortalInMemory,
) -> None:
    campaign, firm = open_campaign(portal.services), Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(campaign, [firm.project()])
    firm.record.send()
    city = portal.services.reviewer("CITY_OFFICER")
    points: Sequence[dict[str, str]] = [
        {"pointer": "/persons/1", "reason": "R06", "text": "请更换一名注册人员"},
    ]
    city.decide(city.open(firm.record, "CITY"), "RETURN", "", points, "请补正")
    firm.record.waits_for("RETURNED")
    clerk = portal.visitor("ENT_CLERK", org=firm.uscc)
    clerk.open(f"/assessment/{firm.record.id}")
    link = clerk.all(f"{POINTS}//a/@href")[0]
    assert str(link).startswith(f"/assessment/{firm.record.id}/steps/people#")
    clerk.open(str(link).partition("#")[0])
    anchor = str(link).partition("#")[2]
    assert clerk.all(f"//*[@id='{anchor}']")
    boxes = clerk.all("//tbody//input[@type='checkbox']")
    assert [each.get("disabled") is None for each in boxes].count(True) == 1
