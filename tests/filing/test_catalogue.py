"""What a clerk is told: every rule in both languages, with the facts of his case."""

import json
import re
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from libs.chassis.problems import formats
from libs.events.refusal import Severity
from libs.filing import catalogue, reference
from libs.filing.catalogue import finding, texts, texts_of
from libs.filing.content.enterprise import Information
from libs.filing.content.types import OneOf


@pytest.mark.parametrize("rule", sorted(reference.rules()))
def test_every_placeholder_of_a_rule_can_be_filled(rule: str) -> None:
    facts = dict.fromkeys(catalogue.FACTS.values(), "事实")
    filled = texts(rule, facts)
    assert filled.zh
    assert filled.en
    assert not re.search(r"[{}]", filled.zh + filled.en)


def test_a_shortage_names_licence_and_registration_in_each_language() -> None:
    short = finding(
        "A13",
        "/certificates/0",
        qualification="SJ-ZY-JZGC-B",
        speciality="registration_type:ARC1",
        need=2,
        have=1,
    )
    assert short.severity is Severity.WARNING
    told = texts_of(short)
    assert told.zh == "资质“建筑行业(建筑工程)乙级”人员不足：一级注册建筑师应2人，实1人"
    assert (
        told.en == "Building works, grade B is short: Class 1 registered architect needs 2, has 1"
    )


def test_several_missing_scans_are_listed() -> None:
    told = texts_of(finding("P18", type=("PER_ID", "PER_PHOTO")))
    assert told.zh == "人员扫描件不齐：身份证(正反面同页)、近期1寸彩色免冠照片"
    assert told.en == (
        "Personnel scans are missing: ID card (both sides on one page), Recent 1-inch colour photo"
    )


@pytest.mark.parametrize(
    ("case", "zh"),
    [
        ("no 5.0 filing", "未找到可获取的5.0备案信息，新企业请直接填写"),
        (
            "filed in 5.0, not migrated",
            "贵单位5.0备案数据尚未迁移至6.0，请待迁移完成后再获取，或直接填写",
        ),
        ("already sent in 6.0", "企业信息备案已发送，不能再获取5.0备案信息"),
    ],
)
def test_the_import_is_refused_with_the_answer_of_its_case(case: str, zh: str) -> None:
    assert texts_of(finding("E20", case=case)).zh == zh


def test_a_fact_may_be_worded_by_language() -> None:
    told = texts("P06", {"enterprise": "甲公司", "enterprise_en": "Firm A"})
    assert (told.zh, told.en) == (
        "该人员已在“甲公司”备案，须先办理离职（调出）",
        "Already filed by Firm A; it must release the person first",
    )


def test_a_missing_fact_leaves_the_sentence_readable() -> None:
    assert texts("P06").zh == "该人员已在“{企业}”备案，须先办理离职（调出）"


def test_a_finding_takes_severity_and_point_from_the_book() -> None:
    assert finding("E02").severity is Severity.BLOCKING
    assert finding("E08").severity is Severity.WARNING
    assert finding("C12").severity is Severity.REVIEW
    assert catalogue.point("E20") == "import"


def test_an_unknown_rule_is_an_error_not_a_silence() -> None:
    with pytest.raises(KeyError):
        texts("X99")


def test_format_errors_name_the_field_and_never_the_value() -> None:
    page = {
        "basic": {
            "remark": "密" * 1001,
            "affiliation": "77",
            "staff_total": 1,
            "staff_technical": 2,
        },
        "net_assets": [{"total_assets_wan": "1.23456"}],
    }
    with pytest.raises(ValidationError) as caught:
        Information.model_validate(page)
    found = {each.pointer: texts_of(each).zh for each in catalogue.format_findings(caught.value)}
    assert found == {
        "/basic/remark": "最多1000个字",
        "/basic/affiliation": "请从“单位隶属关系”中选择",
        "/basic/staff_technical": "人数应满足：注册人员数≤专业技术人员数≤从业人员数",
        "/net_assets/0/total_assets_wan": "最多4位小数",
    }


@pytest.mark.parametrize(
    ("basic", "zh"),
    [
        ({"staff_total": 1, "staff_technical": 2}, "注册人员数≤专业技术人员数≤从业人员数"),
        ({"uscc": "91410100EXAMPLE11W", "org_code": "00000000-0"}, "第9至17位一致"),
        ({"website": "example"}, "网址应为网站地址"),
    ],
)
def test_who_asks_a_service_is_told_what_is_expected(basic: dict[str, Any], zh: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Information.model_validate({"basic": basic})
    [located] = formats.items(refused.value.errors(include_url=False))
    [found] = catalogue.format_findings(refused.value)
    assert zh in located.zh
    assert (located.rule, located.zh, located.en) == (
        "FORMAT",
        *texts_of(found).model_dump().values(),
    )


def test_a_format_nobody_foresaw_still_has_words() -> None:
    assert (
        texts_of(catalogue.format_finding("newest_type", ("a/b", 0), {"input": "secret"})).zh
        == "格式错误"
    )
    assert catalogue.pointer(("a/b", "c~d", 0)) == "/a~1b/c~0d/0"


def test_a_state_says_what_is_not_possible() -> None:
    told = texts_of(finding("STATE", case="filing", status="REVIEWING", action="withdraw"))
    assert told.zh == "备案当前为“审核中”，不能撤回"
    assert told.en == "The filing is in state Under review: withdraw is not possible"


@pytest.mark.parametrize("name", sorted(reference.names()))
def test_whoever_typed_an_unknown_code_is_told_the_title_of_the_list(name: str) -> None:
    listed = reference.code_list(name)
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[str, OneOf(name, "return_reason")]).validate_python("没有的代码")
    [located] = formats.items(refused.value.errors(include_url=False))
    [found] = catalogue.format_findings(refused.value)
    for told in (located, texts_of(found)):
        assert f"“{listed.title_zh}、退回原因”" in told.zh
        assert f"list {listed.title_en}, Return reason" in told.en
        shown = set(re.findall(r"\w+", told.zh + told.en))
        assert not {each for each in (name, "return_reason") if "_" in each} & shown


WORDS = [
    json.dumps(catalogue.messages(), ensure_ascii=False),
    json.dumps(formats.TEXTS, ensure_ascii=False),
]
WORDS += [f"{rule.zh} {rule.en}" for rule in reference.rules().values()]


@pytest.mark.parametrize(
    "word", ["代码表", "没有此字段", "UUID 标识", "有限的数字", "摘要不一致", "with overwrite"]
)
def test_a_message_speaks_to_a_clerk(word: str) -> None:
    assert word not in " ".join(WORDS)


def test_no_message_shows_the_technical_name_of_a_list() -> None:
    technical = {each for each in reference.names() if "_" in each}
    assert technical & set(re.findall(r"\w+", " ".join(WORDS))) == set()
