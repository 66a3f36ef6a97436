"""The reference data is the domain book's, list by list, and loads into typed values."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from libs.events.refusal import Severity
from libs.filing import reference
from libs.filing.catalogue import action_label, messages
from libs.filing.reference import code_list

# Count and digest of every list of the domain book, recorded once; the product never reads the
# book itself.
BOOK = json.loads((Path(__file__).parent / "book.json").read_bytes())


# beyond the book's divisions, which are Henan's cities and Zhengzhou's counties: where enterprises
# register and projects stand
DIVISIONS = (
    "admin_division_city",
    "admin_division_henan_county",
    "admin_division_other_county",
)


def test_the_product_has_all_67_lists_of_the_book() -> None:
    assert len(BOOK) == 67
    assert set(reference.names()) == {*BOOK, *DIVISIONS}


def test_divisions_have_names_that_tell_them_apart_and_agree_with_the_books() -> None:
    lists = [code_list(name) for name in DIVISIONS]
    known = {item.code: item for each in lists for item in each.items}
    for each in lists:
        assert len({item.zh for item in each.items}) == len(each.items)
    assert all(item.zh and item.en and len(code) == 6 for code, item in known.items())
    for name in ("admin_division_henan_city", "admin_division_zhengzhou_county"):
        for item in code_list(name).items:
            if item.code != "410000":
                assert known[item.code].zh.endswith(item.zh)
    prefixes = {code[:4] for code in code_list("admin_division_city").codes}
    counties = (*code_list(DIVISIONS[1]).codes, *code_list(DIVISIONS[2]).codes)
    assert {code for code in counties if code[:4] not in prefixes} == set()


@pytest.mark.parametrize("name", sorted(BOOK))
def test_a_list_is_the_books_by_count_and_digest(name: str) -> None:
    data = reference.raw(name)
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert {"count": len(data["items"]), "sha256": sha256(canonical).hexdigest()} == BOOK[name]


@pytest.mark.parametrize("name", sorted(BOOK))
def test_every_list_says_where_it_comes_from_and_has_no_code_twice(name: str) -> None:
    a_list = code_list(name)
    assert a_list.title_zh
    assert a_list.title_en
    assert a_list.source
    assert a_list.confidence
    assert len(a_list.by_code) == len(a_list.items)


@pytest.mark.parametrize("name", sorted(set(BOOK) - {"filing_transition", "assessment_transition"}))
def test_every_code_has_its_label_in_both_languages(name: str) -> None:
    assert [
        item.code for item in code_list(name).items if not (item.zh.strip() and item.en.strip())
    ] == []


@pytest.mark.parametrize("name", ["filing_transition", "assessment_transition"])
def test_every_act_of_a_state_machine_has_its_word_in_both_languages(name: str) -> None:
    acts = {item["act"] for item in reference.raw(name)["items"]}
    assert {act for act in acts if action_label(act, "zh") == act} == set()
    assert acts <= set(messages()["ACTIONS"])


@pytest.mark.parametrize("standard", sorted(reference.standards()))
def test_every_column_of_a_standard_keeps_its_confidence(standard: str) -> None:
    raw = next(
        item
        for item in reference.raw("qualification_standard")["items"]
        if item["code"] == standard
    )
    assert (
        reference.standards()[standard].confidence.model_dump(exclude_none=True)
        == raw["confidence"]
    )


def test_labels_come_in_both_languages_and_never_fail() -> None:
    status = code_list("filing_status")
    assert status.label("SENT") == "已发送"
    assert status.label("SENT", "en") == "Sent"
    assert status.label("NEW") == "NEW"
    assert status.label(None) == ""


def test_a_heading_cannot_be_chosen() -> None:
    assert not code_list("economic_type").selectable("150")
    assert code_list("economic_type").selectable("151")
    assert not code_list("economic_type").selectable("999")
    assert not code_list("contract_type").selectable("301")


def test_a_unit_is_offered_only_while_it_supervises() -> None:
    units = code_list("reporting_unit")
    assert units.selectable("410181", date(2021, 12, 31))
    assert not units.selectable("410181", date(2024, 9, 2))
    assert units.selectable("410100", date(2024, 9, 2))


def test_education_is_compared_by_rank_not_by_code() -> None:
    levels = code_list("education_level")
    assert levels.rank("11") > levels.rank("21") > levels.rank("31")
    assert levels.rank(None) < levels.rank("90")


def test_an_unknown_list_is_named() -> None:
    with pytest.raises(KeyError, match="no code list nonsense"):
        code_list("nonsense")


def test_standards_are_typed_and_unknown_numbers_stay_unknown() -> None:
    standards = reference.standards()
    assert len(standards) == 46
    building = standards["SJ-ZY-JZGC-B"]
    assert sum(need.count for need in building.min_registered or ()) == 7
    assert sum(need.count for need in building.min_professionals or ()) == 5
    assert building.min_net_assets_wan == Decimal(100)
    assert building.confidence.professionals == "low"
    assert standards["SJ-ZH-A"].min_registered is None
    assert standards["KC-SW-A"].min_registered == ()


def test_the_catalogue_leads_to_the_standard_of_a_grade() -> None:
    catalogue = reference.licences()
    assert len(catalogue) == 212
    assert sum(len(entry.grades) for entry in catalogue.values() if not entry.is_open) == 419
    hydro = reference.standard_of("B201", "B")
    assert hydro
    assert hydro.code == "KC-SW-B"
    assert reference.standard_of("B201", "D") is None
    assert reference.standard_of("AZ", "A") is None
    assert catalogue["AZ"].is_open
    assert not catalogue["B201"].is_open


def test_every_standard_has_its_place_in_the_catalogue() -> None:
    named = {code for entry in reference.licences().values() for code in entry.standards.values()}
    assert named == set(reference.standards())


def test_the_policy_has_exact_fractions_and_open_extensions() -> None:
    policy = reference.policy()
    assert policy.basic_threshold == Fraction(4, 5)
    assert policy.submission_window == (date(2024, 9, 2), date(2024, 10, 31))
    small, large = policy.extension("C"), policy.extension("A")
    assert small
    assert small.until is None
    assert large
    assert large.until == date(2023, 12, 31)
    assert policy.extension("?") is None


def test_rules_scans_menus_and_hints_are_typed() -> None:
    assert len(reference.rules()) == 137
    assert reference.rules()["E08"].severity is Severity.WARNING
    assert reference.rules()["C12"].placeholder_waived
    assert reference.scan_types()["ENT_AUDIT"].max_kb == 10240
    assert [menu.code for menu in reference.menus().values()] == [f"M{n}" for n in range(1, 10)]
    packet = reference.reporting_units()["410100"].packet
    assert packet
    assert packet.mailbox is None
    assert (
        "郑州勘察设计信息网关于“《建设行业管理信息系统 V6.0》相关信息备案须知”"
        in reference.hints()["H3"].text(packet)
    )


def test_general_rules_ask_more_years_for_design() -> None:
    years = reference.general_rules().non_registered
    assert (years.practice_years_min_survey, years.practice_years_min_design) == (8, 10)
