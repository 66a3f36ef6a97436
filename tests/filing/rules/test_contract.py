"""Rules about contracts, while they are saved and deleted, and when they are chosen: each broken
once, kept once.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from libs.filing.content.enterprise import Certificate, CertificateItem
from libs.filing.content.performance import ConsortiumMember, Contract
from libs.filing.facts.enterprise import Certificates
from libs.filing.rules import contract as rules
from libs.filing.rules import performance
from libs.filing.rules.placeholder import is_placeholder
from tests.filing import given
from tests.filing import performance as made
from tests.filing.rules.looking import places

TODAY = date(2024, 9, 2)
PERIOD = (date(2023, 1, 1), date(2023, 12, 31))


def holding(licence: str, **changes: Any) -> Certificates:
    facts: dict[str, Any] = {
        "status": "1",
        "issued_on": date(2021, 4, 1),
        "items": (CertificateItem(licence=licence, grade="B"),),
    }
    return Certificates(listed=(Certificate(**(facts | changes)),))


DESIGN, SURVEY = holding("A32101"), holding("B1")


def test_a_contract_that_keeps_every_rule_can_be_saved() -> None:
    assert places(rules.before_saving(made.contract(), TODAY, made.facts())) == []


def test_the_placeholder_needs_a_number_and_its_name_only() -> None:
    assert (
        places(rules.before_saving(made.placeholder(), TODAY, made.facts(certificates=SURVEY)))
        == []
    )
    assert places(rules.before_saving(made.placeholder(contract_no=None), TODAY, made.facts())) == [
        "C01 /contract_no"
    ]


def test_the_placeholder_is_not_held_to_what_the_catalogue_waives_for_it() -> None:
    mere = made.placeholder(
        client_uscc=made.USCC,
        signed_on=date(2010, 1, 1),
        scope="无",
        project_leader_person_id=made.CONTRACT,
    )
    assert places(rules.before_saving(mere, TODAY, made.facts(certificates=SURVEY))) == []


def test_a_word_that_says_nothing_is_no_scope() -> None:
    assert places(rules.before_saving(made.contract(scope=" 无 "), TODAY, made.facts())) == [
        "E05 /scope"
    ]


def test_a_contract_about_construction_is_no_performance_here() -> None:
    assert places(rules.before_saving(made.contract(contract_type="301"), TODAY, made.facts())) == [
        "FORMAT /contract_type"
    ]


def test_the_project_leader_is_a_person_of_the_enterprise() -> None:
    found = rules.before_saving(
        made.contract(project_leader_person_id=made.STAGE), TODAY, made.facts()
    )
    assert places(found) == ["J10a /project_leader_person_id"]


@pytest.mark.parametrize(
    "name", ["暂无业绩", " 暂无业绩\n", "“暂无业绩”", "「暂无业绩」", '" 暂无业绩 "']
)
def test_the_placeholder_is_known_by_its_name_blanks_and_quotation_marks_aside(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize("name", [None, "", "暂无业绩合同", "暂 无业绩", "无业绩", "《暂无业绩》"])
def test_no_other_name_makes_a_placeholder(name: str | None) -> None:
    assert not is_placeholder(name)


@pytest.mark.parametrize(
    "field",
    [
        "contract_no",
        "name",
        "contract_type",
        "client_name",
        "contractor_name",
        "contractor_uscc",
        "amount_wan",
        "scope",
        "signed_on",
        "project_leader_person_id",
    ],
)
def test_c01_is_broken_by_each_thing_that_is_missing(field: str) -> None:
    assert places(rules.c01(made.contract(**{field: None}))) == [f"C01 /{field}"]


def test_c01_is_broken_by_every_missing_thing_at_once() -> None:
    assert len(rules.c01(Contract())) == 10


def test_c01_is_kept_by_a_complete_contract_and_by_a_placeholder_with_number_and_name() -> None:
    assert places(rules.c01(made.contract())) == places(rules.c01(made.placeholder())) == []


def test_c02_is_broken_by_a_number_that_is_taken() -> None:
    assert places(rules.c02(taken=True)) == ["C02 /contract_no"]


def test_c02_is_kept_by_a_number_of_its_own() -> None:
    assert places(rules.c02(taken=False)) == []


@pytest.mark.parametrize("amount", [0, -1])
def test_c03_is_broken_by_an_amount_that_is_not_above_nothing(amount: int) -> None:
    assert places(rules.c03(made.contract(amount_wan=Decimal(amount)))) == ["C03 /amount_wan"]


def test_c03_is_broken_by_a_placeholder_with_an_amount() -> None:
    assert places(rules.c03(made.placeholder(amount_wan=Decimal("0.0001")))) == ["C03 /amount_wan"]


def test_c03_is_kept_by_any_amount_and_by_a_placeholder_without_one() -> None:
    assert places(rules.c03(made.contract(amount_wan=Decimal("0.0001")))) == []
    assert (
        places(rules.c03(made.placeholder()))
        == places(rules.c03(made.placeholder(amount_wan=Decimal(0))))
        == []
    )


@pytest.mark.parametrize("day", [date(2001, 5, 17), date(2024, 9, 3)])
def test_c04_is_broken_by_signing_before_the_founding_or_after_today(day: date) -> None:
    assert places(rules.c04(made.contract(signed_on=day), date(2001, 5, 18), TODAY)) == [
        "C04 /signed_on"
    ]


@pytest.mark.parametrize("day", [None, date(2001, 5, 18), TODAY])
def test_c04_is_kept_from_the_day_of_the_founding_until_today(day: date | None) -> None:
    assert places(rules.c04(made.contract(signed_on=day), date(2001, 5, 18), TODAY)) == []
    assert places(rules.c04(made.contract(signed_on=day), None, TODAY)) == []


def test_c05_is_broken_by_signing_before_the_first_certificate_of_that_kind() -> None:
    assert places(rules.c05(made.contract(signed_on=date(2021, 3, 31)), DESIGN)) == [
        "C05 /signed_on"
    ]


def test_c05_is_kept_from_that_day_on_and_by_certificates_of_the_other_kind() -> None:
    renewed = Certificates(
        listed=(*DESIGN.listed, *holding("A32102", issued_on=date(2024, 1, 1)).listed)
    )
    assert places(rules.c05(made.contract(signed_on=date(2021, 4, 1)), renewed)) == []
    assert places(rules.c05(made.contract(signed_on=date(2021, 4, 1)), DESIGN)) == []
    assert places(rules.c05(made.contract(signed_on=date(2021, 3, 31)), SURVEY)) == []


def test_c06_is_broken_by_an_enterprise_that_is_its_own_client() -> None:
    assert places(rules.c06(made.contract(client_uscc=made.USCC), made.USCC)) == [
        "C06 /client_uscc"
    ]


def test_c06_is_kept_by_another_client_and_by_one_without_a_code() -> None:
    assert (
        places(rules.c06(made.contract(), made.USCC))
        == places(rules.c06(made.contract(client_uscc=None), made.USCC))
        == []
    )


def test_c07_is_broken_by_a_contractor_that_is_somebody_else() -> None:
    assert places(rules.c07(made.contract(contractor_uscc=made.CLIENT), made.USCC)) == [
        "C07 /contractor_uscc"
    ]


def test_c07_is_kept_by_the_enterprise_itself_and_by_its_place_in_the_consortium() -> None:
    partners = (
        ConsortiumMember(name="某院", uscc=made.CLIENT, lead=True),
        ConsortiumMember(name="本院", uscc=made.USCC),
    )
    assert places(rules.c07(made.contract(), made.USCC)) == []
    assert (
        places(
            rules.c07(made.contract(contractor_uscc=made.CLIENT, consortium=partners), made.USCC)
        )
        == []
    )


@pytest.mark.parametrize(
    ("type", "certificates"),
    [("100", DESIGN), ("200", SURVEY), ("200", holding("A32101", status="3"))],
)
def test_c08_is_broken_by_a_contract_of_a_kind_that_the_enterprise_does_not_hold(
    type: str, certificates: Certificates
) -> None:
    assert places(rules.c08(made.contract(contract_type=type), certificates)) == [
        "C08 /contract_type"
    ]


@pytest.mark.parametrize(
    ("type", "certificates"),
    [
        ("100", SURVEY),
        ("200", DESIGN),
        ("500", SURVEY),
        ("600", DESIGN),
        ("100", Certificates()),
        (None, SURVEY),
    ],
)
def test_c08_is_kept_by_the_kind_held_and_before_any_certificate_is_filed(
    type: str | None, certificates: Certificates
) -> None:
    assert places(rules.c08(made.contract(contract_type=type), certificates)) == []


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2024, 1, 1), None])
def test_c09_is_broken_by_signing_outside_the_assessed_period(day: date | None) -> None:
    assert places(
        performance.c09(made.saved(contract_=made.contract(signed_on=day)), 1, PERIOD)
    ) == ["C09 /performances/1"]


@pytest.mark.parametrize("day", PERIOD)
def test_c09_is_kept_on_the_first_and_the_last_day(day: date) -> None:
    assert (
        places(performance.c09(made.saved(contract_=made.contract(signed_on=day)), 1, PERIOD)) == []
    )


@pytest.mark.parametrize(
    ("contract", "another", "place"),
    [
        (made.placeholder(), True, "/name"),
        (made.placeholder(contract_type="100"), False, "/contract_type"),
        (made.placeholder(contract_type=None), False, "/contract_type"),
        (made.contract(is_placeholder=True), False, "/is_placeholder"),
        (made.placeholder(is_placeholder=False), False, "/is_placeholder"),
    ],
    ids=["a second one", "for survey", "without a kind", "by mark only", "by name only"],
)
def test_c10_is_broken_by_a_second_placeholder_or_one_that_is_not_a_design_contract(
    contract: Contract, another: bool, place: str
) -> None:
    assert places(rules.c10(contract, another=another)) == [f"C10 {place}"]


def test_c10_is_kept_by_the_only_placeholder_and_by_real_contracts_beside_it() -> None:
    assert places(rules.c10(made.placeholder(name="“暂无业绩”"), another=False)) == []
    assert places(rules.c10(made.contract(), another=True)) == []


def test_c11_is_broken_by_a_project_on_the_contract() -> None:
    assert places(rules.c11(projects=1)) == ["C11"]


def test_c11_is_kept_by_a_contract_without_projects() -> None:
    assert places(rules.c11(projects=0)) == []


def test_c12_is_broken_by_a_scan_that_is_missing() -> None:
    scans = (given.scan("CON_COVER"), given.scan("CON_KEY"))
    assert places(performance.c12(made.saved(contract_=made.contract(scans=scans)), 0)) == [
        "C12 /performances/0"
    ]


def test_c12_is_kept_by_all_three_scans() -> None:
    assert places(performance.c12(made.saved(), 0)) == []
