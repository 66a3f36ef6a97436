"""A refusal names its field in the reader's words, and leads there."""

import pytest

from libs.filing import reference
from services.portal.pages.authority.reference import leaves
from services.portal.pages.authority.reference_labels import LABELS
from tests.portal.in_memory import PortalInMemory, VisitorInMemory
from tests.portal.test_records_review import Sent, sent_record

TOO_LONG = "长" * 2001


def named(visitor: VisitorInMemory) -> dict[str, str]:
    """By the input to which each refusal leads, what it is called there; the same words stand at
    the input.
    """
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


@pytest.mark.servers
def test_of_a_proposed_conclusion(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    officer = sent.at("PROV_OFFICER")
    officer.press("拟定结论", {"result": "", "override_reason": ""})
    assert "result" in named(officer)
    officer.press("拟定结论", {"result": "PASS", "verdict-1": "UPHELD", "word-1": TOO_LONG})
    [(field, words)] = named(officer).items()
    assert (field, words.startswith("核实情况")) == ("word-1", True)


@pytest.mark.servers
def test_of_a_conclusion_that_somebody_else_has_published_meanwhile(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
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
def test_of_an_objection(portal: PortalInMemory) -> None:
    sent = sent_record(portal)
    sent.passed_by_city()
    sent.passed_by_province()
    sent.concluded("PASS")
    officer = sent.published()
    officer.press("登记异议", {"record": sent.firm.record.id, "who": "", "text": ""})
    assert named(officer) == {"who": "提出人", "text": "异议内容"}


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
