"""Strict types: one set for every body and every query. Each value has one form in which it may
be written; another spelling is refused at its place, where pydantic alone would read it somehow
(`"0"` as 1970-01-01, `true` as 1, `1_0` or digits of another script as a number). Texts are
cleaned.

They judge what enters; history is read without them (decision 42).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    GetCoreSchemaHandler,
    Strict,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from libs.events.history import reads
from libs.events.texts import CONTROL, compatible, lines, normal, one_line

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(  # RFC 3339; a missing zone has words of its own
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
YES_OR_NO = re.compile(r"true|false")
MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"
T = TypeVar("T")


def _read(value: Any, form: re.Pattern[str], read: Callable[[str], T], error: Any) -> T:
    """What a text of this form says. Raises PydanticCustomError of this type for all else."""
    if isinstance(value, str) and form.fullmatch(value):
        try:
            return read(value)
        except ValueError as no_such_day:
            raise PydanticCustomError(error, "does not exist") from no_such_day
    raise PydanticCustomError(error, "written otherwise")


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return _read(value, DATE, date.fromisoformat, "day")


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    return _read(value, INSTANT, lambda text: datetime.fromisoformat(text.upper()), "instant")


def _moment(value: Any) -> Any:
    """Read further as history reads it: an instant in its own zone."""
    return value if isinstance(value, datetime) else _read(value, INSTANT, str, "instant")


@reads
def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise PydanticCustomError("timezone_aware", "without its zone")
    return at


def spelt_once(number: Decimal) -> str:
    """300.00, 3e2 and 300 alike, and so -0 and 0."""
    return f"{(number + 0).normalize():f}"


def _amount(value: Any, judged: ValidatorFunctionWrapHandler) -> Decimal:
    given = _read(value, DECIMAL, Decimal, "decimal_parsing") if _is_text(value) else value
    number: Decimal = judged(given)
    return Decimal(spelt_once(number))


def _is_text(value: Any) -> bool:
    return isinstance(value, str | bool)  # true is no number


def _in_ascii(value: str) -> str:
    if not value.isascii():  # \d of a pattern means the digits of every script
        raise PydanticCustomError("string_pattern_mismatch", "digits of another script")
    return value


@dataclass(frozen=True)
class Cleaned:
    """Marks a text by its kind: one line, several lines, or a key, which is compared in its normal
    form. It is cleaned before it is measured; control characters are refused.
    """

    kind: Literal["line", "lines", "key"]
    clean: Callable[[str], str]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._entered, handler(source))

    def _entered(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = self.clean(value)
        if CONTROL.search(text):
            raise PydanticCustomError("string_unicode", "a control character")
        return text


# In bodies; the marks stand after the limits: Annotated[str, StringConstraints(…), LINE]
LINE, LINES = Cleaned("line", one_line), Cleaned("lines", lines)
KEY = Cleaned("key", one_line)  # kept as it is written
NUMBER = Cleaned("key", normal)  # kept in its normal form
DOCUMENT_NO = Cleaned("key", compatible)
Date = Annotated[date, BeforeValidator(_day)]
Month = Annotated[str, StringConstraints(pattern=MONTH), AfterValidator(_in_ascii)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_in_utc)]
# where logs have instants from before a zone was asked for
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_zoned)]
Integer = Annotated[int, Strict()]
Boolean = Annotated[bool, Strict()]
AMOUNT = WrapValidator(_amount)

# In paths and queries, where everything is text; dates and months as above. After the bounds:
# Annotated[int, Query(ge=1), IN_URL]
IN_URL = BeforeValidator(lambda value: _read(value, WHOLE, int, "int_parsing"))
UrlBoolean = Annotated[
    bool, BeforeValidator(lambda value: _read(value, YES_OR_NO, "true".__eq__, "bool_parsing"))
]
