"""Whatever field of whatever request: a value is written in one way, another is refused."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, get_origin

import pytest

from libs.events.texts import lines, normal, one_line
from tests.http.fields import Field, fields

# how each type is written otherwise, in a body and in an address
OTHERWISE: dict[Any, tuple[tuple[Any, ...], tuple[str, ...]]] = {
    int: (("7", "７", True, 7.0), ("1_0", "+5", " 5", "5.0", "５", "05")),
    bool: ((0, 1, "true", "yes"), ("1", "0", "yes", "on", "TRUE")),
    Decimal: ((True, "３００", "1_0", "3e2", " 300"), ()),
    date: ((0, "0", "20044800", "２０２４-09-02"), ("0", "20044800", "2024-09-02T00:00:00")),
    datetime: ((0, "0", "20044800", "2024-09-02", "2024-09-02T12:00:00"), ()),
}
ENUMERATIONS = (("?", 0, True, " "), ("?", "0", ""))


def otherwise(field: Field) -> tuple[Any, ...]:
    enumerated = get_origin(field.type) or (
        isinstance(field.type, type) and issubclass(field.type, Enum)
    )
    bodies, addresses = ENUMERATIONS if enumerated else OTHERWISE.get(field.type, ((), ()))
    return bodies if field.place == "body" else addresses


JUDGED = [each for each in fields() if otherwise(each)]


@pytest.mark.parametrize("field", JUDGED, ids=str)
def test_another_spelling_of_a_value_is_refused_wherever_it_is_given(field: Field) -> None:
    assert [each for each in otherwise(field) if field.takes(each)] == []


def test_every_type_that_can_be_spelt_otherwise_is_among_them() -> None:
    assert {each.type for each in JUDGED} >= set(OTHERWISE)
    assert {each.place for each in JUDGED} == {"body", "query", "path"}


MONTHS = [each for each in fields() if each.name.rpartition(".")[2] in ("month", "si_months")]


@pytest.mark.parametrize("field", MONTHS, ids=str)
def test_a_month_has_no_digits_of_another_script(field: Field) -> None:
    assert field.takes("2024-06")
    assert not field.takes("２０２４-０６")


DIRTY = "  e\u0301\u200b\u202e\u2028Ｂ\r\nc\u3000"
TEXTS = [
    each
    for each in fields()
    if each.type is str and each.name.rpartition(".")[2] not in ("cursor", "min_position")
]


@pytest.mark.parametrize("field", TEXTS, ids=str)
def test_a_text_is_clean_wherever_it_is_given(field: Field) -> None:
    """Or it is refused, as a code or a digest with such signs is."""
    if field.takes(DIRTY):
        assert field.read(DIRTY) in {one_line(DIRTY), lines(DIRTY), normal(DIRTY)}
    assert not field.takes("a\x01b")
    assert not field.takes("a\x9fb")
