"""Who counts for which slot, who does not and why."""

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from libs.filing import reference
from libs.filing.policy import AssessmentPolicy
from libs.filing.staffing import Group, LicenceStaffing, StaffCandidate, Tally, assess, reasons
from libs.filing.standards import ProfessionalNeed, RegisteredNeed, Standard
from tests.filing.given import person
from tests.filing.staffing.given import AS_OF, candidate, held, professional, registered

STANDARDS = reference.standards()


def standard(
    reg: tuple[RegisteredNeed, ...] = (),
    prof: tuple[ProfessionalNeed, ...] = (),
    kind: str = "design",
    code: str = "SJ-ZY-JZGC-B",
) -> Standard:
    return STANDARDS[code].model_copy(
        update={"min_registered": reg, "min_professionals": prof, "kind": kind}
    )


def slot(speciality: str = "ARCH", **changes: Any) -> tuple[ProfessionalNeed, ...]:
    facts: dict[str, Any] = {
        "speciality": speciality,
        "count": 1,
        "min_title": 3,
        "senior_min": None,
        "accepts": ("N",),
    }
    return (ProfessionalNeed(**(facts | changes)),)


def reg(type: str, count: int = 1, **changes: Any) -> tuple[RegisteredNeed, ...]:
    return (RegisteredNeed(type=type, count=count, **changes),)


def one(asked: Standard, *people: StaffCandidate, **options: Any) -> LicenceStaffing:
    return assess([asked], people, AS_OF, **options).licences[0]


def fills(asked: Standard, who: StaffCandidate, **options: Any) -> bool:
    return one(asked, who, **options).slots[0].person == who.id


def why_not(asked: Standard, who: StaffCandidate, **options: Any) -> tuple[str, ...]:
    found = one(asked, who, **options)
    assert found.slots[0].person is None
    return found.excluded[0].rules if found.excluded else ()


@pytest.mark.parametrize(
    ("asked", "held_type", "counts"),
    [
        ("ARC2", "ARC2", True),
        ("ARC2", "ARC1", True),  # class 1 for class 2
        ("ARC1", "ARC2", False),  # not the reverse
        ("STR2", "STR1", True),
        ("STR2", "ARC1", False),  # another family
        ("GEO", "CIV_ROAD", False),  # a family without classes
        ("GEO", "STR1", False),
    ],
)
def test_a_registration_counts_for_its_type_and_class_1_for_class_2(
    asked: str, held_type: str, counts: bool
) -> None:
    assert fills(standard(reg(asked)), registered(1, held_type)) is counts


@pytest.mark.parametrize("held_type", ["ARC2", "STR2", "ARC1", "STR1"])
def test_a_small_building_firm_may_have_an_architect_or_a_structural_engineer(
    held_type: str,
) -> None:
    found = one(STANDARDS["SJ-ZY-JZGC-D"], registered(1, held_type))
    assert found.registered is not None
    assert found.registered[0].person == UUID(int=1)
    assert not fills(STANDARDS["SJ-ZY-JZGC-D"], registered(1, "WATER"))


def test_of_the_geotechnical_slots_only_those_in_brackets_take_structural_engineers() -> None:
    engineers = [registered(number, "STR1") for number in (1, 2, 3)]
    found = one(standard(reg("GEO", 3, str1_max=2)), *engineers, registered(4, "STR2"))
    assert [each.person for each in found.slots] == [UUID(int=1), UUID(int=2), None]
    assert [each.or_structural for each in found.slots] == [True, True, False]
    assert one(standard(reg("GEO", 1, str1_max=5)), *engineers).total == Tally(filled=1, slots=1)
    assert one(standard(reg("GEO", 5, str1_max=2)), *engineers).total == Tally(filled=2, slots=5)


def test_an_unknown_number_in_brackets_counts_as_none_and_is_told() -> None:
    found = one(standard(reg("GEO", 1, str1_max=None)), registered(1, "STR1"))
    assert found.total == Tally(filled=0, slots=1)
    assert found.shortfalls[0].brackets_unknown
    assert not one(standard(reg("GEO")), registered(1, "STR1")).shortfalls[0].brackets_unknown


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"valid_to": AS_OF}, True),
        ({"valid_to": date(2024, 8, 30)}, False),
        ({"valid_to": None}, False),
        ({"status": "2"}, False),
        ({"status": None}, False),
    ],
)
def test_a_registration_must_be_valid_on_the_day(changes: dict[str, Any], counts: bool) -> None:
    who = registered(1, registrations=(held("ARC1", **changes),))
    assert fills(standard(reg("ARC1")), who) is counts
    if not counts:
        assert why_not(standard(reg("ARC1")), who) == ("P15",)


def test_one_valid_registration_is_enough() -> None:
    who = registered(1, registrations=(held("ARC1", status="3"), held("ARC1")))
    found = one(standard(reg("ARC1")), who)
    assert found.reached
    assert found.excluded == ()
    other = registered(2, registrations=(held("ARC2", status="3"), held("ARC1")))
    assert one(standard(reg("ARC2")), other).excluded == ()


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"education": "31"}, True),  # 大专
        ({"education": "32"}, False),  # by rank, not by code
        ({"education": None}, False),
        ({"practice_start_on": date(2014, 8, 31)}, True),
        ({"practice_start_on": date(2014, 9, 1)}, False),
        ({"practice_start_on": None}, False),
        ({"title_level": "2"}, True),
        ({"title_level": "4"}, False),
        ({"title_level": None}, False),
    ],
)
def test_a_professional_needs_education_title_and_ten_years_for_design(
    changes: dict[str, Any], counts: bool
) -> None:
    who = professional(1, "ARCH", **changes)
    assert fills(standard(prof=slot()), who) is counts
    if not counts:
        assert why_not(standard(prof=slot()), who) == ("P16",)


def test_for_survey_eight_years_are_enough() -> None:
    asked = standard(prof=slot("GEOT"), kind="survey")
    assert fills(asked, professional(1, "GEOT", practice_start_on=date(2016, 8, 31)))
    assert not fills(asked, professional(1, "GEOT", practice_start_on=date(2016, 9, 1)))


def test_a_slot_without_a_title_takes_any() -> None:
    assert fills(standard(prof=slot(min_title=None)), professional(1, "ARCH", title_level=None))


def test_skilled_workers_count_where_the_standard_accepts_them_and_need_no_years() -> None:
    worker = professional(
        1, "DRIL", categories=("W",), education=None, practice_start_on=None, title_level=None
    )
    assert fills(STANDARDS["KC-LW-ZT"], worker)
    assert fills(
        STANDARDS["KC-LW-ZT"],
        worker.model_copy(update={"education": "31", "practice_start_on": date(2024, 7, 1)}),
    )
    assert not fills(standard(prof=slot("DRIL", min_title=None)), worker)
    assert not fills(STANDARDS["KC-LW-ZT"], professional(1, "DRIL"))


def test_only_the_own_speciality_counts() -> None:
    assert not fills(standard(prof=slot("STRU")), professional(1, "ARCH"))
    assert not fills(standard(prof=slot()), candidate(1, categories=("N",)))
    assert not fills(standard(prof=slot()), candidate(1, categories=("R", "T"), speciality="ARCH"))


def test_so_many_of_the_slots_ask_for_a_senior_title() -> None:
    asked = standard(prof=slot(count=3, senior_min=2))
    found = one(
        asked,
        professional(1, "ARCH"),
        professional(2, "ARCH"),
        professional(3, "ARCH", title_level="2"),
    )
    assert [each.person for each in found.slots] == [UUID(int=3), None, UUID(int=1)]
    assert [each.senior for each in found.slots] == [True, True, False]
    assert found.shortfalls[0].elsewhere == ()
    assert one(
        standard(prof=slot(min_title=5, senior_min=1)), professional(1, "ARCH", title_level="2")
    ).total == Tally(filled=0, slots=1)


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"birth_date": date(1964, 8, 31)}, ()),  # the 60th birthday itself still counts
        ({"birth_date": date(1964, 8, 30)}, ("P05",)),
        ({"contract_from": AS_OF}, ()),
        ({"contract_from": date(2024, 9, 1)}, ("P17",)),
        ({"contract_to": AS_OF}, ()),
        ({"contract_to": date(2024, 8, 30)}, ("P17",)),
        ({"released": True}, ("A04",)),
        (
            {"released": True, "birth_date": date(1960, 1, 1), "contract_to": date(2020, 1, 1)},
            ("A04", "P05", "P17"),
        ),
    ],
)
def test_who_is_too_old_released_or_without_a_contract_is_left_out_with_every_reason(
    changes: dict[str, Any], rules: tuple[str, ...]
) -> None:
    for asked, who in (
        (standard(reg("ARC1")), registered(1, "ARC1", **changes)),
        (standard(prof=slot()), professional(1, "ARCH", **changes)),
    ):
        assert fills(asked, who) is (rules == ())
        assert fills(asked, who) or why_not(asked, who) == rules


def test_who_is_of_two_accepted_categories_or_holds_two_accepted_registrations_is_named_once() -> (
    None
):
    both = professional(2, "ARCH", categories=("N", "W"))
    found = one(
        standard(prof=slot(accepts=("N", "W"))),
        others=[both, professional(1, "ARCH", categories=("W",))],
    )
    assert found.shortfalls[0].not_chosen == (UUID(int=1), UUID(int=2))
    holders = [registered(2, "ARC1", "ARC2"), registered(1, "ARC2")]
    assert one(standard(reg("ARC2")), others=holders).shortfalls[0].not_chosen == (
        UUID(int=1),
        UUID(int=2),
    )
    left = professional(3, "ARCH", categories=("N", "W"), released=True, education=None)
    assert [each.rules for each in one(standard(prof=slot(accepts=("N", "W"))), left).excluded] == [
        ("A04", "P16")
    ]


def test_a_tally_adds_up_and_a_table_that_needs_nobody_is_full() -> None:
    assert Tally(filled=2, slots=3) + Tally(filled=4, slots=5) == Tally(filled=6, slots=8)
    assert Tally(filled=1, slots=1) + Tally(filled=1, slots=3) == Tally(filled=2, slots=4)
    empty = Tally(filled=0, slots=0)
    assert (empty.ratio, empty.full, str(empty)) == (Fraction(1), True, "0/0")
    assert (Tally(filled=1, slots=3).ratio, Tally(filled=1, slots=3).full) == (
        Fraction(1, 3),
        False,
    )


def test_reasons_add_up() -> None:
    asked = standard(reg("ARC1"), slot(min_title=4))
    who = registered(
        1,
        registrations=(held("ARC1", status="2"),),
        categories=("N", "R"),
        speciality="ARCH",
        released=True,
        education="41",
    )
    found = one(asked, who)
    assert [(each.code, each.rules) for each in found.excluded] == [
        ("ARC1", ("A04", "P15")),
        ("ARCH", ("A04", "P16")),
    ]
    words = [[text.zh for text in reasons(each)] for each in found.excluded]
    assert words[0] == ["只能选择已备案且在职的技术人员", "注册证书已过期或失效，不计入注册人员"]


def test_somebody_who_could_never_fill_a_line_is_not_listed_as_left_out_of_it() -> None:
    assert why_not(standard(reg("ARC1")), registered(1, "WATER", released=True)) == ()
    assert why_not(standard(prof=slot()), professional(1, "STRU", released=True)) == ()


def by_full_years() -> AssessmentPolicy:
    return reference.policy().model_copy(update={"age_test": "FULL_YEARS"})


def test_the_policy_may_count_age_in_full_years() -> None:
    asked = standard(reg("ARC1"))
    assert fills(asked, registered(1, "ARC1", birth_date=date(1963, 9, 1)), policy=by_full_years())
    assert fills(asked, registered(1, "ARC1", birth_date=date(1990, 9, 1)), policy=by_full_years())
    assert why_not(
        asked, registered(1, "ARC1", birth_date=date(1963, 8, 31)), policy=by_full_years()
    ) == ("P05",)


def test_a_standard_may_be_excepted_from_the_age_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = reference.general_rules().model_copy(update={"age_exceptions": ("SJ-ZY-JZGC-C",)})
    monkeypatch.setattr(reference, "general_rules", lambda version: rules)
    old = registered(1, "ARC1", birth_date=date(1950, 1, 1))
    assert fills(standard(reg("ARC1"), code="SJ-ZY-JZGC-C"), old)
    assert not fills(standard(reg("ARC1")), old)


def test_an_approved_person_brings_the_facts_that_count() -> None:
    approved = StaffCandidate.of(UUID(int=7), person())
    assert fills(standard(reg("ARC1")), approved)
    assert fills(standard(prof=slot()), approved)
    assert not approved.released
    assert StaffCandidate.of(UUID(int=7), person(employment_status="4")).released
    assert not StaffCandidate.of(UUID(int=7), person(employment_status="2")).released
    assert StaffCandidate.of(UUID(int=7), person(), released=True).released
    assert "示范" not in repr(approved)


def test_a_group_whose_numbers_are_unknown_is_not_filled() -> None:
    found = one(STANDARDS["SJ-ZH-A"], registered(1, "ARC1"))
    assert (found.registered, found.professionals, found.total, found.reached) == (
        None,
        None,
        None,
        False,
    )
    half = one(
        STANDARDS["SJ-ZY-JZGC-B"].model_copy(
            update={"min_professionals": None, "min_registered": reg("ARC1")}
        ),
        registered(1, "ARC1"),
    )
    assert half.tally(Group.REGISTERED) == Tally(filled=1, slots=1)
    assert half.tally(Group.PROFESSIONAL) is None
    assert half.total is None
