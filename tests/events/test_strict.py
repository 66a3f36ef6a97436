"""Strict types: one form for each value, whichever way it enters."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from libs.events.history import kept
from libs.events.strict import (
    AMOUNT,
    IN_URL,
    Boolean,
    Date,
    Instant,
    Integer,
    Moment,
    Month,
    UrlBoolean,
)
from libs.events.value import Value

Wan = Annotated[Decimal, Field(max_digits=15, decimal_places=4), AMOUNT]
InUrl = Annotated[int, Field(ge=1), IN_URL]
NOON = datetime(2024, 9, 2, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type_", "given", "read"),
    [
        (Date, "2024-02-29", date(2024, 2, 29)),
        (Date, date(2024, 2, 29), date(2024, 2, 29)),
        (Month, "2024-06", "2024-06"),
        (Instant, "2024-09-02T12:00:00+08:00", NOON),
        (Instant, "2024-09-02t04:00:00.000000000z", NOON),
        (Moment, "2024-09-02T04:00:00Z", NOON),
        (Integer, 7, 7),
        (Boolean, False, False),
        (Wan, "300", Decimal(300)),
        (Wan, 300.5, Decimal("300.5")),
        (Wan, "-.5", Decimal("-0.5")),
        (InUrl, "50", 50),
        (UrlBoolean, "true", True),
        (UrlBoolean, "false", False),
    ],
)
def test_a_value_in_its_form_is_read(type_: Any, given: Any, read: Any) -> None:
    assert TypeAdapter(type_).validate_python(given) == read


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        *((Date, each) for each in ("0", "20044800", 0, 1.5, True, "2024-2-29", "2023-02-29")),
        *((Date, each) for each in ("20240229", "2024-W09-4", "2024-02-29T00:00:00")),
        *((Date, each) for each in ("２０２４-02-29", " 2024-02-29", "2024-02-29\n", NOON)),
        *((Month, each) for each in ("２０２４-06", "2024-０6", "2024-6", "2024-13", 202406)),
        *((Instant, each) for each in ("0", 0, "2024-09-02", "2024-09-02T12:00:00")),
        *((Instant, each) for each in ("2024-09-02 12:00:00Z", "2024-09-02T12:00Z")),
        *((Moment, each) for each in ("0", 1, "2024-09-02T12:00:00")),
        *((Integer, each) for each in ("7", "７", True, 7.0, 7.5, "", None)),
        *((Boolean, each) for each in (0, 1, "true", "yes", "on", "1", None)),
        *((Wan, each) for each in (True, False, "３００", "1_0", "3e2", " 300", "300\n", "")),
        *((Wan, each) for each in ("NaN", "Infinity", float("nan"), "300.00001")),
        *((InUrl, each) for each in ("1_0", "+5", " 5", "5.0", "０5", "05", "", "true", "0")),
        *((UrlBoolean, each) for each in ("1", "0", "yes", "on", "TRUE", "t", "")),
    ],
)
def test_another_spelling_is_refused(type_: Any, given: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(type_).validate_python(given)


@pytest.mark.parametrize("given", ["300", "300.00", "300.", "+300", "0300", 300, 300.0])
def test_an_amount_is_stored_in_one_spelling(given: Any) -> None:
    assert str(TypeAdapter(Wan).validate_python(given)) == "300"


def test_nothing_is_stored_as_nought_without_a_sign() -> None:
    assert {str(TypeAdapter(Wan).validate_python(each)) for each in ("0.00", "-0", 0)} == {"0"}


class Kept(Value):
    paid: Boolean
    month: Month
    amount: Wan
    on: Date


def test_what_was_kept_before_is_read_as_it_stands() -> None:
    old = {"paid": 1, "month": "２０２４-06", "amount": "300.00", "on": "2024-06-30"}
    read = kept(Kept, old)
    assert (read.month, str(read.amount)) == ("２０２４-06", "300.00")
    assert (read.paid, read.on) == (True, date(2024, 6, 30))
