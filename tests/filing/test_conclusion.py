"""The proposal: the worked examples of the book, its borders, its words."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.filing import reference
from libs.filing.catalogue import texts_of
from libs.filing.conclusion import (
    HeldItem,
    ItemProposal,
    Proposal,
    findings,
    in_force,
    is_absent,
    is_exempt,
    item_words,
    propose,
    standards_of,
    words,
)
from libs.filing.staffing import Group, StaffCandidate, Tally, assess
from libs.filing.standards import Standard
from tests.filing.staffing.given import AS_OF, full_staff, registered, without

POLICY = reference.policy()
LICENCES = {
    code: (each.code, grade)
    for each in reference.licences().values()
    for grade, code in each.standards.items()
}
BUILDING_B = "SJ-ZY-JZGC-B"


def held(code: str = BUILDING_B, **changes: Any) -> HeldItem:
    licence, grade = LICENCES[code]
    facts: dict[str, Any] = {
        "licence": licence,
        "grade": grade,
        "status": "1",
        "valid_to": date(2026, 4, 1),
    }
    return HeldItem(**(facts | changes))


def proposal(people: list[StaffCandidate], *items: HeldItem, **entered: Any) -> Proposal:
    items = items or (held(),)
    return propose(items, assess(standards_of(items), people, AS_OF), **entered)


def one(people: list[StaffCandidate], *items: HeldItem) -> ItemProposal:
    return proposal(people, *items).per_item[0]


def trusted(monkeypatch: pytest.MonkeyPatch, code: str = BUILDING_B, **marks: str) -> None:
    """As if the official annexes had been entered."""
    known = reference.standards()[code]
    confidence = known.confidence.model_copy(
        update={"registered": "high", "professionals": "high"} | marks
    )
    _as_if(monkeypatch, known.model_copy(update={"confidence": confidence}))


def _as_if(monkeypatch: pytest.MonkeyPatch, standard: Standard) -> None:
    changed = reference.standards() | {standard.code: standard}
    monkeypatch.setattr(reference, "standards", lambda version=reference.VERSION: changed)


@pytest.mark.parametrize(
    ("missing", "total", "without_l", "l_as_full", "result"),
    [
        ((), "12/12", "7/7", "12/12", "PASS"),
        ((2,), "11/12", "6/7", "11/12", "BASIC"),
        ((1, 2), "10/12", "5/7", "10/12", "BASIC"),
        ((1, 2, 3), "9/12", "4/7", "9/12", "FAIL"),
        ((8, 9, 10), "9/12", "7/7", "12/12", "MANUAL"),
    ],
)
def test_the_worked_examples_of_the_book(
    missing: tuple[int, ...], total: str, without_l: str, l_as_full: str, result: str
) -> None:
    found = proposal(without(full_staff(), *missing))
    (item,) = found.per_item
    assert (str(item.total), str(item.without_provisional), str(item.as_full)) == (
        total,
        without_l,
        l_as_full,
    )
    assert (item.result, found.result) == (result, result)
    assert item.provisional == (Group.PROFESSIONAL,)
    assert found.provisional


def test_the_second_worked_example_is_basic_by_six_of_seven() -> None:
    people = without(full_staff("SJ-ZY-JZGC-C"), 4)  # nobody for STRU but the structural engineer
    people[1] = registered(2, "STR2", categories=("N", "R"), speciality="STRU")
    item = one(people, held("SJ-ZY-JZGC-C"))
    assert (str(item.registered), str(item.professionals)) == ("2/2", "4/5")
    assert item.result == "BASIC"


def test_four_fifths_exactly_is_not_short(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted(monkeypatch, "KC-LW-ZT")
    crew = full_staff("KC-LW-ZT")
    assert proposal(crew[:4], held("KC-LW-ZT")).result == "BASIC"
    assert proposal(crew[:3], held("KC-LW-ZT")).result == "FAIL"


def test_numbers_that_are_trusted_are_not_provisional_and_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted(monkeypatch)
    found = proposal(without(full_staff(), 8, 9, 10))
    assert (found.result, found.provisional) == ("FAIL", False)
    assert (found.per_item[0].without_provisional, found.per_item[0].as_full) == (None, None)


def test_where_every_column_is_guessed_nobody_fails() -> None:
    assert proposal([], held("KC-YT-A")).result == "MANUAL"
    assert one([], held("KC-YT-A")).without_provisional is None
    assert one([], held("KC-YT-A")).as_full == Tally(filled=18, slots=18)


def test_where_only_an_empty_column_is_trusted_nobody_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted(monkeypatch, "KC-SW-A", professionals="low")  # no registered staff asked for
    item = one([], held("KC-SW-A"))
    assert (item.result, item.without_provisional, item.provisional) == (
        "MANUAL",
        None,
        (Group.PROFESSIONAL,),
    )


def test_four_fifths_of_what_is_sure_is_no_firm_shortage(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted(monkeypatch, "KC-YTKC-A", registered="low")
    item = one(without(full_staff("KC-YTKC-A"), 1, 2, 10), held("KC-YTKC-A"))
    assert (str(item.total), str(item.without_provisional), str(item.as_full), item.result) == (
        "7/10",
        "4/5",
        "9/10",
        "MANUAL",
    )


def test_a_shortage_that_full_guessed_columns_would_cure_is_for_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted(monkeypatch, professionals="assumed")
    item = one(without(full_staff(), 1, 2, 8))
    assert (str(item.without_provisional), str(item.as_full), item.result) == (
        "5/7",
        "10/12",
        "MANUAL",
    )


def test_a_licence_without_numbers_is_for_a_person() -> None:
    power = HeldItem(licence="A30405", grade="C", status="1", valid_to=date(2020, 1, 1))
    found = proposal(full_staff(), power, held())
    assert [each.result for each in found.per_item] == ["MANUAL", "PASS"]
    assert found.result == "MANUAL"
    assert proposal([], held("SJ-ZH-A")).result == "MANUAL"
    assert not one([], held("SJ-ZH-A")).provisional
    assert standards_of([power, held(), held()]) == (reference.standards()[BUILDING_B],)


def test_the_gravest_licence_decides() -> None:
    """A comprehensive licence waits for a person; a building licence three architects short fails
    all the same.
    """
    assert proposal(without(full_staff(), 1, 2, 3), held("SJ-ZH-A"), held()).result == "FAIL"
    assert proposal(without(full_staff(), 2), held("SJ-ZH-A"), held()).result == "MANUAL"
    grade_d = held("SJ-ZY-JZGC-D")  # four architects, in numbers that are trusted
    assert [each.result for each in proposal(full_staff(), held(), grade_d).per_item] == [
        "PASS",
        "FAIL",
    ]
    assert proposal(full_staff(), held(), grade_d).result == "FAIL"


def test_an_upheld_finding_makes_a_full_staff_basic_and_nothing_better() -> None:
    found = proposal(full_staff(), upheld=["A23", "A11", "A23"])
    assert (found.result, found.upheld) == ("BASIC", ("A11", "A23"))
    assert proposal(without(full_staff(), 1, 2, 3), upheld=["A11"]).result == "FAIL"
    assert proposal(without(full_staff(), 8, 9, 10), upheld=["A11"]).result == "MANUAL"


@pytest.mark.parametrize("point", ["FALSE_MATERIAL", "REFUSED_INSPECTION", "SERIOUS_PENALTY"])
def test_a_serious_point_fails_a_full_staff(point: Any) -> None:
    found = proposal(full_staff(), serious=[point])
    assert (found.result, found.serious) == ("FAIL", (point,))
    lenient = POLICY.model_copy(update={"serious_points": ()})
    assert proposal(full_staff(), serious=[point], policy=lenient).result == "PASS"


def test_no_licence_in_force_is_a_serious_point() -> None:
    found = proposal(full_staff(), held(status="6"), held(valid_to=date(2024, 8, 30)))
    assert (found.result, found.serious, found.per_item) == (
        "FAIL",
        ("NO_CERTIFICATE_IN_FORCE",),
        (),
    )
    lenient = POLICY.model_copy(update={"serious_points": ()})
    assert proposal(full_staff(), held(status="6"), policy=lenient).result == "MANUAL"


def test_licences_out_of_force_are_not_judged() -> None:
    found = proposal(full_staff(), held(), held("SJ-ZY-JZGC-A", valid_to=date(2024, 8, 30)))
    assert [each.item for each in found.per_item] == [held()]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"valid_to": AS_OF}, True),
        ({"valid_to": date(2024, 8, 30)}, False),
        ({"valid_to": None}, False),
        ({"valid_to": date(2023, 4, 1), "extended_to": AS_OF}, True),
        ({"valid_to": date(2023, 4, 1), "extended_to": date(2024, 8, 30)}, False),
        ({"valid_to": date(2019, 4, 1), "grade": "C"}, True),  # grades C, D and N are held open
        ({"valid_to": None, "grade": "N"}, True),
        ({"valid_to": date(2019, 4, 1), "grade": "C", "status": "6"}, False),
        ({"valid_to": date(2019, 4, 1), "grade": "A"}, False),  # prolonged to a date only
        ({"status": "3"}, False),
        ({"status": None}, False),
    ],
)
def test_a_licence_is_in_force(changes: dict[str, Any], expected: bool) -> None:
    assert in_force(held(**changes), AS_OF, POLICY) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2023, 6, 1), True), (date(2023, 12, 31), True), (date(2024, 1, 1), False)],
)
def test_a_grade_prolonged_to_a_date_is_in_force_until_then(on: date, expected: bool) -> None:
    assert in_force(held(valid_to=date(2022, 4, 1)), on, POLICY) is expected


def test_the_policy_sets_the_line() -> None:
    strict = POLICY.model_copy(update={"basic_threshold_ratio": "11/12", "version": "strict"})
    found = proposal(without(full_staff(), 1, 2), policy=strict)
    assert (found.result, found.policy_version) == ("FAIL", "strict")
    assert "低于标准的91.6%" in item_words(found.per_item[0], strict).zh
    sure = POLICY.model_copy(update={"provisional_confidence": ()})
    assert not proposal(full_staff(), policy=sure).provisional


def test_open_slots_and_left_out_persons_stand_with_the_licence() -> None:
    old = registered(2, "ARC1", birth_date=date(1950, 1, 1))
    item = one([*without(full_staff(), 2), old])
    assert [(each.code, each.need, each.have) for each in item.open_slots] == [("ARC1", 2, 1)]
    assert [(each.person, each.rules) for each in item.excluded_persons] == [(old.id, ("P05",))]


def test_a_standard_not_known_in_full_is_told_to_the_reviewer() -> None:
    power = HeldItem(licence="A30405", grade="C", status="1", valid_to=date(2026, 1, 1))
    found = findings(proposal(full_staff(), power, held()))
    assert [(each.rule, each.severity, each.pointer) for each in found] == [("A28", "R", "")]
    assert [
        each.pointer for each in findings(proposal(full_staff(), held(), power), ["/a", "/b"])
    ] == ["/b"]
    assert (
        texts_of(found[0]).zh
        == "标准数值未核定，由审核人员人工核定：工程设计电力行业送电工程专业丙级"
    )
    assert texts_of(found[0]).en.startswith("No verified numbers for ")
    assert "Grade C" in texts_of(found[0]).en
    assert one([], held("SJ-ZH-A")).unverified  # null groups
    assert one([], held("SJ-ZY-JZGC-C")).unverified  # null technical leader
    assert not one([], held()).unverified


def test_the_number_in_brackets_matters_only_where_a_slot_stays_open() -> None:
    geotechnical = held("KC-YTKC-B")
    assert not one(full_staff("KC-YTKC-B"), geotechnical).unverified
    assert one(full_staff("KC-YTKC-B")[1:], geotechnical).unverified


def test_one_architect_short_in_words() -> None:
    told = item_words(one(without(full_staff(), 2)))
    assert told.zh == (
        "建筑行业(建筑工程)乙级：应配备12人（注册人员7人、非注册人员5人），实有11人（注册人员6人、非注册人员5人），占11/12（91.6%）。"
        "缺口：一级注册建筑师应2人，实1人。未达到标准人数，但不低于标准的80%。"
        "暂定：非注册人员的标准数值未核定，不计入时为6/7，按足额计为11/12。测算结论：基本合格（暂定）。"
    )
    assert told.en == (
        f"{held().label('en')}: 12 needed (7 registered staff, 5 non-registered staff), "
        "11 there (6 registered staff, 5 non-registered staff), 11/12 (91.6%). "
        "Missing: Class 1 registered architect needs 2, has 1. "
        "The number of the standard is not reached, but not less than 80% of it. "
        "Provisional: the numbers for non-registered staff are not verified; "
        "without them 6/7, counted as full 11/12. Proposal: Basically qualified (provisional)."
    )


@pytest.mark.parametrize(
    ("missing", "zh"),
    [
        ((), "占12/12（100%）。达到标准人数。"),
        (
            (1, 2, 3),
            "缺口：一级注册建筑师应2人，实0人；一级注册结构工程师应2人，实1人。低于标准的80%。",
        ),
        (
            (8, 9, 10),
            "给水排水应1人，实0人。低于标准的80%，但部分标准数值未核定，由审核人员人工认定。",
        ),
    ],
)
def test_what_follows_is_said(missing: tuple[int, ...], zh: str) -> None:
    assert zh in item_words(one(without(full_staff(), *missing))).zh


def test_columns_that_are_all_guessed_are_said_so() -> None:
    told = item_words(one([], held("KC-YT-A")))
    assert "暂定：注册人员、非注册人员的标准数值未核定，按足额计为18/18。" in told.zh
    assert (
        "Provisional: the numbers for registered staff, non-registered staff "
        "are not verified, counted as full 18/18." in told.en
    )


def test_a_licence_without_numbers_in_words() -> None:
    typed = HeldItem(
        licence="AZ", grade="A", licence_name="测试专项", status="1", valid_to=date(2026, 1, 1)
    )
    assert (
        item_words(one([], typed)).zh
        == "测试专项甲级：标准数值未核定，由审核人员人工核定。测算结论：待人工认定。"
    )
    assert item_words(one([], typed)).en == (
        "测试专项, Grade A: No verified numbers; the reviewer judges it. "
        "Proposal: For a person to decide (machine's proposal only)."
    )
    assert HeldItem(licence="?", grade="A", status="1", valid_to=None).label() == "?甲级"


def test_the_whole_in_words() -> None:
    assert words(proposal(full_staff())).zh == "测算结论：合格（暂定）。"
    assert words(proposal([], held("SJ-ZH-A"))).zh == "测算结论：待人工认定。"
    found = proposal(
        full_staff(), serious=["SERIOUS_PENALTY", "FALSE_MATERIAL"], upheld=["A23", "A11"]
    )
    assert (
        words(found).zh == "存在一票否决事项：提供虚假材料、考核期内受到严重处罚。"
        "审核认定的问题：A11、A23。测算结论：不合格（暂定）。"
    )
    assert words(found).en == (
        "Serious points: false material, serious penalty in the period. "
        "Findings upheld by the reviewer: A11, A23. Proposal: Unqualified (provisional)."
    )


@pytest.mark.parametrize(
    ("status", "exempt", "absent"),
    [
        (None, False, True),
        ("DRAFT", False, True),
        ("GENERATED", False, True),
        ("WITHDRAWN", False, True),
        ("SENT", False, False),
        ("RETURNED", False, False),
        (None, True, False),
        ("DRAFT", True, False),
    ],
)
def test_who_never_sent_a_record_took_no_part(
    status: str | None, exempt: bool, absent: bool
) -> None:
    assert is_absent(status, exempt) is absent
    assert is_absent(status) is (status in (None, "DRAFT", "GENERATED", "WITHDRAWN"))


def test_a_young_licence_is_exempt_until_its_first_year_is_over() -> None:
    assert is_exempt(date(2023, 9, 1), AS_OF)
    assert not is_exempt(date(2023, 8, 31), AS_OF)
    assert not is_exempt(date(2010, 1, 1), AS_OF)
    assert is_exempt(date(2010, 1, 1), AS_OF, being_cancelled=True)


@settings(max_examples=60)
@given(st.sets(st.integers(1, 12)))
def test_nobody_fails_by_the_guessed_column_alone(missing: set[int]) -> None:
    item = one(without(full_staff(), *missing))
    sure_short = sum(number <= 7 for number in missing) > 1  # 5/7 is less than 4/5
    full_short = sum(number <= 7 for number in missing) > 2  # 9/12 is less than 4/5
    assert (item.result == "FAIL") is (len(missing) > 2 and sure_short and full_short)
    assert (item.result == "PASS") is (not missing)
