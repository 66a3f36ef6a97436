"""Rules about the persons chosen for a record and who leads: each broken once, kept once."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from libs.filing import reference
from libs.filing.catalogue import texts_of
from libs.filing.content.enterprise import CertificateItem
from libs.filing.content.person import PersonalProject, RegistrationChange
from libs.filing.facts.enterprise import Certificates, Held
from libs.filing.facts.person import FiledPerson
from libs.filing.rules import leading, staff
from tests.filing import given
from tests.filing.rules.looking import places

AS_OF = date(2024, 8, 31)
POLICY = reference.policy()
TERMS = staff.terms_of(AS_OF, POLICY)
ITEM = "/certificates/0/items/0"


def filed(**changes: Any) -> FiledPerson:
    return FiledPerson(
        id=UUID(int=1), filing=UUID(int=2), version=1, content=given.person(**changes)
    )


def registered(**changes: Any) -> FiledPerson:
    return filed(registrations=(given.person().registrations[0].model_copy(update=changes),))


def holding(licence: str = "A32101", grade: str = "B") -> list[Held]:
    """One licence in force: by default building works, grade B."""
    certificate = (
        given.information()
        .certificates[0]
        .model_copy(update={"items": (CertificateItem(licence=licence, grade=grade),)})
    )
    return Certificates(listed=(certificate,)).in_force(AS_OF, POLICY)


def led(*projects: tuple[str, str]) -> tuple[PersonalProject, ...]:
    """(role, scale) of each."""
    return tuple(
        PersonalProject(project_name="示范项目", role=role, scale=scale, year=2020)
        for role, scale in projects
    )


def leader(*projects: tuple[str, str], **changes: Any) -> FiledPerson:
    facts: dict[str, Any] = {"categories": ("T",), "personal_projects": led(*projects)}
    return filed(**(facts | changes))


def leading_staff() -> list[FiledPerson]:
    able = led(("PM", "L"))
    return [
        filed(speciality="ARCH", categories=("T", "N"), personal_projects=able),
        filed(speciality="STRU", personal_projects=able),
    ]


def found_among(people: Sequence[FiledPerson]) -> list[str]:
    return places(staff.before_generating(dict(enumerate(people)), holding(), AS_OF, POLICY))


def test_nothing_is_found_among_staff_who_keep_every_rule() -> None:
    architect, engineer = leading_staff()
    fitting = engineer.content.model_copy(
        update={"major": "土木工程", "title_speciality": "结构工程"}
    )
    assert found_among([architect, engineer.model_copy(update={"content": fitting})]) == []


def test_every_finding_says_where_in_the_record_it_belongs() -> None:
    assert found_among([filed(birth_date=date(1960, 1, 1), speciality="OTHR")]) == [
        "P05 /persons/0",
        "P20 /persons",
        f"P30 {ITEM}",
    ]


def test_p05_is_broken_on_the_day_after_the_sixtieth_birthday() -> None:
    assert places(staff.p05(filed(birth_date=date(1964, 8, 30)), 3, holding(), TERMS)) == [
        "P05 /persons/3"
    ]


def test_p05_is_broken_by_the_birth_date_that_the_number_says() -> None:
    for born, found in ((date(1964, 8, 30), ["P05 /persons/0"]), (date(1964, 8, 31), [])):
        old = filed(id_no=given.id_number(1, born), birth_date=None)
        assert places(staff.p05(old, 0, holding(), TERMS)) == found


def test_p05_is_kept_on_the_sixtieth_birthday_and_a_year_longer_where_full_years_count() -> None:
    full_years = TERMS._replace(policy=POLICY.model_copy(update={"age_test": "FULL_YEARS"}))
    assert places(staff.p05(filed(birth_date=date(1964, 8, 31)), 0, holding(), TERMS)) == []
    assert places(staff.p05(filed(birth_date=date(1963, 9, 1)), 0, holding(), full_years)) == []


@pytest.mark.parametrize(
    "changes",
    [{"status": "2"}, {"valid_to": date(2024, 8, 30)}, {"valid_to": None}, {"status": None}],
)
def test_p15_is_broken_by_a_registration_that_ran_out_or_is_not_valid(
    changes: dict[str, Any],
) -> None:
    assert places(staff.p15(registered(**changes), 0, AS_OF)) == ["P15 /persons/0/registrations/0"]


def test_p15_is_kept_by_a_registration_valid_on_the_last_day() -> None:
    assert places(staff.p15(registered(status="1", valid_to=AS_OF), 0, AS_OF)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"education": "41"},
        {"title_level": "4"},
        {"practice_start_on": date(2014, 9, 1)},
        {"speciality": "GEOT", "practice_start_on": date(2016, 9, 1)},
    ],
)
def test_p16_is_broken_by_too_little_education_title_or_practice(changes: dict[str, Any]) -> None:
    assert places(staff.p16(filed(**changes), 0, TERMS)) == ["P16 /persons/0"]


@pytest.mark.parametrize(
    "changes",
    [
        {"education": "31", "title_level": "3", "practice_start_on": date(2014, 8, 31)},
        {"speciality": "GEOT", "practice_start_on": date(2016, 8, 31)},
        {"categories": ("R",), "title_level": "9"},
    ],
)
def test_p16_is_kept_by_ten_years_of_design_eight_of_survey_and_by_the_registered(
    changes: dict[str, Any],
) -> None:
    assert places(staff.p16(filed(**changes), 0, TERMS)) == []


@pytest.mark.parametrize(
    "changes", [{"contract_to": date(2024, 8, 30)}, {"contract_from": date(2024, 9, 1)}]
)
def test_p17_is_broken_by_a_contract_that_ended_or_has_not_begun(changes: dict[str, date]) -> None:
    assert places(staff.p17(filed(**changes), 0, TERMS)) == ["P17 /persons/0"]


@pytest.mark.parametrize("contract_to", [None, AS_OF])
def test_p17_is_kept_by_a_contract_without_end_or_to_the_very_day(contract_to: date | None) -> None:
    assert places(staff.p17(filed(contract_to=contract_to), 0, TERMS)) == []


def test_p20_is_broken_where_nobody_is_technical_leader() -> None:
    found = leading.p20([filed(categories=("N",))], holding(), AS_OF)
    assert places(found) == ["P20 /persons"]
    assert texts_of(found[0]).zh.endswith("技术负责人：建筑行业(建筑工程)乙级")


@pytest.mark.parametrize(
    ("projects", "changes"),
    [
        ([("PM", "M"), ("PM", "M")], {}),
        ([("DL", "L")], {}),
        ([("PM", "L")], {"education": "31"}),
        ([("PM", "L")], {"practice_start_on": date(2014, 9, 1)}),
        ([("PM", "L")], {"title_level": "3", "registrations": ()}),
    ],
)
def test_p20_is_broken_by_a_leader_short_of_projects_education_years_or_title(
    projects: Any, changes: dict[str, Any]
) -> None:
    assert places(leading.p20([leader(*projects, **changes)], holding(), AS_OF)) == [f"P20 {ITEM}"]


@pytest.mark.parametrize(
    ("projects", "changes"),
    [
        ([("PM", "L")], {"registrations": ()}),
        ([("PM", "M")] * 3, {"title_level": "3"}),
        ([("PM", "L")], {"practice_start_on": date(2014, 8, 31)}),
    ],
)
def test_p20_is_kept_by_one_large_or_three_medium_projects_and_a_title_or_a_registration(
    projects: Any, changes: dict[str, Any]
) -> None:
    assert places(leading.p20([leader(), leader(*projects, **changes)], holding(), AS_OF)) == []


def test_p20_is_kept_by_any_leader_where_the_condition_is_not_known() -> None:
    assert places(leading.p20([leader()], holding("A32101", "C"), AS_OF)) == []


def test_p20_asks_a_decorator_for_all_of_its_projects_and_a_registration_of_its_own() -> None:
    """Two of at least medium size, one of them large; class-1 architect or structural engineer, or
    a senior title.
    """
    decoration = holding("A501", "A")
    assert (
        places(leading.p20([leader(("PM", "L"), ("PM", "M"), title_level="3")], decoration, AS_OF))
        == []
    )
    assert places(leading.p20([leader(("PM", "M"), ("PM", "M"))], decoration, AS_OF)) == [
        f"P20 {ITEM}"
    ]
    engineer = registered(type="HVAC").content.registrations
    assert places(
        leading.p20(
            [leader(("PM", "L"), ("PM", "M"), title_level="3", registrations=engineer)],
            decoration,
            AS_OF,
        )
    ) == [f"P20 {ITEM}"]


def test_p20_does_not_take_a_surveyors_registration_for_one_of_design() -> None:
    surveyor = registered(type="SURV").content.registrations
    assert places(
        leading.p20(
            [leader(("PM", "L"), title_level="3", registrations=surveyor)], holding(), AS_OF
        )
    ) == [f"P20 {ITEM}"]


@pytest.mark.parametrize(
    "changes", [{"status": "2"}, {"valid_to": None}, {"valid_to": date(2024, 8, 30)}]
)
def test_p20_is_broken_by_a_registration_in_place_of_a_title_that_is_not_valid(
    changes: dict[str, Any],
) -> None:
    rows = registered(**changes).content.registrations
    assert places(
        leading.p20([leader(("PM", "L"), title_level="3", registrations=rows)], holding(), AS_OF)
    ) == [f"P20 {ITEM}"]


def test_p20_is_kept_by_a_registration_valid_to_the_very_day_and_by_just_the_title_asked() -> None:
    rows = registered(valid_to=AS_OF).content.registrations
    assert (
        places(
            leading.p20(
                [leader(("PM", "L"), title_level="3", registrations=rows)], holding(), AS_OF
            )
        )
        == []
    )
    gardener = leader(("PM", "M"), ("PM", "L"), ("PM", "L"), title_level="2")
    assert places(leading.p20([gardener], holding("A505", "A"), AS_OF)) == []


def changed(*days: date) -> FiledPerson:
    return filed(registration_changes=tuple(RegistrationChange(on=day) for day in days))


def test_p24_is_broken_by_two_changes_within_a_year() -> None:
    assert places(staff.p24(changed(date(2023, 9, 1), AS_OF), 0, AS_OF)) == ["P24 /persons/0"]


@pytest.mark.parametrize(
    "days", [(), (date(2024, 1, 1),), (date(2023, 8, 31), AS_OF), (AS_OF, date(2024, 9, 1))]
)
def test_p24_is_kept_by_one_change_within_a_year(days: tuple[date, ...]) -> None:
    assert places(staff.p24(changed(*days), 0, AS_OF)) == []


@pytest.mark.parametrize(
    "changes", [{"major": "英语"}, {"title_speciality": "会计"}, {"title_speciality": None}]
)
def test_p29_is_broken_by_a_major_or_title_of_another_field(changes: dict[str, Any]) -> None:
    assert places(staff.p29(filed(**changes), 0)) == ["P29 /persons/0"]


@pytest.mark.parametrize(
    "changes",
    [
        {"speciality": "WATR", "major": "给排水科学与工程专业", "title_speciality": "给水排水"},
        {"speciality": "OTHR", "major": "英语"},
        {"categories": ("R",), "major": "英语"},
    ],
)
def test_p29_is_kept_by_the_words_of_the_field_and_where_no_field_is_asked(
    changes: dict[str, Any],
) -> None:
    assert places(staff.p29(filed(**changes), 0)) == []


def test_p30_is_broken_by_leading_specialities_in_which_nobody_led_enough() -> None:
    architects = [filed(speciality="ARCH", personal_projects=led(("PM", "M"), ("DL", "M")))]
    builders = [filed(speciality="STRU", personal_projects=led(("PM", "M"), ("DE", "L")))]
    found = leading.p30(architects + builders, holding())
    assert places(found) == [f"P30 {ITEM}"]
    assert texts_of(found[0]).zh == "主导专业“结构”缺少满足个人业绩要求的人员"


def test_p30_is_broken_by_three_medium_projects_where_one_must_be_large() -> None:
    people = [
        filed(speciality=each, personal_projects=led(*[("PM", "M")] * 3))
        for each in ("ARCH", "STRU")
    ]
    assert places(leading.p30(people, holding(grade="A"))) == [f"P30 {ITEM}"]


def test_p30_is_kept_by_one_person_a_speciality_who_led_all_of_one_row() -> None:
    people = [
        filed(speciality=each, personal_projects=led(("PM", "M"), ("DL", "M"), ("TD", "L")))
        for each in ("ARCH", "STRU")
    ]
    assert (
        places(leading.p30(people, holding(grade="A")))
        == places(leading.p30(people, holding(grade="B")))
        == []
    )


def test_p30_is_kept_where_no_speciality_leads() -> None:
    assert places(leading.p30([], holding("A32101", "C"))) == []
