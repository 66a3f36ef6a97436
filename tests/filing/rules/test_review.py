"""Rules of reviewing and of what follows: each broken once, kept once."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from libs.events.value import Value
from libs.filing import reference
from libs.filing.catalogue import texts_of
from libs.filing.content.scan import ScanRef
from libs.filing.filing import Decision, ReturnedItem
from libs.filing.rules import concluding, review
from libs.filing.rules.concluding import ConcludedResult
from tests.filing import given
from tests.filing.rules.looking import places

POLICY = reference.policy()
ITEM = ReturnedItem(pointer="/persons/0", reason="R01", text="姓名与证件不一致")
SHORT = ReturnedItem(pointer="/persons/0", reason="R01", text=" 不符 ")
# a Friday before the national holiday, with 29 September and 12 October worked in exchange
OPENED = date(2024, 9, 27)
ENDS = date(2024, 10, 12)


def outcome(result: str = "PASS", proposed: str = "PASS", **changes: object) -> ConcludedResult:
    return ConcludedResult.model_validate({"result": result, "proposed": proposed} | changes)


class Notice(Value):
    """What a published list may look like."""

    name: str = "郑州示范建筑设计有限公司"
    uscc: str = given.credit_code()
    result: str = "PASS"
    remark: str = ""
    qualifications: tuple[str, ...] = ("建筑行业(建筑工程)乙级",)
    scans: tuple[ScanRef, ...] = ()


def test_a20_is_broken_by_one_return_too_many() -> None:
    assert places(review.a20(Decision.RETURN, 3, 3)) == ["A20 /decision"]


def test_a20_is_kept_by_the_last_return_and_by_every_other_decision() -> None:
    assert places(review.a20(Decision.RETURN, 2, 3)) == []
    assert places(review.a20(Decision.FAIL, 3, 3)) == []


def test_v01_is_broken_by_another_citys_enterprise() -> None:
    assert places(review.v01(own_unit=False)) == ["V01"]


def test_v01_is_kept_in_the_officers_own_unit() -> None:
    assert places(review.v01(own_unit=True)) == []


def test_v02_is_broken_by_whoever_reviewed_before() -> None:
    assert places(review.v02(earlier="a", reviewer="a")) == ["V02"]


def test_v02_is_broken_by_whoever_acts_for_an_enterprise() -> None:
    assert places(review.v02(earlier=None, reviewer="a", acts_for_enterprise=True)) == ["V02"]


@pytest.mark.parametrize("earlier", [None, "b"])
def test_v02_is_kept_by_another_reviewer(earlier: str | None) -> None:
    assert places(review.v02(earlier=earlier, reviewer="a")) == []


def test_v03_is_broken_by_a_decision_against_the_enterprise_that_does_not_say_why() -> None:
    assert places(review.v03(Decision.RETURN, [], "请补充材料后再报")) == ["V03 /items"]
    assert places(review.v03(Decision.FAIL, [], "不行")) == ["V03 /items"]
    assert places(review.v03(Decision.RETURN, [ITEM, SHORT], "    ")) == ["V03 /items/1/text"]


def test_v03_asks_a_refusal_for_words_and_a_return_for_its_points() -> None:
    [failed], [returned] = (
        review.v03(decision, [], "") for decision in (Decision.FAIL, Decision.RETURN)
    )
    assert "审核意见" in texts_of(failed).zh
    assert "退回原因" in texts_of(returned).zh


def test_v03_is_kept_by_words_on_the_points_or_in_the_comment() -> None:
    assert places(review.v03(Decision.RETURN, [ITEM], "")) == []
    assert places(review.v03(Decision.RETURN, [SHORT], "请补充材料")) == []
    assert places(review.v03(Decision.FAIL, [], "材料不符合")) == []
    assert places(review.v03(Decision.PASS, [], "")) == []


def test_v04_is_broken_by_a_decision_on_something_else_than_what_is_sent() -> None:
    assert places(review.v04(same=False)) == ["V04"]


def test_v04_is_kept_by_a_decision_on_what_is_sent() -> None:
    assert places(review.v04(same=True)) == []


def test_v05_is_broken_at_the_province_without_the_citys_opinion() -> None:
    assert places(review.v05(city_opinion=False, of_province=False)) == ["V05"]


@pytest.mark.parametrize(("city_opinion", "of_province"), [(True, False), (False, True)])
def test_v05_is_kept_by_the_opinion_and_by_enterprises_of_the_province(
    city_opinion: bool, of_province: bool
) -> None:
    assert places(review.v05(city_opinion=city_opinion, of_province=of_province)) == []


@pytest.mark.parametrize("result", ["MANUAL", "ABSENT", "EXEMPT", ""])
def test_v06_is_broken_by_what_nobody_may_conclude(result: str) -> None:
    assert places(concluding.v06(outcome(result, result, reason="依据", approved_by="lead"))) == [
        "V06 /result"
    ]


@pytest.mark.parametrize(
    "unclean",
    [
        outcome("BASIC", "FAIL"),
        outcome("FAIL", "PASS"),
        outcome("PASS", "MANUAL"),
        outcome(uncleared=1),
        outcome(uncleared=1, reason=" "),
    ],
)
def test_v06_is_broken_by_another_result_or_an_unclean_pass_without_reason_and_approval(
    unclean: ConcludedResult,
) -> None:
    assert places(concluding.v06(unclean)) == ["V06 /override_reason", "V06 /approved_by"]
    reasoned = unclean.model_copy(update={"reason": "依据复核意见"})
    assert places(concluding.v06(reasoned)) == ["V06 /approved_by"]


def test_v06_is_kept_by_the_proposal_and_by_reason_with_approval() -> None:
    assert places(concluding.v06(outcome())) == []
    assert places(concluding.v06(outcome("FAIL", "FAIL", uncleared=2))) == []
    assert (
        places(
            concluding.v06(outcome("PASS", "BASIC", uncleared=1, reason="依据", approved_by="lead"))
        )
        == []
    )


def test_v07_is_broken_on_its_last_day_and_while_an_objection_is_open() -> None:
    assert places(concluding.v07(OPENED, ENDS, POLICY, open_objections=0)) == ["V07"]
    assert places(concluding.v07(OPENED, ENDS + timedelta(days=1), POLICY, open_objections=1)) == [
        "V07"
    ]


def test_v07_is_kept_the_day_after() -> None:
    assert places(concluding.v07(OPENED, ENDS + timedelta(days=1), POLICY, open_objections=0)) == []


def test_v08_is_broken_by_more_than_three_months() -> None:
    assert places(concluding.v08(date(2024, 11, 30), date(2025, 3, 1), POLICY)) == ["V08 /deadline"]


def test_v08_is_kept_by_three_months_to_the_day() -> None:
    assert places(concluding.v08(date(2024, 11, 30), date(2025, 2, 28), POLICY)) == []


@pytest.mark.parametrize(
    ("status", "heard"),
    [
        ("OVERDUE", False),
        ("REFUSED", False),
        *((each, True) for each in ("NOTIFIED", "IN_PROGRESS", "ACCEPTED")),
    ],
)
def test_v09_is_broken_before_rectification_failed_or_without_a_hearing(
    status: str, heard: bool
) -> None:
    assert places(concluding.v09(status, heard=heard)) == ["V09"]


@pytest.mark.parametrize("status", ["OVERDUE", "REFUSED"])
def test_v09_is_kept_by_a_failed_rectification_after_the_hearing(status: str) -> None:
    assert places(concluding.v09(status, heard=True)) == []


@pytest.mark.parametrize(
    "certificates",
    [[], ["豫检001"], ["豫检001", "豫检001"], ["豫检001", None], ["豫检001", "豫检002", " "]],
)
def test_v10_is_broken_by_one_inspector_and_by_one_without_a_certificate(
    certificates: list[str | None],
) -> None:
    assert places(concluding.v10(certificates)) == ["V10 /inspectors"]


def test_v10_is_kept_by_two_with_their_certificates() -> None:
    assert places(concluding.v10(["豫检001", "豫检002"])) == []


def test_v11_is_broken_by_a_declared_interest() -> None:
    assert places(review.v11(interest=True)) == ["V11"]


def test_v11_is_kept_without_one() -> None:
    assert places(review.v11(interest=False)) == []


@pytest.mark.parametrize(
    "typed",
    [
        f"负责人{given.id_number(3)}",
        f"电话{given.mobile(1)}",
        "0371-60000000",
        f"身份证{given.id_number(4)}号",
    ],
)
def test_v12_is_broken_by_a_number_typed_anywhere(typed: str) -> None:
    assert places(concluding.v12(Notice(remark=typed))) == ["V12 /remark"]
    assert places(concluding.v12(Notice(qualifications=("乙级", typed)))) == [
        "V12 /qualifications/1"
    ]


def test_v12_is_broken_by_a_scan() -> None:
    assert "V12 /scans/0/scan" in places(
        concluding.v12(Notice(scans=(ScanRef(scan=UUID(int=1), scan_type="PER_ID"),)))
    )


@pytest.mark.parametrize(
    "harmless",
    [
        "2024-410100-000123",
        "9" * 17 + "1",
        "A241000017",
        "12345678901234567890",
        "410105198506010019",
        "0a1b2c3d-4e5f-5a6b-8c7d-a13812345678",  # an id of ours, with a telephone number in it
        "0371600a-0000-5a6b-8c7d-e03711234567",
    ],
)
def test_v12_is_kept_by_names_credit_codes_licences_and_results(harmless: str) -> None:
    digits = "914101051985060019"  # a credit code may be all digits
    assert places(concluding.v12(Notice(remark=harmless, uscc=digits))) == []


@pytest.mark.parametrize("role", ["AUDITOR", "PUBLIC"])
def test_v13_is_broken_by_a_command_or_clear_numbers_for_whoever_only_looks(role: str) -> None:
    assert places(review.v13(role, writes=True)) == ["V13"]
    assert places(review.v13(role, writes=False, numbers_in_clear=True)) == ["V13"]


def test_v13_is_kept_by_looking_and_by_those_who_act() -> None:
    assert places(review.v13("AUDITOR", writes=False)) == []
    assert places(review.v13("CITY_OFFICER", writes=True, numbers_in_clear=True)) == []


def test_who_only_looks_is_in_the_list_of_roles() -> None:
    assert reference.codes("role") >= review.READ_ONLY
    assert reference.codes("rectification_status") >= concluding.FAILED
    assert reference.codes("assessment_result") >= concluding.CONCLUSIONS
