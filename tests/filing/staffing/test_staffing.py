"""Whole staffs against whole standards."""

from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.filing import reference
from libs.filing.catalogue import texts_of
from libs.filing.staffing import (
    Group,
    LicenceStaffing,
    StaffCandidate,
    Staffing,
    Tally,
    assess,
    findings,
)
from tests.filing.staffing import plain
from tests.filing.staffing.given import AS_OF, crowd, full_staff, professional, registered, without

STANDARDS = reference.standards()
BUILDING_B = STANDARDS["SJ-ZY-JZGC-B"]
BUILDING_C = STANDARDS["SJ-ZY-JZGC-C"]


def of(
    code: str, people: list[StaffCandidate], others: list[StaffCandidate] | None = None
) -> LicenceStaffing:
    return assess([STANDARDS[code]], people, AS_OF, others=others or []).licences[0]


@pytest.mark.parametrize(
    "code", [code for code, each in STANDARDS.items() if each.min_registered is not None]
)
def test_one_person_a_slot_fills_every_standard_in_slot_order(code: str) -> None:
    people = full_staff(code)
    found = of(code, people)
    assert [slot.person for slot in found.slots] == [person.id for person in people]
    assert found.reached
    assert found.shortfalls == ()
    assert found.excluded == ()


def test_twelve_slots_of_a_grade_b_building_licence() -> None:
    found = of("SJ-ZY-JZGC-B", full_staff())
    assert found.tally(Group.REGISTERED) == Tally(filled=7, slots=7)
    assert found.tally(Group.PROFESSIONAL) == Tally(filled=5, slots=5)
    assert found.total == Tally(filled=12, slots=12)


def test_a_missing_architect_is_told_in_the_words_of_the_book() -> None:
    staffing = assess([BUILDING_B], without(full_staff(), 2), AS_OF)
    (found,) = findings(staffing)
    assert (found.rule, found.severity, found.pointer) == ("A13", "W", "")
    assert [
        each.pointer for each in findings(staffing, {"SJ-ZY-JZGC-B": "/certificates/0/items/0"})
    ] == ["/certificates/0/items/0"]
    assert [
        each.pointer for each in findings(staffing, {"SJ-ZY-JZGC-A": "/certificates/0/items/0"})
    ] == [""]
    assert texts_of(found).zh == "资质“建筑行业(建筑工程)乙级”人员不足：一级注册建筑师应2人，实1人"
    assert (
        texts_of(found).en
        == f"{BUILDING_B.en} is short: Class 1 registered architect needs 2, has 1"
    )
    (short,) = staffing.of("SJ-ZY-JZGC-B").shortfalls
    assert (short.need, short.have, short.elsewhere, short.not_chosen) == (2, 1, (), ())


def test_a_missing_professional_is_told_by_his_speciality() -> None:
    (found,) = findings(assess([BUILDING_B], without(full_staff(), 9), AS_OF))
    assert texts_of(found).zh.endswith("结构应1人，实0人")


def test_one_person_fills_one_slot_of_a_licence() -> None:
    both = registered(8, "ARC1", categories=("N", "R"), speciality="ARCH", title_level="2")
    # ARC1 is full
    assert of("SJ-ZY-JZGC-B", [*without(full_staff(), 8), both]).slots[7].person == both.id
    found = of("SJ-ZY-JZGC-B", [*without(full_staff(), 2, 8), both])
    # 6/7 and 5/5, not 7/7 and 4/5
    assert (found.slots[1].person, found.slots[7].person) == (None, both.id)
    (short,) = found.shortfalls
    assert (short.code, short.elsewhere) == ("ARC1", (both.id,))
    assert found.total == Tally(filled=11, slots=12)


def test_one_person_may_serve_several_licences() -> None:
    staffing = assess([BUILDING_B, BUILDING_C], full_staff(), AS_OF)
    assert [str(each.total) for each in staffing.licences] == ["12/12", "7/7"]
    assert staffing.of("SJ-ZY-JZGC-C").slots[0].person == UUID(int=1)
    with pytest.raises(KeyError):
        staffing.of("SJ-ZY-JZGC-D")


def test_the_greater_smaller_ratio_is_taken() -> None:
    """Example 2: registered 1/2 and professional 5/5, or 2/2 and 4/5: the second."""
    either = registered(2, "STR2", categories=("N", "R"), speciality="STRU")
    people = [registered(1, "ARC2"), either]
    people += [
        professional(number, speciality)
        for number, speciality in enumerate(("ARCH", "WATR", "HVAC", "ELEC"), 3)
    ]
    found = of("SJ-ZY-JZGC-C", people)
    assert found.tally(Group.REGISTERED) == Tally(filled=2, slots=2)
    assert found.tally(Group.PROFESSIONAL) == Tally(filled=4, slots=5)
    assert found.shortfalls[0].elsewhere == (either.id,)


def test_who_was_not_chosen_and_would_fill_the_gap_is_named() -> None:
    architects = [
        registered(31, "ARC1"),
        registered(30, "ARC1"),
        registered(32, "ARC2"),
        registered(33, "ARC1", released=True),
    ]
    found = of("SJ-ZY-JZGC-B", without(full_staff(), 2), architects)
    assert found.shortfalls[0].not_chosen == (UUID(int=30), UUID(int=31))


def test_a_person_who_comes_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        assess([BUILDING_B], [registered(1, "ARC1"), registered(1, "ARC2")], AS_OF)


def test_nobody_at_all_leaves_every_slot_open() -> None:
    found = of("SJ-ZY-JZGC-B", [])
    assert found.total == Tally(filled=0, slots=12)
    assert [(each.code, each.need, each.have) for each in found.shortfalls][:2] == [
        ("ARC1", 2, 0),
        ("STR1", 2, 0),
    ]


@pytest.mark.slow
@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 10**6))
def test_the_order_of_input_changes_nothing(draw: Random, seed: int) -> None:
    people, standards = crowd(60, seed), list(STANDARDS.values())
    first = assess(standards, people, AS_OF, others=crowd(20, seed + 1))
    draw.shuffle(people)
    draw.shuffle(standards)
    again = assess(standards, people, AS_OF, others=crowd(20, seed + 1)[::-1])
    assert {each.standard: each for each in first.licences} == {
        each.standard: each for each in again.licences
    }


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 80))
def test_one_more_person_never_makes_a_licence_worse(seed: int, count: int) -> None:
    people = crowd(count, seed)

    def sizes(staffing: Staffing) -> list[int]:
        return [each.total.filled for each in staffing.licences if each.total]

    fewer, more = (sizes(assess(STANDARDS.values(), who, AS_OF)) for who in (people[:-1], people))
    assert all(before <= after <= before + 1 for before, after in zip(fewer, more, strict=True))


@pytest.mark.slow
@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_a_large_staff_fills_as_many_slots_as_networkx_finds(seed: int) -> None:
    people = crowd(300, seed)
    for found in assess(STANDARDS.values(), people, AS_OF).licences:
        if found.total:
            assert found.total.filled == plain.size(STANDARDS[found.standard], people, AS_OF)
