"""对比 on the portal's pages: before sending, after a return, of a change, for officers, of the
generations of a record; old beside new in the form's words.
"""

import pytest

from deploy.demo import filing
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]


def clerk(portal: PortalInMemory, firm: Firm) -> VisitorInMemory:
    return portal.visitor("ENT_CLERK", org=firm.uscc)


def rows(visitor: VisitorInMemory) -> list[str]:
    """The lines of the table of differences."""
    return visitor.texts("//table[@class='diff']/tbody/tr")


def returned(portal: PortalInMemory, *pointers: str) -> tuple[Firm, str]:
    """A first filing that came back with these points: its page."""
    firm, officer = Firm(portal.services), portal.services.officer()
    path = filing.first_filing(firm.enterprise)
    items = [{"pointer": each, "reason": "R01", "text": "与营业执照不一致"} for each in pointers]
    officer.decide(officer.open(path), "RETURN", "请改正", items)
    firm.enterprise.waits_for(path, "RETURNED")
    return firm, f"/enterprise/filings/{path.rpartition('/')[2]}"


def test_after_a_return_each_point_is_marked_as_corrected_or_not(portal: PortalInMemory) -> None:
    firm, page = returned(portal, "/basic/registered_address", "/basic/fax")
    visitor = clerk(portal, firm)
    visitor.open(page)
    assert rows(visitor) == []
    assert visitor.text.count("未改") >= 2
    visitor.press("保存", {"/basic/registered_address": "郑州市中原区建设路1号"})
    visitor.open(page)
    [line] = rows(visitor)
    assert line.startswith("改注册地址")
    assert "郑州市中原区建设路1号" in line
    assert "对应退回意见" in line
    assert visitor.texts("//ol[@class='items']//span[contains(@class,'mark')]") == [
        "✓ 已改",
        "未改",
    ]
    [link] = visitor.all("//table[@class='diff']//th/a")
    assert visitor.all(f"//*[@id='{link.get('href')[1:]}']"), "the link leads to its field"
    english = portal.visitor("ENT_CLERK", org=firm.uscc, language="en")
    english.open(page)
    assert rows(english)[0].startswith("mod")


def test_an_officer_sees_what_became_of_each_point_and_the_difference_to_the_last_round(
    portal: PortalInMemory,
) -> None:
    firm, page = returned(portal, "/basic/registered_address", "/basic/fax")
    visitor = clerk(portal, firm)
    visitor.open(page)
    visitor.press("保存", {"/basic/registered_address": "郑州市中原区建设路1号"})
    read = [each.get("value") for each in visitor.all("//input[@name='acknowledged']")]
    visitor.press("在线发送", {"_answer:/basic/fax": "没有传真", "acknowledged": read})
    assert "已发送" in visitor.text, visitor.text[:2000]
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    assert "上次退回的 2 条，怎样改的" in officer.text
    corrected, answered = officer.texts("//section[@aria-labelledby='h-prev']//tbody/tr")
    assert "✓ 已改" in corrected
    assert "郑州市中原区建设路1号" in corrected
    assert "未改，已说明" in answered
    assert "没有传真" in answered
    assert len(rows(officer)) == 1
    officer.follow("其他对比")
    assert officer.status == 200
    assert "第 1 次报送" in officer.text
    assert "未发送" not in officer.text


def test_a_change_shows_the_filed_value_beside_the_new_one(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    path = firm.enterprise.add("ENT_CHANGE")
    content = firm.enterprise.state(path)["content"]
    content["basic"]["staff_total"] = 99
    content["basic"]["affiliation"] = None
    firm.enterprise.save(path, content)
    visitor = clerk(portal, firm)
    visitor.open(f"/enterprise/changes/{path.rpartition('/')[2]}")
    assert "与备案第 1 版的差异" in visitor.text
    shown = " ".join(rows(visitor))
    assert "从业人员数" in shown
    assert visitor.texts("//table[@class='diff']//ins") == ["99"]
    firm.enterprise.send(path)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open("/cases")
    officer.follow(firm.enterprise.name)
    assert "与备案版本的差异" in officer.text
    assert officer.texts("//table[@class='diff']//ins") == ["99"]


def test_codes_are_named_and_scans_told_by_their_type(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    name = next(iter(firm.staff.people))
    filing_id = firm.staff.change(name, title_level="3", scans=[])
    visitor = clerk(portal, firm)
    visitor.open(f"/people/changes/{filing_id}")
    shown = " ".join(rows(visitor))
    assert "改职称等级副高级中级" in shown
    assert "身份证" in shown
    assert not [each for each in visitor.texts("//table[@class='diff']//del") if each.isdecimal()]


def test_generations_of_a_record_are_compared_with_names(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    people = firm.record.now["steps"]["people"]["persons"]
    firm.record.save("people", {"persons": people[:1]}, "")
    firm.record.generate()
    visitor = clerk(portal, firm)
    visitor.open(f"/assessment/{firm.record.id}/diff?from=generation:1&to=generation:2")
    gone = [each for each in rows(visitor) if "删" in each]
    assert any(list(firm.staff.people)[1] in each for each in gone), rows(visitor)
    visitor.open(f"/assessment/{firm.record.id}/diff?from=generation:1&to=round:7")
    assert "没有可以对比的内容" in visitor.text
    auditor = portal.visitor("AUDITOR")
    auditor.open(f"/assessment/{firm.record.id}/diff?from=generation:1&to=generation:2")
    assert list(firm.staff.people)[1] not in auditor.text


def test_nobody_compares_what_is_another_s(portal: PortalInMemory) -> None:
    _, page = returned(portal, "/basic/fax")
    other = clerk(portal, Firm(portal.services, 2, "河南示例工程设计有限公司"))
    other.open(f"{page}/diff?from=round:1&to=draft")
    assert other.status == 404


def test_a_change_that_came_back_is_compared_with_its_last_round_and_with_what_is_filed(
    portal: PortalInMemory,
) -> None:
    firm = Firm(portal.services)
    firm.file()
    change = firm.enterprise.add("ENT_CHANGE")
    content = firm.clerk.get("enterprise", change)["content"]
    address = content["basic"] | {"registered_address": "郑州市中原区建设路1号"}
    firm.enterprise.save(change, content | {"basic": address})
    firm.enterprise.send(change)
    reviewer = portal.services.officer()
    case = reviewer.open(change)["id"]
    point = {"pointer": "/basic/fax", "reason": "R01", "text": "与证书不一致"}
    reviewer.decide(reviewer.case(change, 1), "RETURN", "请改传真号码", [point])
    firm.enterprise.save(change, content | {"basic": address | {"fax": "0371-60000001"}})
    firm.enterprise.send(change)
    officer = portal.visitor("CITY_OFFICER", city="410100")
    officer.open(f"/cases/{case}")
    assert "上次退回的 1 条" in officer.text
    assert officer.texts("//table[@class='diff']//th/a") == ["传真"]
    officer.follow("与备案版本对比")
    assert officer.texts("//table[@class='diff']//th/a") == ["注册地址", "传真"]
    assert "对应退回意见" in officer.texts("//table[@class='diff']//tr[th/a='传真']/th")[0]
    officer.follow("与第 1 次报送对比")
    assert officer.texts("//table[@class='diff']//th/a") == ["传真"]
