"""Rules about a person while the enterprise saves and sends: each broken once, kept once."""

from datetime import date
from typing import Any

import pytest

from libs.events.history import reading
from libs.filing.catalogue import texts_of
from libs.filing.content.person import Person, Registration, Release
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Status, Type
from libs.filing.rules import person as rules
from libs.filing.rules.documents import document_no
from tests.filing import given
from tests.filing.rules.looking import places

TODAY = date(2024, 9, 2)
USCC = given.credit_code()
FACTS = PersonFacts(uscc=USCC)
# first and last of the ideographs beyond the first plane, by block (Unicode 16.0)
ENDS = (
    *(0x20000, 0x2A6DF, 0x2A700, 0x2B739, 0x2B740, 0x2B81D, 0x2B820, 0x2CEA1, 0x2CEB0, 0x2EBE0),
    *(0x2EBF0, 0x2EE5D, 0x2F800, 0x2FA1D, 0x30000, 0x3134A, 0x31350, 0x323AF),
)


def registered(**changes: Any) -> Person:
    row = given.person().registrations[0]
    return given.person(registrations=(row.model_copy(update=changes),))


def with_scans(*types: str, **changes: Any) -> Person:
    return given.person(scans=tuple(given.scan(type, n) for n, type in enumerate(types)), **changes)


def knowing(**facts: Any) -> PersonFacts:
    return PersonFacts(uscc=USCC, **facts)


def leaving(*scans: str, **changes: Any) -> Release:
    facts: dict[str, Any] = {
        "left_on": date(2024, 8, 1),
        "release_reason": "2",
        "scans": tuple(given.scan(each) for each in scans),
    }
    return Release(**(facts | changes))


def test_a_person_who_keeps_every_rule_can_be_sent() -> None:
    assert places(rules.before_sending(given.person(), TODAY, FACTS)) == []


def test_a_person_with_nothing_filled_in_can_be_saved_and_not_sent() -> None:
    assert places(rules.before_saving(Person(), TODAY, FACTS)) == []
    assert "E05 /name" in places(rules.before_sending(Person(), TODAY, FACTS))


def test_a_person_with_a_placeholder_for_a_name_of_his_school_cannot_be_sent() -> None:
    assert places(rules.e05(given.person(school="无"))) == ["E05 /school"]


def test_whoever_has_a_proof_can_be_released() -> None:
    assert places(rules.before_releasing(given.person(), leaving("PER_LEAVE"), TODAY, FACTS)) == []


@pytest.mark.parametrize(
    ("reason", "status"),
    [("1", "3"), ("2", "3"), ("3", "4"), ("4", "3"), ("5", "5"), ("6", "3"), ("7", "3")],
)
def test_the_reason_of_leaving_says_what_the_person_is_afterwards(reason: str, status: str) -> None:
    assert rules.status_after(leaving(release_reason=reason)) == status


@pytest.mark.parametrize(
    "name",
    [
        "···",
        "·示范",
        "示范·",
        "买买提··艾力",
        "甲",
        "示范1",
        "示范(甲)",
        "甲" * 51,
        "示 范",
        "示-范",
        "示范\U000323b0",
        "示范\U000105c0",
    ],
)
def test_p01_is_broken_by_a_name_too_short_too_long_or_with_other_signs(name: str) -> None:
    assert places(rules.p01(given.person(name=name))) == ["P01 /name"]


@pytest.mark.parametrize("name", ["示范", "买买提·艾力", "𠮷野示范", "Zoë", "甲" * 50])
def test_p01_is_kept_by_letters_characters_and_the_dot_between_names(name: str) -> None:
    assert places(rules.p01(given.person(name=name))) == []


@pytest.mark.parametrize("sign", [*"〇㐀䶿一鿿豈頻\ufad9", *map(chr, ENDS)])
def test_p01_is_kept_by_every_ideograph_of_unicode_16(sign: str) -> None:
    assert places(rules.p01(given.person(name=f"示{sign}"))) == []


@pytest.mark.parametrize(
    "name", ["Anne-Marie O'Neill", "van der Berg", "D’Angelo", "Zoë Müller‐Lê", "Анна Иванова"]
)
def test_p01_is_kept_by_a_name_as_a_passport_has_it(name: str) -> None:
    assert places(rules.p01(given.person(name=name, id_type="3"))) == []


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("Anne-Marie", "1"),  # a resident ID has none
        *((name, "3") for name in ("-Anne", "Anne '", "Anne--Marie", "An  Na", "示 范", "- '")),
    ],
)
def test_p01_is_broken_by_signs_that_stand_between_no_letters(name: str, type: str) -> None:
    assert places(rules.p01(given.person(name=name, id_type=type))) == ["P01 /name"]


@pytest.mark.parametrize(
    "number", ["410100198503070019", "410100198502300010", "41010019850307001"]
)
def test_p02_is_broken_by_a_wrong_check_digit_an_unreal_date_or_a_missing_digit(
    number: str,
) -> None:
    assert places(rules.p02(given.person(id_no=number))) == ["P02 /id_no"]


@pytest.mark.parametrize(
    ("type", "number"), [("1", "440524188001010014"), ("1", " 41010019780615007ｘ"), ("3", "E1")]
)
def test_p02_is_kept_by_a_right_number_however_typed_and_by_another_document(
    type: str, number: str
) -> None:
    assert places(rules.p02(given.person(id_type=type, id_no=number))) == []


@pytest.mark.parametrize("type", ["2", "3", "4", "5", "6", "9"])
@pytest.mark.parametrize(
    "number",
    [
        "\u0415\u04121234567",  # letters of another script that look alike
        "EB\u0661234567",
        "EB-1234567",
        "EB\u20101234567",
        "EB\u00b71234567",
        "EB(1234567)",
        "EB\u0335 1234567",
    ],
)
def test_a_number_that_looks_like_another_is_no_second_person(type: str, number: str) -> None:
    typed = Person(id_type=type, id_no=number)
    assert places(rules.before_saving(typed, TODAY, FACTS)) == ["FORMAT /id_no"]


@pytest.mark.parametrize(
    ("type", "number", "kept"),
    [
        ("3", " eb1234567 ", "EB1234567"),
        ("3", "ＥＢ１２３４５６７", "EB1234567"),
        ("3", "EB\u200d1234567", "EB1234567"),
        ("3", "\U0001d404\U0001d401123\u2463567", "EB1234567"),
        ("2", "军字第1234567号", "军字第1234567号"),
        ("9", "\u2f9f1234567", "\u8f9b1234567"),
    ],
)
def test_a_number_is_kept_in_one_form_however_typed(type: str, number: str, kept: str) -> None:
    typed = Person(id_type=type, id_no=number)
    assert (typed.id_no, places(document_no(typed.id_type, typed.id_no, "/id_no"))) == (
        kept,
        [],
    )


def test_a_number_of_before_is_read_as_it_was() -> None:
    stored = {"id_type": "3", "id_no": "EB-1234567"}
    assert reading(Person).validate_python(stored).id_no == "EB-1234567"


def test_p03_is_broken_by_birth_date_and_sex_other_than_the_number_says() -> None:
    odd = given.person(id_no="410100198503070018", birth_date=date(1985, 3, 8), sex="2")
    assert places(rules.p03(odd)) == ["P03 /birth_date", "P03 /sex"]


@pytest.mark.parametrize(
    ("type", "number", "born", "sex"),
    [("1", "410100198503070018", date(1985, 3, 7), "1"), ("3", "E12345678", date(1990, 1, 1), "2")],
)
def test_p03_is_kept_by_what_the_number_says_and_by_whatever_a_passport_does_not(
    type: str, number: str, born: date, sex: str
) -> None:
    assert (
        places(rules.p03(given.person(id_type=type, id_no=number, birth_date=born, sex=sex))) == []
    )


@pytest.mark.parametrize("born", [date(2006, 9, 3), date(2024, 9, 2)])
def test_p04_is_broken_on_the_day_before_the_eighteenth_birthday(born: date) -> None:
    assert places(rules.p04(given.person(birth_date=born), TODAY)) == ["P04 /birth_date"]


def test_p04_is_kept_on_the_eighteenth_birthday() -> None:
    assert places(rules.p04(given.person(birth_date=date(2006, 9, 2)), TODAY)) == []


def by_number(born: date, **changes: Any) -> Person:
    """Of whom the number alone says when they were born."""
    number = given.id_number(4, born)
    return given.person(id_no=number, birth_date=None, sex=None, **changes)


def test_rules_judge_what_the_number_says_where_nothing_was_typed() -> None:
    minor = by_number(date(2006, 9, 3), graduated_on=date(2022, 9, 2))
    assert places(rules.p04(minor, TODAY)) == ["P04 /birth_date"]
    assert places(rules.p04(by_number(date(2006, 9, 2)), TODAY)) == []
    assert places(rules.p09(minor, TODAY)) == ["P09 /graduated_on"]
    early = by_number(date(1990, 1, 1), career_start_on=date(2005, 12, 31))
    assert places(rules.p25(early, TODAY)) == ["P25 /career_start_on"]
    assert places(rules.e05(by_number(date(1990, 1, 1)))) == []


def test_p06_is_broken_by_another_enterprise_that_holds_the_person_and_names_it() -> None:
    found = rules.p06(knowing(held_by="甲设计院"))
    assert places(found) == ["P06 /id_no"]
    assert texts_of(found[0]).zh == "该人员已在“甲设计院”备案，须先办理离职（调出）"


def test_p06_is_kept_by_a_person_whom_nobody_holds() -> None:
    assert places(rules.p06(FACTS)) == []


def test_p07_is_broken_by_a_second_person_with_the_same_document() -> None:
    assert places(rules.p07(knowing(same_number_here=True))) == ["P07 /id_no"]


def test_p07_is_kept_by_a_document_entered_once() -> None:
    assert places(rules.p07(FACTS)) == []


def test_p08_is_broken_by_another_open_filing_of_the_person() -> None:
    assert places(rules.p08(open_filings=1)) == ["P08"]


def test_p08_is_kept_where_none_is_open() -> None:
    assert places(rules.p08(open_filings=0)) == []


@pytest.mark.parametrize("graduated", [date(2024, 9, 3), date(2001, 5, 31)])
def test_p09_is_broken_by_graduating_tomorrow_or_as_a_child(graduated: date) -> None:
    assert places(
        rules.p09(given.person(birth_date=date(1985, 6, 1), graduated_on=graduated), TODAY)
    ) == ["P09 /graduated_on"]


@pytest.mark.parametrize("graduated", [TODAY, date(2001, 6, 1)])
def test_p09_is_kept_by_graduating_between_sixteen_and_today(graduated: date) -> None:
    assert (
        places(rules.p09(given.person(birth_date=date(1985, 6, 1), graduated_on=graduated), TODAY))
        == []
    )


def test_p10_is_broken_by_a_title_without_name_speciality_date_and_scan() -> None:
    bare = with_scans(
        "PER_ID", title_level="3", title_name="无", title_speciality=None, title_date=None
    )
    assert places(rules.p10(bare)) == [
        "P10 /title_name",
        "P10 /title_speciality",
        "P10 /title_date",
        "P10 /scans",
    ]


def test_p10_is_kept_by_a_title_with_its_papers_and_by_having_none() -> None:
    assert places(rules.p10(given.person())) == []
    assert (
        places(
            rules.p10(
                with_scans(
                    "PER_ID",
                    title_level="9",
                    title_name=None,
                    title_speciality=None,
                    title_date=None,
                )
            )
        )
        == []
    )


def test_p11_is_broken_by_a_registered_person_without_registration_or_scan() -> None:
    assert places(rules.p11(with_scans("PER_ID", categories=("R",), registrations=()))) == [
        "P11 /registrations",
        "P11 /scans",
    ]
    assert places(rules.p11(registered(valid_to=None))) == ["P11 /registrations"]


def test_p11_is_kept_by_one_whole_registration_and_by_whoever_is_not_registered() -> None:
    assert places(rules.p11(given.person())) == []
    assert places(rules.p11(with_scans("PER_ID", categories=("N",), registrations=()))) == []


@pytest.mark.parametrize("uscc", [None, given.credit_code(9)])
def test_p12_is_broken_by_a_registration_in_another_enterprise(uscc: str | None) -> None:
    other = registered(registered_enterprise_uscc=uscc)
    assert places(rules.p12(other, FACTS)) == ["P12 /registrations/0/registered_enterprise_uscc"]


def test_p12_is_kept_by_a_registration_here_or_in_an_approved_branch() -> None:
    branch = given.credit_code(9)
    rows = tuple(Registration(registered_enterprise_uscc=code) for code in (USCC, branch))
    assert (
        places(rules.p12(given.person(registrations=rows), knowing(branches=frozenset({branch}))))
        == []
    )


def test_p13_is_broken_by_a_registration_number_of_somebody_else() -> None:
    assert places(
        rules.p13(
            registered(cert_no="112345678"), knowing(numbers_of_others=frozenset({"112345678"}))
        )
    ) == ["P13 /registrations/0/cert_no"]


@pytest.mark.parametrize("typed", ["cn 112345678", "ＣＮ112345678"])
def test_p13_is_broken_by_the_same_number_written_otherwise(typed: str) -> None:
    others = knowing(numbers_of_others=frozenset({"CN112345678"}))
    assert places(rules.p13(registered(cert_no=typed), others)) == ["P13 /registrations/0/cert_no"]


def test_p13_is_kept_by_a_number_nobody_else_holds_and_by_none_at_all() -> None:
    others = knowing(numbers_of_others=frozenset({"112345679"}))
    assert (
        places(rules.p13(registered(cert_no="112345678"), others))
        == places(rules.p13(registered(cert_no=None), others))
        == []
    )


@pytest.mark.parametrize(
    ("type", "number"), [("ARC1", "212150024"), ("GEO", "AY1836003"), ("STR2", "S182100484")]
)
def test_p14_is_broken_by_a_number_unlike_those_of_its_type(type: str, number: str) -> None:
    assert places(rules.p14(registered(type=type, cert_no=number))) == [
        "P14 /registrations/0/cert_no"
    ]


@pytest.mark.parametrize(
    ("type", "number"),
    [("ARC1", "121500249"), ("GEO", "ay 183600374"), ("ENVP", "甲-1"), ("ARC1", None)],
)
def test_p14_is_kept_by_a_number_like_the_samples_and_where_no_sample_is_known(
    type: str, number: str | None
) -> None:
    assert places(rules.p14(registered(type=type, cert_no=number))) == []


def test_p18_is_broken_by_missing_scans_and_by_a_second_photo() -> None:
    found = rules.p18(with_scans("PER_PHOTO", "PER_PHOTO", "PER_LABOUR"))
    assert [dict(each.facts)["type"] for each in found] == ["PER_ID", "PER_PHOTO", "PER_DIPLOMA"]
    assert places(found) == ["P18 /scans"] * 3


def test_p18_is_kept_by_one_of_each_and_three_diplomas() -> None:
    assert (
        places(rules.p18(with_scans("PER_ID", "PER_PHOTO", "PER_LABOUR", *["PER_DIPLOMA"] * 3)))
        == []
    )


def test_p19_is_broken_by_a_scan_that_shows_somebody_else() -> None:
    scans = (given.scan("PER_ID", 1), given.scan("PER_DIPLOMA", 1))
    assert places(rules.p19(scans, knowing(scans_of_others=frozenset({scans[1].scan})))) == [
        "P19 /scans/1"
    ]


def test_p19_is_kept_by_scans_of_his_own() -> None:
    assert (
        places(
            rules.p19(
                (given.scan("PER_ID", 1),),
                knowing(scans_of_others=frozenset({given.scan("PER_ID", 2).scan})),
            )
        )
        == []
    )


@pytest.mark.parametrize("base", [None, 1, 3])
def test_p21_is_broken_by_a_change_from_another_version(base: int | None) -> None:
    assert places(rules.p21(base, 2)) == ["P21"]


def test_p21_is_kept_by_a_change_from_the_latest_version() -> None:
    assert places(rules.p21(2, 2)) == []


@pytest.mark.parametrize("left_on", [None, date(2024, 9, 3), date(2009, 12, 31)])
def test_p22_is_broken_by_leaving_tomorrow_before_being_hired_or_on_no_day(
    left_on: date | None,
) -> None:
    release = leaving("PER_LEAVE", left_on=left_on)
    assert places(rules.p22(given.person(hired_on=date(2010, 1, 1)), release, TODAY)) == [
        "P22 /left_on"
    ]


@pytest.mark.parametrize("reason", ["1", "2", "3", "4", "5"])
def test_p22_is_broken_by_leaving_without_proof(reason: str) -> None:
    assert places(
        rules.p22(given.person(), leaving("PER_LABOUR", release_reason=reason), TODAY)
    ) == ["P22 /scans"]


def test_p22_is_broken_by_leaving_for_no_reason() -> None:
    assert places(rules.p22(given.person(), leaving("PER_LEAVE", release_reason=None), TODAY)) == [
        "P22 /release_reason"
    ]


@pytest.mark.parametrize(
    ("reason", "scans"), [("2", ("PER_LEAVE",)), ("5", ("PER_LEAVE",)), ("6", ()), ("7", ())]
)
def test_p22_is_kept_by_a_proof_and_by_entries_that_need_none(
    reason: str, scans: tuple[str, ...]
) -> None:
    assert (
        places(
            rules.p22(
                given.person(hired_on=date(2024, 8, 1)),
                leaving(*scans, release_reason=reason),
                TODAY,
            )
        )
        == []
    )
    assert (
        places(
            rules.p22(
                given.person(hired_on=TODAY),
                leaving(*scans, release_reason=reason, left_on=TODAY),
                TODAY,
            )
        )
        == []
    )


def test_p23_is_broken_by_leaving_a_licence_short_of_staff() -> None:
    found = rules.p23(knowing(short_without=("SJ-ZY-JZGC-B",)))
    assert places(found) == ["P23"]
    assert texts_of(found[0]).zh == "该人员离职后资质“建筑行业(建筑工程)乙级”人数不足，请先补充人员"


def test_p23_is_kept_by_leaving_who_can_be_spared() -> None:
    assert places(rules.p23(FACTS)) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"career_start_on": date(2001, 5, 31)}, "career_start_on"),
        ({"career_start_on": date(2024, 9, 3)}, "career_start_on"),
        ({"hired_on": date(2024, 9, 3)}, "hired_on"),
    ],
)
def test_p25_is_broken_by_working_as_a_child_or_from_tomorrow_on(
    changes: dict[str, Any], place: str
) -> None:
    assert places(rules.p25(given.person(birth_date=date(1985, 6, 1), **changes), TODAY)) == [
        f"P25 /{place}"
    ]


def test_p25_is_kept_by_working_since_sixteen_and_here_since_today() -> None:
    assert (
        places(
            rules.p25(
                given.person(
                    birth_date=date(1985, 6, 1), career_start_on=date(2001, 6, 1), hired_on=TODAY
                ),
                TODAY,
            )
        )
        == []
    )
    assert places(rules.p25(given.person(career_start_on=TODAY, hired_on=TODAY), TODAY)) == []


def test_p26_is_broken_by_a_retiree_with_one_of_two_papers() -> None:
    assert places(rules.p26(with_scans("PER_RETIRE", employment_status="2"))) == ["P26 /scans"]


def test_p26_is_kept_by_a_retiree_with_both_and_by_whoever_has_not_retired() -> None:
    assert (
        places(rules.p26(with_scans("PER_RETIRE", "PER_RETIRE", employment_status="2")))
        == places(rules.p26(with_scans()))
        == []
    )


def test_p27_is_broken_by_saving_a_filed_person() -> None:
    assert places(rules.p27(filed=True)) == ["P27"]
    assert places(rules.before_saving(given.person(), TODAY, FACTS, filed=True)) == ["P27"]


def test_p27_is_kept_before_the_filing_and_after_the_release() -> None:
    assert places(rules.p27(filed=False)) == []


@pytest.mark.parametrize(
    ("type", "saved", "filed", "open_filing"),
    [
        (Type.PER_INIT, False, False, None),
        (Type.PER_INIT, True, True, None),
        (Type.PER_INIT, True, False, Status.SENT),
        (Type.PER_CHANGE, True, False, None),
        (Type.PER_RELEASE, True, False, None),
    ],
)
def test_p28_is_broken_by_picking_a_person_for_the_wrong_filing(
    type: Type, saved: bool, filed: bool, open_filing: Status | None
) -> None:
    assert places(rules.p28(type, saved=saved, filed=filed, open_filing=open_filing)) == ["P28"]


@pytest.mark.parametrize(
    ("type", "filed"), [(Type.PER_INIT, False), (Type.PER_CHANGE, True), (Type.PER_RELEASE, True)]
)
def test_p28_is_kept_by_an_initial_filing_of_the_unfiled_and_others_of_the_filed(
    type: Type, filed: bool
) -> None:
    assert places(rules.p28(type, saved=True, filed=filed, open_filing=None)) == []
