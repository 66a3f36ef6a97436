"""Rules about sending a record, and what is found about it for the reviewer: each broken once,
kept once.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from libs.filing.catalogue import finding, texts_of
from libs.filing.content.enterprise import Subsidiary
from libs.filing.content.person import Person
from libs.filing.content.record import (
    Commitment,
    EnterpriseStep,
    InsuredPerson,
    NilDeclaration,
    SocialInsuranceStep,
)
from libs.filing.content.scan import ScanRef
from libs.filing.facts.enterprise import FiledEnterprise
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.record import EarlierResult, Source
from libs.filing.rules import record_review as found_by
from libs.filing.rules import record_send as rules
from libs.filing.rules.record import before_sending, for_review
from tests.filing import given, records
from tests.filing.records import (
    GENERATED,
    MONTHS,
    PLACEHOLDER,
    PROJECT,
    TODAY,
    campaign,
    chosen,
    performance,
    proofs,
    staff,
)
from tests.filing.rules.looking import places

BRANCH = given.credit_code(2)
FRESH = Source(pointer="/persons/0", version=3, now=3)
NEWER = Source(pointer="/persons/1", version=3, now=4)
GONE = Source(pointer="/persons/2", version=3, now=None)


def insured(*months: str, paid: bool = True, of: FiledPerson | None = None) -> SocialInsuranceStep:
    row = InsuredPerson(person_id=(of or staff()[0]).id, paid=paid)
    return proofs([], months, persons=(row,))


def one(**changes: Any) -> FiledPerson:
    return records.filed(staff()[0].id, given.person(**changes))


def declared(scan: ScanRef | None) -> list[str]:
    step = performance(PLACEHOLDER, scan="ASM_PERF").model_copy(
        update={"nil_declaration": NilDeclaration(statement_scan=scan)}
    )
    return places(rules.a07(records.wizard(performance=step)))


def test_a_record_that_keeps_every_rule_is_sent_and_nothing_is_found_about_it() -> None:
    assert (
        places(
            before_sending(
                chosen(), campaign(), GENERATED, TODAY, filed=[FRESH], performance=[FRESH]
            )
        )
        == []
    )
    assert places(for_review(chosen())) == []


def test_whatever_stands_against_sending_is_told_at_once() -> None:
    asked = campaign(status="CLOSED", commitment_required=True)
    bare = records.wizard(
        performance=performance(PROJECT, scan="ASM_NOPERF"), social_insurance=SocialInsuranceStep()
    )
    told = places(before_sending(bare, asked, GENERATED, TODAY, filed=[NEWER], performance=[NEWER]))
    assert told[:4] == ["A24", "A08 /performances/0/scans", "A10a /si_proofs", "A10b /persons/0"]
    assert told[-6:] == [
        "A15 /persons/1",
        "A17 /commitment",
        "A26 /persons/1",
        "A25 /persons/0",
        "A25 /commitment",
        "A25 /persons/1",
    ]


def test_warnings_told_when_it_was_generated_are_to_be_acknowledged_when_it_is_sent() -> None:
    told = [finding("A13", "/certificates/0/items/0"), finding("C03", "/performances/0")]
    assert places(
        before_sending(chosen(), campaign(), GENERATED, TODAY, warnings=told, acknowledged=["C03"])
    ) == ["A25 /certificates/0/items/0"]


def test_what_is_found_about_insurance_and_earlier_years_goes_to_the_reviewer() -> None:
    step = proofs(staff(), ("2024-06", "2024-08"), payer_uscc=BRANCH)
    found = for_review(
        records.wizard(social_insurance=step), [EarlierResult(year=2023, result="FAIL")]
    )
    assert {each.severity for each in found} == {"R"}
    told = places(found)
    assert told[:3] == [
        "A11 /si_proofs/0/payer_uscc",
        "A11 /si_proofs/1/payer_uscc",
        "A12 /persons/0",
    ]
    assert told[-1] == "A21"
    without = chosen(enterprise=None)
    assert "A11 /si_proofs/0/payer_uscc" in places(for_review(without))


def test_a07_is_broken_by_the_placeholder_without_its_statement() -> None:
    assert places(rules.a07(records.wizard(performance=performance(PLACEHOLDER)))) == [
        "A07 /performances/0/scans"
    ]
    assert declared(None) == ["A07 /performances/0/scans"]


def test_a07_is_kept_by_the_statement_in_either_place_and_by_real_performance() -> None:
    assert (
        places(rules.a07(records.wizard(performance=performance(PLACEHOLDER, scan="ASM_NOPERF"))))
        == []
    )
    assert declared(given.scan("ASM_NOPERF")) == []
    assert places(rules.a07(chosen())) == []


def test_a08_is_broken_by_a_project_without_its_scan() -> None:
    assert places(
        rules.a08(records.wizard(performance=performance(PROJECT, scan="ASM_NOPERF")))
    ) == ["A08 /performances/0/scans"]


def test_a08_is_kept_by_the_scan_and_by_the_placeholder_without_it() -> None:
    assert places(rules.a08(chosen())) == []
    assert (
        places(rules.a08(records.wizard(performance=performance(PLACEHOLDER, scan="ASM_NOPERF"))))
        == []
    )


def test_a10a_is_broken_by_proofs_without_a_scan() -> None:
    assert places(rules.a10a(proofs(staff(), scans=(given.scan("ASM_PERF"),)))) == [
        "A10a /si_proofs"
    ]
    assert places(rules.a10a(SocialInsuranceStep())) == ["A10a /si_proofs"]


def test_a10a_is_kept_by_one_scan() -> None:
    assert places(rules.a10a(proofs(staff(), MONTHS[:1]))) == []


def test_a10b_is_broken_by_a_month_that_is_missing_or_named_unpaid() -> None:
    found = rules.a10b([None, staff()[0]], insured("2024-07"), MONTHS)
    assert places(found) == ["A10b /persons/1"]
    assert texts_of(found[0]).zh == "社保证明缺少人员或月份：2024-06、2024-08"
    assert places(rules.a10b(staff()[:1], insured(*MONTHS, paid=False), MONTHS)) == [
        "A10b /persons/0"
    ]
    assert places(rules.a10b(staff()[:1], insured(*MONTHS, of=staff()[1]), MONTHS)) == [
        "A10b /persons/0"
    ]


def test_a10b_is_kept_by_every_month_since_he_was_hired_and_by_the_retired() -> None:
    assert places(rules.a10b(staff()[:1], insured(*MONTHS), MONTHS)) == []
    assert (
        places(rules.a10b([one(hired_on=date(2024, 7, 31))], insured("2024-07", "2024-08"), MONTHS))
        == []
    )
    assert places(rules.a10b([one(employment_status="2")], SocialInsuranceStep(), MONTHS)) == []


def test_a10b_names_nobody() -> None:
    person: Person = staff()[0].content
    assert person.name is not None
    assert (
        person.name
        not in rules.a10b(staff()[:1], SocialInsuranceStep(), MONTHS)[0].model_dump_json()
    )


@pytest.mark.parametrize("payer", [BRANCH, None])
def test_a11_is_broken_by_a_payer_who_is_neither_the_enterprise_nor_a_branch(
    payer: str | None,
) -> None:
    assert places(
        found_by.a11(proofs(staff(), MONTHS[:1], payer_uscc=payer), records.information().payers)
    ) == ["A11 /si_proofs/0/payer_uscc"]


def test_a11_is_broken_by_a_subsidiary() -> None:
    assert places(
        found_by.a11(proofs([], MONTHS[:1], payer_uscc=BRANCH), _with_unit("SUBSIDIARY").payers)
    ) == ["A11 /si_proofs/0/payer_uscc"]


def test_a11_is_kept_by_the_enterprise_and_its_branch() -> None:
    assert places(found_by.a11(proofs(staff()), records.information().payers)) == []
    assert places(found_by.a11(proofs([], payer_uscc=BRANCH), _with_unit("BRANCH").payers)) == []


def _with_unit(relation: str) -> FiledEnterprise:
    return records.information(
        subsidiaries=(Subsidiary(name="分公司", uscc=BRANCH, relation=relation),)
    )


@pytest.mark.parametrize("step", [insured("2024-06", "2024-08"), insured("2024-07", paid=False)])
def test_a12_is_broken_by_a_gap_and_by_a_month_not_paid(step: SocialInsuranceStep) -> None:
    assert places(found_by.a12(chosen().wizard.people, step)) == ["A12 /persons/0"]


def test_a12_is_kept_by_months_in_a_row_over_the_turn_of_the_year_and_by_none() -> None:
    assert places(found_by.a12(chosen().wizard.people, insured("2024-01", "2023-12"))) == []
    assert places(found_by.a12(chosen().wizard.people, SocialInsuranceStep())) == []


def test_a12_is_kept_by_a_month_that_a_second_list_names_as_paid() -> None:
    both = SocialInsuranceStep(
        si_proofs=(*insured("2024-06", paid=False).si_proofs, *insured("2024-06").si_proofs)
    )
    assert places(found_by.a12(chosen().wizard.people, both)) == []


def test_a15_is_broken_by_a_newer_version_a_release_and_a_project_that_is_gone() -> None:
    assert places(rules.a15([FRESH, NEWER, GONE], [])) == ["A15 /persons/1", "A15 /persons/2"]
    assert places(rules.a15([], [GONE])) == ["A15 /persons/2"]


def test_a15_is_kept_by_versions_that_stand_and_by_a_project_that_was_edited() -> None:
    assert places(rules.a15([FRESH], [FRESH, NEWER])) == []


@pytest.mark.parametrize(
    ("scan", "confirmed"),
    [(None, True), (given.scan("ASM_PERF"), True), (given.scan("ASM_COMMIT"), False)],
    ids=["none", "other", "by-clerk"],
)
def test_a17_is_broken_by_a_missing_statement_or_confirmation(
    scan: ScanRef | None, confirmed: bool
) -> None:
    step = EnterpriseStep(commitment=Commitment(scan=scan))
    asked = campaign(commitment_required=True, legal_rep_confirms=True)
    assert places(rules.a17(asked, step, confirmed=confirmed)) == ["A17 /commitment"]
    assert places(rules.a17(asked, EnterpriseStep(), confirmed=True)) == ["A17 /commitment"]


def test_a17_is_kept_by_the_statement_and_where_none_is_asked_for() -> None:
    signed = EnterpriseStep(commitment=Commitment(scan=given.scan("ASM_COMMIT")))
    assert places(rules.a17(campaign(commitment_required=True), signed, confirmed=False)) == []
    assert (
        places(
            rules.a17(
                campaign(commitment_required=True, legal_rep_confirms=True), signed, confirmed=True
            )
        )
        == []
    )
    assert (
        places(rules.a17(campaign(legal_rep_confirms=True), EnterpriseStep(), confirmed=False))
        == []
    )


def test_a19_is_broken_by_a_person_in_another_enterprises_sent_record() -> None:
    found = rules.a19(2, claimed_elsewhere=True)
    assert places(found) == ["A19 /persons/2"]
    assert texts_of(found[0]).zh == "人员（所选第3人）已被其他企业申报"


def test_a19_is_kept_where_nobody_else_claims_him() -> None:
    assert places(rules.a19(2, claimed_elsewhere=False)) == []


@pytest.mark.parametrize("today", [date(2024, 9, 1), date(2024, 11, 1)])
def test_a24_is_broken_outside_the_window(today: date) -> None:
    assert places(rules.a24(campaign(), GENERATED, today)) == ["A24"]


def test_a24_is_kept_inside_it_and_by_a_returned_record_in_its_own_time() -> None:
    ends = date(2024, 10, 31)
    assert places(rules.a24(campaign(), GENERATED, ends)) == []
    assert places(rules.a24(campaign(), records.returned(ends), ends + timedelta(days=10))) == []
    assert places(rules.a24(campaign(), records.returned(ends), ends + timedelta(days=11))) == [
        "A24"
    ]


def test_a25_is_broken_once_for_each_warning_not_acknowledged_at_its_first_place() -> None:
    told = [
        finding("A13", "/a"),
        finding("P20", "/b"),
        finding("A13", "/c"),
        finding("P15", "/d"),
        finding("A24", "/e"),
    ]
    assert places(rules.a25(told, ["P20"])) == ["A25 /a"]
    assert places(rules.a25(told, [])) == ["A25 /a", "A25 /b"]


def test_a25_is_kept_by_acknowledging_every_warning_and_not_by_what_only_the_reviewer_is_told() -> (
    None
):
    assert (
        places(
            rules.a25([finding("A13", "/a"), finding("P20"), finding("P15", "/d")], ["A13", "P20"])
        )
        == []
    )


def test_a26_is_broken_by_a_contract_edited_since() -> None:
    assert places(rules.a26([FRESH, NEWER])) == ["A26 /persons/1"]


def test_a26_is_kept_by_what_was_not_touched_and_by_what_is_gone() -> None:
    assert places(rules.a26([FRESH, GONE])) == []


@pytest.mark.parametrize(
    "earlier",
    [
        [(2019, "FAIL")],
        [(2023, "BASIC"), (2022, "BASIC")],
        [(2021, "BASIC"), (2023, "BASIC"), (2022, "BASIC"), (2020, "PASS")],
    ],
)
def test_a21_is_broken_by_one_fail_and_by_basic_twice_running(
    earlier: list[tuple[int, str]],
) -> None:
    assert places(
        found_by.a21([EarlierResult(year=year, result=result) for year, result in earlier])
    ) == ["A21"]


@pytest.mark.parametrize(
    "earlier", [[], [(2023, "BASIC")], [(2023, "BASIC"), (2021, "BASIC"), (2022, "PASS")]]
)
def test_a21_is_kept_by_passing_and_by_basic_with_a_pass_between(
    earlier: list[tuple[int, str]],
) -> None:
    assert (
        places(found_by.a21([EarlierResult(year=year, result=result) for year, result in earlier]))
        == []
    )


def test_a22_is_broken_by_a_report_that_was_not_sent() -> None:
    assert places(found_by.a22(report_sent=False)) == ["A22"]


def test_a22_is_kept_by_a_report_that_was() -> None:
    assert places(found_by.a22(report_sent=True)) == []


def test_a23_is_broken_by_a_bad_record() -> None:
    assert places(found_by.a23(bad_record=True)) == ["A23"]


def test_a23_is_kept_where_there_is_none() -> None:
    assert places(found_by.a23(bad_record=False)) == []
