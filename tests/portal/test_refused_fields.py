"""A refusal names its field in the reader's words, and leads there."""

from datetime import timedelta

import pytest

from deploy.demo import filing, scans
from libs.filing import reference
from services.portal.pages.authority.reference import leaves
from services.portal.pages.authority.reference_labels import LABELS
from tests.in_memory.firm import Firm
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_records_review import Sent, sent_record

TOO_LONG = "长" * 2001


def named(visitor: VisitorInMemory) -> dict[str, str]:
    """By the input to which each refusal leads, what it is called there; the same words stand at
    the input, and nothing is said to be done.
    """
    assert visitor.texts('//*[@id="h-done"]') == []
    refused = visitor.all('//*[@class="summary"]//li')
    assert refused, visitor.text
    found = {}
    for each in refused:
        [link] = each.xpath("a") or [None]
        assert link is not None, f"leads nowhere: {each.text_content()}"
        [target] = visitor.all(f'//*[@id="{link.get("href").removeprefix("#")}"]')
        field = target.get("name")
        found[field], _, words = link.text_content().rpartition("：")
        [said] = visitor.all(f'//*[@id="{target.get("aria-describedby").rpartition(" ")[2]}"]')
        assert target.get("aria-invalid") == "true"
        assert words in " ".join(said.text_content().split())
    return found


def before_experts(portal: PortalInMemory) -> Sent:
    sent = sent_record(portal)
    sent.passed_by_city()
    officer = sent.at("PROV_OFFICER")
    officer.press("受理")
    officer.press("提请专家审核", {"comment": "请专家审核"})
    return sent


@pytest.mark.servers
def test_of_an_experts_forms(portal: PortalInMemory) -> None:
    sent = before_experts(portal)
    lead = sent.at("PROV_LEAD")
    lead.press("转办", {"to": "", "why": TOO_LONG})
    assert named(lead) == {"to": "转给", "why": "原因"}
    lead.press("转办", {"to": "expert", "why": "请专家审核"})
    expert = sent.at("EXPERT")
    expert.press("出具专家意见", {"opinion": ""})
    assert named(expert) == {"opinion": "专家意见"}
    expert.press("申请回避", {"tie": TOO_LONG})
    assert named(expert) == {"tie": "与该企业的利害关系"}


@pytest.mark.servers
def test_of_the_minutes_of_a_visit(portal: PortalInMemory) -> None:
    officer = sent_record(portal).at("CITY_OFFICER")
    officer.press("受理")
    officer.press("实地核查", {"comment": "核查办公场所"})
    typed = {"date": "昨天", "name-1": "名" * 51, "certificate-1": "一号", "minutes": ""}
    officer.press("登记核查记录", typed)
    assert named(officer) == {"date": "核查日期", "name-1": "检查人员 2", "minutes": "核查记录"}


def reviewed(portal: PortalInMemory) -> Sent:
    """By the city and the province; nothing is concluded yet."""
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    return sent


@pytest.mark.servers
def test_of_a_proposed_conclusion(portal: PortalInMemory) -> None:
    officer = reviewed(portal).at("PROV_OFFICER")
    officer.press("拟定结论", {"result": "", "override_reason": ""})
    assert "result" in named(officer)
    officer.press("拟定结论", {"result": "PASS", "verdict-1": "UPHELD", "word-1": TOO_LONG})
    [(field, words)] = named(officer).items()
    assert (field, words.startswith("核实情况")) == ("word-1", True)


@pytest.mark.servers
def test_of_a_conclusion_that_somebody_else_has_published_meanwhile(portal: PortalInMemory) -> None:
    sent = reviewed(portal)
    sent.concluded("PASS")
    late = sent.one("PROV_OFFICER", "late")
    late.open("/conclusions")
    sent.published()
    late.press("公示所选结论", {"record": sent.firm.record.id})
    [link] = late.all('//*[@class="summary"]//li/a')
    assert link.text_content().startswith(f"{sent.firm.enterprise.name}：")
    [row] = late.all(f'//tr[@id="{link.get("href").removeprefix("#")}"]')
    assert sent.firm.enterprise.name in row.text_content()


@pytest.mark.servers
def test_what_is_about_no_input_leads_to_where_the_case_stands(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    first, late = sent.at("CITY_OFFICER"), sent.at("CITY_OFFICER", "late")
    first.press("受理")
    late.press("受理")
    [link] = late.all('//*[@class="summary"]//li/a')
    [heading] = late.all(f'//h1[@id="{link.get("href").removeprefix("#")}"]')
    assert link.text_content().startswith("当前状态：")
    assert sent.firm.enterprise.name in heading.text_content()


@pytest.mark.servers
def test_a_filing_that_somebody_else_took_says_how_it_stands(portal: PortalInMemory) -> None:
    firm = Firm(portal.services)
    filing.first_filing(firm.enterprise)
    first, late = (portal.visitor("CITY_OFFICER", each, city="410100") for each in ("li", "wu"))
    for officer in (first, late):
        officer.open("/cases")
        officer.follow(firm.enterprise.name)
    for officer in (first, late):
        officer.press("受理")
    [link] = late.all('//*[@class="summary"]//li/a')
    assert (link.get("href"), link.text_content()[:5]) == ("#standing", "当前状态：")
    first.press("退回补正")
    [link] = first.all('//*[@class="summary"]//li/a')
    assert (link.get("href"), link.text_content()[:5]) == ("#check", "逐项核对：")


@pytest.mark.servers
def test_of_an_objection(portal: PortalInMemory) -> None:
    sent = reviewed(portal)
    sent.concluded("PASS")
    officer = sent.published()
    officer.press("登记异议", {"record": sent.firm.record.id, "who": "", "text": ""})
    assert named(officer) == {"who": "提出人", "text": "异议内容"}


def to_rectify(portal: PortalInMemory) -> Sent:
    """A record that failed, announced."""
    sent = reviewed(portal)
    sent.concluded("FAIL")
    sent.announced()
    return sent


def ordered(sent: Sent) -> VisitorInMemory:
    """The officer who has served the notice: sixty days."""
    officer = sent.at("PROV_OFFICER")
    officer.follow("责令限期整改")
    officer.press("下达整改通知", {"deadline": sent.today() + timedelta(days=60)})
    return officer


@pytest.mark.servers
def test_of_a_notice_to_rectify(portal: PortalInMemory) -> None:
    sent = to_rectify(portal)
    officer = sent.at("PROV_OFFICER")
    officer.follow("责令限期整改")
    typed = {"notice_date": "明天", "deadline": "", "item-1": "", "need-1": "需" * 201}
    officer.press("下达整改通知", typed)
    assert named(officer) == {
        "notice_date": "通知日期",
        "deadline": "整改期限",
        "item-1": "不足第 2 项 › 项目",
        "need-1": "不足第 2 项 › 标准要求",
    }
    served = {"notice_date": sent.today(), "need-1": "", "have-1": ""}
    late = sent.today() + timedelta(days=200)
    officer.press("下达整改通知", {"deadline": late} | served)
    assert named(officer) == {"deadline": "整改期限"}
    nothing = {f"{name}-0": "" for name in ("item", "need", "have")}
    officer.press("下达整改通知", nothing)
    assert named(officer) == {"item-0": "不足第 1 项"}


@pytest.mark.servers
def test_of_a_report_on_what_was_mended(portal: PortalInMemory) -> None:
    sent = to_rectify(portal)
    notice = ordered(sent).path
    clerk = portal.visitor("ENT_CLERK", org=sent.firm.uscc)
    clerk.open(notice)
    clerk.press("报送整改报告", {"text": ""})
    assert named(clerk) == {"text": "怎样整改的", "_file:RECT_REPORT": "整改报告扫描件"}
    report = scans.pdf("RECT_REPORT", sent.firm.uscc)
    for file in (("报告.txt", b"text", "text/plain"), ("报告.pdf", b"text", "application/pdf")):
        clerk.press("报送整改报告", {"text": "已补充"}, {"_file:RECT_REPORT": file})
        assert named(clerk) == {"_file:RECT_REPORT": "整改报告扫描件"}
    file = ("报告.pdf", report, "application/pdf")
    clerk.press("报送整改报告", {"text": "已补充"}, {"_file:RECT_REPORT": file})
    assert "已提交整改报告" in clerk.text

    officer = sent.at("PROV_OFFICER")
    officer.open(notice)
    officer.press("报告不全，退回", {"text": "不全"})
    assert named(officer) == {"text": "复核意见"}


@pytest.mark.servers
def test_of_a_licence_that_shall_be_withdrawn(portal: PortalInMemory) -> None:
    sent = to_rectify(portal)
    officer, notified = ordered(sent), sent.today()
    portal.services.pass_to(notified + timedelta(days=61))
    officer.open(officer.path)
    officer.press("提出撤回资质", {"told_on": "昨天", "heard_on": "", "statement": TOO_LONG})
    assert named(officer) == {
        "told_on": "告知日期",
        "heard_on": "听取日期",
        "statement": "企业陈述",
    }
    before, after = notified - timedelta(days=1), sent.today() + timedelta(days=1)
    for told, heard, wrong in (
        (before, sent.today(), {"told_on": "告知日期"}),
        (sent.today(), notified, {"heard_on": "听取日期"}),
        (sent.today(), after, {"heard_on": "听取日期"}),
    ):
        days = {"told_on": told, "heard_on": heard, "statement": "无异议"}
        officer.press("提出撤回资质", days)
        assert named(officer) == wrong
    days = {"told_on": sent.today(), "heard_on": sent.today(), "text": "逾期未整改"}
    officer.press("提出撤回资质", days)
    officer.press("结案", {"text": TOO_LONG})
    assert named(officer) == {"text": "说明"}


@pytest.mark.servers
def test_of_a_campaign(portal: PortalInMemory) -> None:
    officer = portal.visitor("PROV_OFFICER", city="410000")
    officer.open("/campaigns/new")
    months = ["2024-01", "2024-02", "2024-03", "上月"]
    wrong = {
        "year": "今年",
        "title": "名" * 201,
        "as_of_date": "明天",
        "submission_window-from": "九月",
        "submission_window-to": "",
        "contract_period-from": "2024-06-30",
        "contract_period-to": "2022-07-01",
        "si_months": ",".join(months),
    }
    officer.press("建立考核批次", wrong)
    assert named(officer) == {
        "year": "年度",
        "title": "批次名称",
        "as_of_date": "考核基准日",
        "submission_window-from": "填报开始",
        "submission_window-to": "填报截止日",
        "contract_period-from": "合同期间",
        "si_months": "社保月份 4",
    }
    right = {"year": "2024", "title": "2024年度动态考核"}
    officer.press("建立考核批次", dict.fromkeys(wrong, "") | right)
    assert "已保存" in officer.text
    turned = {"submission_window-from": "2024-10-01", "submission_window-to": "2024-09-01"}
    officer.press("保存", turned | {"si_months": ",".join(["2024-01"] * 25)})
    assert named(officer) == {"submission_window-from": "填报期", "si_months": "社保月份"}


@pytest.mark.servers
def test_of_an_entry_of_a_code_list(portal: PortalInMemory) -> None:
    operator = portal.visitor("SYS_ADMIN")
    operator.open("/reference/return_reason/new")
    operator.press("保存", {"code": "R" * 51, "zh": "新的原因"})
    assert named(operator) == {"code": "代码"}
    assert "最多 50 个字" in operator.text


@pytest.mark.parametrize("name", sorted(reference.names()))
def test_every_field_of_a_code_list_has_a_name(name: str) -> None:
    items = reference.raw(name)["items"]
    unnamed = {field for each in items for field, _ in leaves(each)} - LABELS.keys()
    assert unnamed == set()
