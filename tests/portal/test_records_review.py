"""A record from its sending to the announced result, reviewed through the portal's pages alone:
city, its lead, province, experts, inspectors, conclusion, publicity, rectification.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from deploy.demo import scans
from tests.in_memory.firm import Firm, open_campaign
from tests.portal.in_memory import PortalInMemory, VisitorInMemory

pytestmark = [pytest.mark.servers]
CITY, PROVINCE = "410100", "410000"


@dataclass
class Sent:
    """A record that was sent, and who may do something with it."""

    portal: PortalInMemory
    firm: Firm
    visitors: dict[str, VisitorInMemory] = field(default_factory=dict)

    def one(self, role: str, user: str = "") -> VisitorInMemory:
        """Each visits with a browser of their own."""
        if (name := user or role) not in self.visitors:
            city = {} if role == "EXPERT" else {"city": PROVINCE if "PROV" in role else CITY}
            self.visitors[name] = self.portal.visitor(role, user, **city)
        return self.visitors[name]

    def at(self, role: str, user: str = "") -> VisitorInMemory:
        """At the record's case."""
        visitor = self.one(role, user)
        rows = self.portal.services["review"].rows("cases")
        [case] = (each for each in rows if str(each["subject_id"]) == self.firm.record.id)
        visitor.open(f"/cases/{case['id']}")
        return visitor

    def passed_by_city(self) -> None:
        officer = self.at("CITY_OFFICER")
        officer.press("受理")
        officer.press("通过")
        self.at("CITY_LEAD").press("签发初审意见")

    def passed_by_province(self) -> None:
        officer = self.at("PROV_OFFICER")
        officer.press("受理")
        officer.press("通过")

    def today(self) -> date:
        return self.portal.services.setting.clock.at.date()

    def published(self) -> VisitorInMemory:
        """At the publicity."""
        officer = self.one("PROV_OFFICER")
        officer.open("/conclusions")
        officer.press("公示所选结论", {"record": self.firm.record.id})
        return officer

    def announced(self) -> VisitorInMemory:
        """The last day of publicity is over."""
        officer = self.published()
        [over] = officer.texts('//dt[.="公示至"]/following-sibling::dd')
        self.portal.services.pass_to(date.fromisoformat(over) + timedelta(days=1))
        officer.open(officer.path)
        officer.press("公告考核结果")
        return officer

    def concluded(self, result: str, reason: str = "经人工核定") -> None:
        """Proposed, approved."""
        officer = self.at("PROV_OFFICER")
        officer.press("拟定结论", {"result": result, "override_reason": reason})
        self.at("PROV_LEAD").press("批准结论")


def sent_record(portal: PortalInMemory) -> Sent:
    firm = Firm(portal.services)
    firm.file()
    firm.hire()
    firm.make_record(open_campaign(portal.services), [firm.project()])
    firm.record.send()
    return Sent(portal, firm)


def test_the_city_sees_what_was_sent_and_its_lead_signs(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER")
    assert "已发送" in officer.text
    assert "测算结论：不合格" in officer.text
    assert "缺 8 类" in officer.text
    [arithmetic] = officer.texts("//section[@aria-labelledby='h-prop']//ul[@class='items']/li")
    assert arithmetic.count("测算结论") == 1  # of one licence it is said once
    assert "示范学校教学楼" in officer.text
    assert "" not in officer.texts("//section[@id='f-si_proofs']//tbody//td")  # 未缴费：无
    assert "资质“建筑行业(建筑工程)乙级”人员不足：一级注册建筑师应2人，实0人" in officer.text
    officer.press("受理")
    assert "市级初审中" in officer.text
    officer.press("通过")
    assert "已出意见，待签发或拟定结论" in officer.text
    lead = sent.at("CITY_LEAD")
    lead.press("签发初审意见")
    assert "初审完成" in lead.text


def test_who_gave_the_opinion_does_not_sign_it(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER", "zhang")
    officer.press("受理")
    officer.press("通过")
    lead = sent.portal.visitor("CITY_LEAD", "zhang", city=CITY)
    lead.open(officer.path)
    assert not lead.all('//button[@value="sign"]')
    why = lead.texts('//details//dd[p[@id="why-sign"]]')
    assert len(why) == 1, lead.text
    assert "STATE" not in why[0]


def test_what_was_concluded_is_published_objected_to_and_announced(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    officer = sent.at("PROV_OFFICER")
    officer.press("拟定结论", {"result": "PASS"})
    assert "V06" in officer.text  # another result than the machine's needs a reason
    officer.press("拟定结论", {"result": "BASIC", "override_reason": "标准数值暂定，经人工核定"})
    assert "拟定结论：基本合格" in officer.text
    assert "不能" in officer.text
    lead = sent.at("PROV_LEAD")
    lead.press("批准结论")

    officer.open("/conclusions")
    officer.press("公示所选结论")
    assert "还没有选择" in officer.text
    officer.press("公示所选结论", {"record": sent.firm.record.id})
    assert "已公示，至" in officer.text
    assert "建筑行业(建筑工程)乙级" in officer.text
    assert not officer.all('//button[@value="announce"]')

    about = {"record": sent.firm.record.id, "who": "王某", "text": "人员社保不在该企业"}
    officer.press("登记异议", about)
    assert "异议已登记" in officer.text
    officer.press("异议不成立", {"answer": "经核查，社保由分公司缴纳"})
    assert "异议不成立，继续公示" in officer.text
    [entered, answered] = officer.texts("//article//span[@class='note']")
    assert "提出人：王某；登记：PROV_OFFICER，2024-09-02 09:00" in entered
    assert "PROV_OFFICER，2024-09-02 09:00" in answered


def test_an_objection_that_is_upheld_brings_the_record_back(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    sent.concluded("BASIC")
    officer = sent.published()
    about = {"record": sent.firm.record.id, "who": "王某", "text": "人员社保不在该企业"}
    officer.press("登记异议", about)
    officer.press("异议成立，退回复核", {"answer": "经核查属实，重新复核"})
    assert "异议成立，退回省级复核" in officer.text
    assert "省级复核中" in sent.at("PROV_OFFICER").text


def test_what_is_basically_qualified_is_closed_when_it_is_announced(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    sent.concluded("BASIC")
    officer = sent.announced()
    assert "已公告，结论生效" in officer.text
    assert "基本合格" in officer.text
    assert not sent.at("PROV_OFFICER").all('//a[.="责令限期整改"]')
    clerk = sent.firm.clerk.get("assessment", sent.firm.record.path)
    assert (clerk["status"], clerk["result"]) == ("CLOSED", "BASIC")


def test_who_fails_mends_what_was_missing(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    sent.concluded("FAIL")
    sent.announced()
    officer = sent.at("PROV_OFFICER")
    officer.follow("责令限期整改")
    needs = [each.get("value") for each in officer.all('//input[@name="need-0"]')]
    assert needs == ["7 人"]
    late = {"notice_date": sent.today(), "deadline": sent.today() + timedelta(days=200)}
    officer.press("下达整改通知", late)
    assert "V08" in officer.text
    officer.press("下达整改通知", {"deadline": sent.today() + timedelta(days=60)})
    assert "已下达整改通知" in officer.text
    notice = officer.path

    clerk = portal.visitor("ENT_CLERK", org=sent.firm.uscc)
    clerk.open("/rectifications")
    clerk.follow(sent.firm.enterprise.name)
    assert not clerk.all('//button[@value="PASS"]')
    report = scans.pdf("RECT_REPORT", sent.firm.uscc)
    scan = {"_file:RECT_REPORT": ("整改报告.pdf", report, "application/pdf")}
    clerk.press("报送整改报告", {"text": "已补充注册人员"}, files=scan)
    assert "已提交整改报告" in clerk.text

    officer.open(notice)
    assert "报告当日的已备案数据" in officer.text
    officer.press("报告不全，退回", {"text": "请补充社保证明"})
    clerk.open(notice)
    assert "请补充社保证明" in clerk.text
    clerk.press("报送整改报告", {"text": "已补充"}, files=scan)
    officer.open(notice)
    officer.press("整改合格")
    assert "整改合格" in officer.text
    record = sent.firm.clerk.get("assessment", sent.firm.record.path)
    assert (record["status"], record["result"]) == ("CLOSED", "FAIL")


def test_the_province_asks_the_experts(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    officer = sent.at("PROV_OFFICER")
    case = officer.path
    expert = sent.one("EXPERT")
    expert.open(case)
    assert expert.status == 404
    officer.press("受理")
    officer.press("提请专家审核", {"comment": "业绩与资质范围不符，请专家审核"})
    assert "专家审核中" in officer.text
    expert.open("/cases")
    assert sent.firm.enterprise.name not in expert.text, "nobody has named them yet"
    lead = sent.one("PROV_LEAD")
    lead.open(case)
    lead.press("转办", {"to": "expert", "why": "请专家审核业绩"})
    assert "已办：转办" in lead.text
    another = portal.visitor("EXPERT", user="expert-2")
    another.open("/cases")
    assert sent.firm.enterprise.name not in another.text
    another.open(case)
    assert another.status == 404
    expert.open("/cases")
    expert.follow(sent.firm.enterprise.name)
    assert "示范学校教学楼" in expert.text
    assert "业绩与资质范围不符，请专家审核" in expert.text, "what they are asked"
    assert expert.all('//button[@value="interest"]')
    assert not expert.all('//button[@value="PASS"]')
    before = expert.path
    papers = []
    for reader in (officer, expert):
        reader.open(case)
        reader.follow("打印")
        assert reader.status == 200
        papers.append(reader.text)
    assert papers[0] == papers[1], "with the digest and the time of its sending"
    expert.open(before)
    scan = expert.all('//a[starts-with(@href, "/scans/assessment/")]')[0].get("href")
    expert.open(scan)
    assert (expert.status, len(expert.all("//main//img"))) == (200, 1)
    another.open(scan)
    assert another.status == 404
    expert.open(before)
    expert.press("出具专家意见", {"opinion": "业绩在资质范围内，同意通过"})
    assert expert.status == 200
    assert "专家意见已出具" in expert.text
    officer.open(case)
    assert "业绩在资质范围内，同意通过" in officer.text
    assert "省级复核中" in officer.text
    expert.open(case)
    assert expert.status == 404
    expert.open(scan)
    assert expert.status == 404


def test_two_inspectors_visit(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER")
    officer.press("受理")
    officer.press("实地核查", {"comment": "核查办公场所和人员"})
    assert "待实地核查" in officer.text
    seen = {
        "date": sent.today(),
        "place": "郑州市金水区",
        "minutes": "人员在岗，场所属实",
        "name-0": "张三",
        "certificate-0": "豫A0001",
    }
    officer.press("登记核查记录", seen)
    assert "V10" in officer.texts('//*[@class="summary"]')[0]
    officer.press("登记核查记录", {"name-1": "李四", "certificate-1": "豫A0002"})
    assert "人员在岗，场所属实" in officer.text
    officer.press("受理")
    assert officer.all('//button[@value="PASS"]')


def test_what_is_returned_is_named_and_its_answer_is_seen(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER")
    officer.press("受理")
    officer.press("退回补正")
    assert "V03" in officer.text
    point = {"pointer-0": "/si_proofs", "reason-0": "R06", "text-0": "缺少2024年8月社保证明"}
    officer.press("再添加一条", point)
    assert "退回第 2 条" in officer.text
    officer.press("退回补正", {"comment": "请补充社保证明后重新发送"})
    assert "已退回，等企业改正" in officer.text
    assert "社保月份不连续" in officer.text
    answer = {"pointer": "/si_proofs", "text": "社保证明已齐，请核对"}
    sent.firm.record.send([answer])
    officer.open(officer.path)
    assert "第 2 次" in officer.text
    assert "社保证明已齐，请核对" in officer.text


def test_the_province_plans_a_campaign_opens_it_and_closes_it(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    firm.file()
    province = portal.visitor("PROV_OFFICER", city=PROVINCE)
    province.open("/campaigns")
    assert province.all('//input[@name="year"][@type="number"]'), (
        "the browser takes no words for a year"
    )
    province.follow("建立考核批次")
    province.press("建立考核批次", {"year": 2024, "submission_window-from": "2024-09-01"})
    assert "没有办成" in province.title
    title = "2024年度动态考核"
    window = {"submission_window-to": "2024-10-31", "title": title, "si_months": "2024-06，2024-07"}
    province.press("建立考核批次", window)
    assert "未开始" in province.text
    assert province.all('//input[@name="si_months"]')[0].get("value") == "2024-06,2024-07"
    province.press("保存", {"title": "2024年度勘察设计企业资质动态考核"})
    province.press("开始填报")
    assert "填报中" in province.text
    assert not province.all('//button[.="保存"]')
    assert firm.enterprise.name in province.text

    city = portal.visitor("CITY_OFFICER", city=CITY)
    city.open("/campaigns")
    city.follow("2024年度勘察设计企业资质动态考核")
    assert not city.all('//button[@name="_act"]')

    province.press("填报截止")
    assert "未参加考核" in province.texts("//tbody")[0]


def test_a_long_list_of_codes_has_pages(portal: PortalInMemory) -> None:
    operator = portal.visitor("SYS_ADMIN")
    operator.open("/reference/admin_division_city")
    first = operator.texts("//tbody/tr/th")
    operator.follow("下一页")
    rest = operator.texts("//tbody/tr/th")
    assert (len(first), len(first) + len({*rest} - {*first})) == (200, 370)
    assert not operator.all("//nav[@class='pager']")


def test_a_units_mailbox_is_changed_and_other_changes_stay(portal: PortalInMemory) -> None:
    operator = portal.visitor("SYS_ADMIN")
    operator.open("/reference")
    operator.follow("报送单位与邮箱")
    operator.follow("410100")
    operator.press("保存", {"packet/mailbox": "filing@example.com"})
    assert "已保存" in operator.text
    operator.press("保存", {"packet/notice_title": "备案须知"})
    [mailbox] = operator.all('//input[@name="packet/mailbox"]')
    assert mailbox.get("value") == "filing@example.com"
    operator.open("/reference/reporting_unit")
    assert operator.texts('//tr[th="410100"]/td')[-1] == "已改"
    changed = portal.services.actor("SYS_ADMIN").get("review", "/reference/reporting_unit")
    packet = {"mailbox": "filing@example.com", "notice_title": "备案须知"}
    assert changed["items"] == [{"code": "410100", "packet": packet}]

    officer = portal.visitor("CITY_OFFICER", city=CITY)
    officer.open("/reference/reporting_unit/410100")
    assert not officer.all('//button[.="保存"]')


def test_a_case_is_given_back_handed_over_and_kept_away_from(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    first, second = sent.at("CITY_OFFICER", "zhang"), sent.one("CITY_OFFICER", "li")
    first.press("受理")
    second.open(first.path)
    assert not second.all('//button[@value="PASS"]')
    first.press("转办")
    assert "没有办成" in first.title
    first.press("转办", {"to": "li", "why": "出差"})
    assert not first.all('//button[@value="PASS"]')
    second.open(first.path)
    second.press("释放")
    first.open(first.path)
    first.press("受理")
    first.press("申请回避", {"tie": "曾在该企业任职"})
    assert "V11" in first.texts("//details//dd")[0]
    second.open(first.path)
    assert second.all('//button[@value="take"]')


def test_every_step_of_the_review_is_named_in_the_history(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    lead = sent.at("CITY_LEAD")
    lead.follow("历史记录")
    steps = lead.texts('//ol[@class="timeline"]//h3')
    assert [each.split(" ")[0] for each in steps] == [
        "决定生效",
        "签发初审意见",
        "出具审核意见",
        "受理",
        "收到报送",
    ]


# Scans beside what was sent; four calls a page


def test_the_scans_of_a_record_stand_beside_it_and_lose_nothing_that_is_typed(
    portal: PortalInMemory,
) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER")
    assert officer.all("//section[@id='viewer']//img")
    assert not officer.all('//button[@value="RETURN"]'), "nobody has opened it"
    officer.press("受理")
    *_, last = officer.texts("//section[@id='viewer']//li")
    officer.press(last, {"comment": "看过社保证明"})
    assert officer.texts("//section[@id='viewer']//b") == [last]
    assert officer.texts("//textarea[@name='comment']") == ["看过社保证明"]


def test_a_case_page_asks_services_four_times_at_most(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    officer = sent.at("CITY_OFFICER")
    officer.press("受理")
    point = {"pointer-0": "/si_proofs", "reason-0": "R06", "text-0": "缺少2024年8月社保证明"}
    officer.press("退回补正", {**point, "comment": "请补充社保证明后重新发送"})
    sent.firm.record.send([{"pointer": "/si_proofs", "text": "社保证明已齐，请核对"}])
    sent.passed_by_city()
    sent.passed_by_province()
    sent.concluded("BASIC")
    officer.open(officer.path)
    assert "拟定结论：基本合格" in officer.text
    assert "上次退回的 1 条" in officer.text
    assert officer.all("//section[@id='viewer']//img")
    assert officer.calls <= 4
