"""Identifiers: the book's vectors, its trap, and 10,000 generated numbers of each kind, right and
broken in one place.
"""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

import pytest
from stdnum.cn import ric, uscc

from libs.events.texts import normal
from libs.filing import identifiers as ids
from libs.filing.reference import code_list

MANY = 10_000
BITS = 128  # of a number from which one is made
DIGITS = "0123456789"

FROM_THE_STANDARD = ["11010519491231002X", "440524188001010014"]
VALID_IDS = [
    *FROM_THE_STANDARD,
    "410100198503070018",
    "410100199012310026",
    "41010019780615007X",
    "410100196402290012",
]
VALID_CODES = [
    "91350100M000100Y43",
    "91410100EXAMPLE11W",
    "91410300EXAMPLE2XY",
    "12410000EXAMPLE38L",
]


def numbers() -> Iterator[int]:
    """At the edges of each size, then at random, other ones in every run."""
    edges = {max(0, 2**size + beside) for size in range(BITS + 1) for beside in (-1, 0)}
    yield from sorted(edges)
    random = Random()
    yield from (random.getrandbits(BITS) for _ in range(MANY - len(edges)))


def of_many(judged: Callable[[int], None]) -> Callable[[], None]:
    """A test of so many generated numbers; the one that fails is named. No property-based library:
    to draw an integer took it ten times as long as these take to judge one, and what it would make
    smaller is one number.
    """

    def test() -> None:
        for number in numbers():
            try:
                judged(number)
            except AssertionError as failed:
                failed.add_note(f"made from the number {number}")
                raise

    return test


def spelled(number: int, alphabet: str, length: int) -> str:
    """The lowest digits of a number, in the base of the alphabet."""
    out = ""
    for _ in range(length):
        number, at = divmod(number, len(alphabet))
        out += alphabet[at]
    return out


def broken(text: str, alphabet: str, number: int) -> str:
    """The same text with exactly one character replaced by another of the alphabet."""
    number, at = divmod(number, len(text))
    others = [char for char in alphabet if char != text[at]]
    return text[:at] + others[number % len(others)] + text[at + 1 :]


def an_id(number: int) -> str:
    number, days = divmod(number, 60_000)
    day = date(1880, 1, 1) + timedelta(days=days)
    first = spelled(number, DIGITS, 6) + day.strftime("%Y%m%d") + spelled(number >> 32, DIGITS, 3)
    return first + ids.id_check(first)


def a_code(number: int) -> str:
    first = spelled(number, ids.USCC_ALPHABET, 17)
    return first + ids.uscc_check(first)


@pytest.mark.parametrize("number", VALID_IDS)
def test_the_books_id_numbers_are_right(number: str) -> None:
    assert ids.is_resident_id(number)


@pytest.mark.parametrize(
    "number",
    [
        "410100198503070019",
        "410100198502300010",
        "",
        "41010019850307001",
        "4101001985030700188",
        "41010019850307001A",
    ],
)
def test_a_wrong_id_number_is_refused(number: str) -> None:
    assert not ids.is_resident_id(number)


def test_the_date_of_an_id_number_is_tested_even_with_a_right_check_digit() -> None:
    number = "410100198502300010"
    assert ids.id_check(number[:17]) == number[17]
    assert not ids.is_resident_id(number)


def test_a_county_younger_than_the_person_is_no_fault() -> None:
    number = "440524188001010014"
    # the trap: the library tests the county against the year of birth
    assert not ric.is_valid(number)
    assert ids.is_resident_id(number)


@pytest.mark.parametrize(
    "typed",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105　19491231\u200b002x",
    ],
)
def test_an_id_number_is_judged_in_its_normal_form(typed: str) -> None:
    assert normal(typed) == "11010519491231002X"
    assert ids.is_resident_id(typed)


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert not ids.is_resident_id("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X")
    assert not ids.is_certificate_no("A14100123٤", "A")
    assert not ids.is_registration_no("CN15150008٧", "HVAC")
    assert normal("²") == "²"


def test_every_wide_character_has_its_half_width_and_only_those() -> None:
    for wide in map(chr, range(0xFF01, 0xFF5F)):
        assert normal(wide) == unicodedata.normalize("NFKC", wide).upper()
    assert [normal(char) for char in ("\uff00", "\uff5f")] == ["\uff00", "\uff5f"]
    assert normal("\ufeff1\u200b\u200c") == "1"


@pytest.mark.parametrize("check", [ids.uscc_check, ids.org_check, ids.id_check])
def test_a_check_digit_is_that_of_a_whole_number(check: Callable[[str], str]) -> None:
    for short_or_long in ("1234", "1" * 18):
        with pytest.raises(ValueError, match=r"shorter|longer"):
            check(short_or_long)


def test_birth_date_and_sex_follow_from_the_number() -> None:
    assert ids.birth_date("410100196402290012") == date(1964, 2, 29)
    assert ids.sex("410100196402290012") == "1"
    assert ids.sex("410100199012310026") == "2"
    assert ids.birth_date("410100198503070019") is None
    assert ids.sex("410100198503070019") is None


@of_many
def test_generated_id_numbers_are_judged_right(number: int) -> None:
    right = an_id(number)
    assert ids.is_resident_id(right)
    assert right[17] == ric.calc_check_digit(right)
    assert not ids.is_resident_id(broken(right, DIGITS, number >> 64))


@pytest.mark.parametrize(
    "code", [*VALID_CODES, "91410100EXAMPLE67L", "91350100m000100y43", " ９１350100M000100Y43 "]
)
def test_the_books_credit_codes_are_right(code: str) -> None:
    assert ids.is_uscc(code)


@pytest.mark.parametrize(
    "code",
    ["91410100EXAMPLE11X", "", "91410100EXAMPLE11", "91410100EXAMPLE11WW", "9141O100EXAMPLE11W"],
)
def test_a_wrong_credit_code_is_refused(code: str) -> None:
    assert not ids.is_uscc(code)


def test_the_inner_organisation_code_may_be_wrong_in_a_right_credit_code() -> None:
    assert all(ids.has_sound_org_code(code) for code in VALID_CODES)
    assert ids.is_uscc("91410100EXAMPLE67L")
    assert not ids.has_sound_org_code("91410100EXAMPLE67L")


@of_many
def test_generated_credit_codes_are_judged_right(number: int) -> None:
    right = a_code(number)
    assert ids.is_uscc(right)
    assert right[17] == uscc.calc_check_digit(right[:17])
    assert not ids.is_uscc(broken(right, ids.USCC_ALPHABET, number >> 96))


@of_many
def test_generated_organisation_codes_are_judged_right(number: int) -> None:
    first = spelled(number, ids.ORG_ALPHABET, 8)
    right = first + ids.org_check(first)
    assert ids.is_org_code(right)
    assert ids.is_org_code(f"{first}-{right[8]}")
    # A letter may stand for another of the same remainder by 11: only digits are sure to be told
    # apart.
    in_digits = spelled(number >> 64, DIGITS, 8)
    assert not ids.is_org_code(broken(in_digits + ids.org_check(in_digits), DIGITS, number >> 32))


@pytest.mark.parametrize(
    ("first", "check"),
    [("00000000", "0"), ("M000100Y", "4"), ("00000006", "X"), ("00000001", "9"), ("EXAMPLE1", "1")],
)
def test_an_organisation_codes_check_digit_may_be_x(first: str, check: str) -> None:
    assert ids.org_check(first) == check


@pytest.mark.parametrize("code", ["", "M000100Y", "M000100Y-44", "M000100Y-5", "M000100yz"])
def test_a_wrong_organisation_code_is_refused(code: str) -> None:
    assert not ids.is_org_code(code)


@of_many
def test_generated_certificate_numbers_are_judged_right(number: int) -> None:
    class_ = "AB"[number % 2]
    foreign = ["", "W"][number // 2 % 2]
    body = "123"[number // 4 % 3] + spelled(number >> 16, DIGITS, 8)
    right = class_ + foreign + body
    assert ids.is_certificate_no(right, class_)
    assert ids.certificate_level(right) == body[0]
    assert ids.certificate_province(right) == body[1:3]
    assert not ids.is_certificate_no(right, "BA"[number % 2])
    assert not ids.is_certificate_no(class_ + foreign + broken(body, "O?-", number >> 64), class_)
    assert not ids.is_certificate_no(right[:-1], class_)
    assert not ids.is_certificate_no(right + "0", class_)


def test_a_certificate_of_henan_says_so() -> None:
    assert ids.certificate_province("A141001234") == "41"
    assert ids.certificate_province("AW241001234") == "41"
    assert ids.certificate_province("A132001234") == "32"
    assert ids.certificate_province("no number") == ""
    assert ids.certificate_level("A441001234") == ""
    assert not ids.is_certificate_no("C141001234", "C")


@pytest.mark.parametrize(
    "item",
    [item for item in code_list("registration_type").items if item.more("sample")],
    ids=lambda item: item.code,
)
def test_the_sample_of_each_registration_type_fits_its_pattern(item: object) -> None:
    code, sample = item.code, item.more("sample")  # type: ignore[attr-defined]
    assert ids.is_registration_no(sample, code)
    assert ids.is_registration_no(f" {sample.lower()}", code)
    assert not ids.is_registration_no("X" + sample, code)


def test_a_registration_type_without_pattern_takes_any_number() -> None:
    assert ids.is_registration_no("第12号", "SURV")


def test_numbers_are_masked_as_the_book_says() -> None:
    assert ids.mask("410100198503071234") == "4101**********1234"
    assert ids.mask("E12345678") == "E1**********78"
    assert ids.mask("E123") == "**********"
    assert ids.mask("") == "**********"
    assert (ids.mask("12345"), ids.mask("1234")) == ("12**********45", "**********")
    assert ids.mask("1" * 8 + "2" * 11) == "11**********22"
    assert (ids.mask_mobile("138123456789"), ids.mask_mobile("1381234567")) == (
        "138****6789",
        "**********",
    )
    assert ids.mask_mobile("13812345678") == "138****5678"
    assert ids.mask_mobile("1381") == "**********"


def test_an_enterprise_has_one_id_however_its_code_is_typed() -> None:
    assert ids.enterprise_id(" 91350100m000100y43") == uuid5(
        NAMESPACE_URL, "/enterprises/91350100M000100Y43"
    )
