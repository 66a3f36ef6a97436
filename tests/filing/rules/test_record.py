"""Rules about starting and generating a record: each broken once, kept once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from libs.filing.catalogue import texts_of
from libs.filing.content.enterprise import Certificate, CertificateItem
from libs.filing.content.record import (
    CertificateChoice,
    ExcludedCertificate,
    PeopleStep,
    PersonChoice,
    QualificationsStep,
)
from libs.filing.facts.enterprise import Certificates
from libs.filing.facts.record import Chosen, RecordState, judge
from libs.filing.rules import record_generate as rules
from libs.filing.rules.record import before_generating
from tests.filing import given, records
from tests.filing.records import (
    CERTIFICATE,
    GENERATED,
    PLACEHOLDER,
    PROJECT,
    TODAY,
    campaign,
    chosen,
    staff,
)
from tests.filing.rules.looking import places

ENDS = date(2024, 10, 31)
ITEM = "/certificates/0/items/0"


def another(id: int = 9, **changes: Any) -> Certificate:
    return CERTIFICATE.model_copy(update={"id": UUID(int=id)} | changes)


def choosing(
    *ids: int,
    excluded: tuple[tuple[int, str | None], ...] = (),
    approved: tuple[Certificate, ...] = (CERTIFICATE,),
) -> Chosen:
    step = QualificationsStep(
        certificates=tuple(CertificateChoice(certificate_id=UUID(int=each)) for each in ids),
        excluded_certificates=tuple(
            ExcludedCertificate(certificate_id=UUID(int=each), reason=reason)
            for each, reason in excluded
        ),
    )
    return records.wizard(qualifications=step).model_copy(
        update={"approved": Certificates(listed=approved)}
    )


def holding(licence: str, grade: str) -> Chosen:
    certificate = another(1, items=(CertificateItem(licence=licence, grade=grade),))
    return chosen(approved=Certificates(listed=(certificate,)))


def test_a_record_that_keeps_every_rule_is_generated() -> None:
    every = chosen()
    assert (
        places(before_generating(every, campaign(), GENERATED, TODAY, judge(every, campaign())))
        == []
    )


def test_whatever_is_broken_is_told_at_once() -> None:
    nothing = Chosen(
        wizard=chosen().wizard.model_copy(update={"performance": records.performance()})
    )
    found = before_generating(
        nothing, campaign(), GENERATED, date(2024, 9, 1), judge(nothing, campaign())
    )
    told = places(found)
    assert told[:4] == ["A01", "A02", "A03 /certificates/0", "A04 /persons/0"]
    assert told[-1] == "A05 /performances"


def test_what_is_found_about_the_filed_enterprise_and_its_certificates_is_told_too() -> None:
    every = chosen(
        enterprise=records.information(net_assets=()).model_copy(update={"change_open": True})
    )
    later = campaign(as_of_date=date(2026, 5, 1))
    told = places(before_generating(every, later, GENERATED, TODAY, judge(every, campaign())))
    assert [each for each in told if not each.startswith("A03")] == [
        f"Q04 {ITEM}",
        "E11 /net_assets_wan",
        "A14 /net_assets_wan",
        "A27",
    ]


def test_the_arithmetic_offers_filed_persons_who_were_not_chosen() -> None:
    first, *others = staff()
    every = chosen(others).model_copy(
        update={"filed": {each.id: each for each in (first, *others)}}
    )
    (gap,) = judge(every, campaign()).proposal.per_item[0].open_slots
    assert (gap.code, gap.need, gap.have, gap.not_chosen) == ("ARC1", 2, 1, (first.id,))


@pytest.mark.parametrize(
    ("status", "today"),
    [
        ("OPEN", date(2024, 9, 1)),
        ("OPEN", date(2024, 11, 1)),
        ("PLANNED", TODAY),
        ("CLOSED", TODAY),
    ],
)
def test_a01_is_broken_by_a_day_outside_the_window_and_a_campaign_that_is_not_open(
    status: str, today: date
) -> None:
    assert places(rules.a01(campaign(status=status), GENERATED, today)) == ["A01"]


@pytest.mark.parametrize("today", [date(2024, 9, 2), ENDS])
def test_a01_is_kept_on_the_first_and_the_last_day(today: date) -> None:
    assert places(rules.a01(campaign(), GENERATED, today)) == []


def test_a01_is_kept_by_a_returned_record_until_its_own_time_is_over() -> None:
    came_back = records.returned(ENDS)
    assert places(rules.a01(campaign(), came_back, ENDS + timedelta(days=10))) == []
    assert places(rules.a01(campaign(), came_back, ENDS + timedelta(days=11))) == ["A01"]
    withdrawn = came_back.model_copy(update={"status": "WITHDRAWN"})
    assert places(rules.a01(campaign(), withdrawn, ENDS + timedelta(days=1))) == ["A01"]
    assert places(
        rules.a01(campaign(), RecordState(status="RETURNED"), ENDS + timedelta(days=1))
    ) == ["A01"]


def test_a02_is_broken_without_an_approved_filing() -> None:
    assert places(rules.a02(None)) == ["A02"]


def test_a02_is_kept_by_an_approved_filing() -> None:
    assert places(rules.a02(records.information())) == []


def test_a03_is_broken_by_a_certificate_in_force_that_is_left_out_with_or_without_a_reason() -> (
    None
):
    both = (CERTIFICATE, another())
    assert places(rules.a03(choosing(1, approved=both), campaign())) == ["A03 /certificates"]
    assert places(rules.a03(choosing(1, excluded=((9, "不参加"),), approved=both), campaign())) == [
        "A03 /certificates"
    ]


def test_a03_is_broken_by_no_certificate_and_by_one_that_is_not_approved() -> None:
    assert places(rules.a03(choosing(approved=()), campaign())) == ["A03 /certificates"]
    assert places(rules.a03(choosing(1, 7), campaign())) == ["A03 /certificates/1"]


@pytest.mark.parametrize("excluded", [(), ((9, None),), ((9, "  "),)])
def test_a03_is_broken_by_one_left_out_without_a_reason(
    excluded: tuple[tuple[int, str | None], ...],
) -> None:
    expired = another(valid_to=date(2024, 8, 30))
    assert places(
        rules.a03(choosing(1, excluded=excluded, approved=(CERTIFICATE, expired)), campaign())
    ) == ["A03 /excluded_certificates"]


def test_a03_is_kept_by_all_in_force_and_the_others_chosen_or_explained() -> None:
    expired, cancelled = another(8, valid_to=date(2024, 8, 30)), another(9, status="5")
    approved = (CERTIFICATE, expired, cancelled)
    assert (
        places(rules.a03(choosing(1, 8, excluded=((9, "已注销"),), approved=approved), campaign()))
        == []
    )


def test_a04_is_broken_by_nobody_by_one_not_filed_and_by_one_who_left() -> None:
    first, second = staff()[:2]
    left = records.filed(first.id, given.person(employment_status="3"))
    assert places(rules.a04([])) == ["A04 /persons"]
    assert texts_of(rules.a04([])[0]).zh == "请选择技术人员"
    assert places(rules.a04([None, second, left])) == ["A04 /persons/0", "A04 /persons/2"]
    assert places(rules.a04([second.model_copy(update={"released": True})])) == ["A04 /persons/0"]


def test_a04_is_kept_by_filed_persons_who_work_here() -> None:
    assert places(rules.a04([*staff()])) == []


def test_a05_is_broken_by_no_performance() -> None:
    assert places(rules.a05(records.wizard(performance=records.performance()))) == [
        "A05 /performances"
    ]


@pytest.mark.parametrize("project", [PROJECT, PLACEHOLDER])
def test_a05_is_kept_by_one_project_or_the_placeholder(project: UUID) -> None:
    assert places(rules.a05(records.wizard(performance=records.performance(project)))) == []


def test_a06_is_broken_by_the_placeholder_beside_a_real_project() -> None:
    assert places(
        rules.a06(records.wizard(performance=records.performance(PROJECT, PLACEHOLDER)))
    ) == ["A06 /performances/1"]


@pytest.mark.parametrize("project", [PROJECT, PLACEHOLDER])
def test_a06_is_kept_by_either_alone(project: UUID) -> None:
    assert places(rules.a06(records.wizard(performance=records.performance(project)))) == []


def test_a09_is_broken_by_a_second_record_in_the_campaign() -> None:
    assert places(rules.a09(exists=True)) == ["A09"]


def test_a09_is_kept_by_the_first() -> None:
    assert places(rules.a09(exists=False)) == []


def test_a13_is_broken_by_an_open_slot_and_tells_need_and_have() -> None:
    found = rules.a13(judge(chosen(staff()[1:]), campaign()))
    assert places(found) == [f"A13 {ITEM}"]
    assert (
        texts_of(found[0]).zh == "资质“建筑行业(建筑工程)乙级”人员不足：一级注册建筑师应2人，实1人"
    )


def test_a13_is_kept_by_one_person_a_slot() -> None:
    assert places(rules.a13(judge(chosen(), campaign()))) == []


def test_a14_is_broken_by_less_than_the_highest_need() -> None:
    held = [*judge(chosen(), campaign()).held, *judge(holding("A32101", "A"), campaign()).held]
    found = rules.a14(records.information(net_assets=_assets("299.9999")), held)
    assert places(found) == ["A14 /net_assets_wan"]
    assert texts_of(found[0]).zh == "净资产低于资质标准（应300万元，实299.9999万元）"
    assert places(rules.a14(records.information(net_assets=()), held)) == ["A14 /net_assets_wan"]


def test_a14_is_kept_by_the_number_itself_in_the_newest_year_and_where_none_is_known() -> None:
    held = judge(chosen(), campaign()).held
    assert (
        places(
            rules.a14(records.information(net_assets=_assets("100") + _assets("50", 2021)), held)
        )
        == []
    )
    assert (
        places(
            rules.a14(
                records.information(net_assets=()), judge(holding("AZ", "A"), campaign()).held
            )
        )
        == []
    )


def _assets(net: str, year: int = 2023) -> tuple[Any, ...]:
    row = given.information().net_assets[0]
    return (row.model_copy(update={"net_assets_wan": Decimal(net), "fiscal_year": year}),)


@pytest.mark.parametrize(
    "status", ["DRAFT", "SENT", "CITY_REVIEW", "PROV_REVIEW", "CONCLUDED", "CLOSED"]
)
def test_a16_is_broken_by_a_record_that_was_never_generated_or_is_sent(status: str) -> None:
    assert places(rules.a16(RecordState(status=status))) == ["A16"]


@pytest.mark.parametrize("status", ["GENERATED", "RETURNED", "WITHDRAWN"])
def test_a16_is_kept_while_the_enterprise_has_the_ball(status: str) -> None:
    assert places(rules.a16(RecordState(status=status))) == []


def test_a18_is_broken_by_a_person_chosen_again() -> None:
    twice = PeopleStep(
        persons=tuple(PersonChoice(person_id=UUID(int=each)) for each in (1, 2, 1, 1))
    )
    assert places(rules.a18(twice)) == ["A18 /persons/2", "A18 /persons/3"]


def test_a18_is_kept_by_each_once() -> None:
    assert places(rules.a18(chosen().wizard.people)) == []


def test_a27_is_broken_by_a_change_filing_under_review() -> None:
    assert places(rules.a27(records.information().model_copy(update={"change_open": True}))) == [
        "A27"
    ]


def test_a27_is_kept_where_none_is_open() -> None:
    assert places(rules.a27(records.information())) == []


@pytest.mark.parametrize(("licence", "grade"), [("AZ", "A"), ("A10000", "A")])
def test_a28_is_broken_by_a_licence_without_numbers_and_by_one_with_unknown_groups(
    licence: str, grade: str
) -> None:
    found = rules.a28(judge(holding(licence, grade), campaign()))
    assert places(found) == [f"A28 {ITEM}"]


def test_a28_is_kept_by_numbers_that_are_known() -> None:
    assert places(rules.a28(judge(chosen(), campaign()))) == []
