"""Types of what is filled in. 保存 may be incomplete, so every field of a form is optional; what
is given must have its format.

A constraint that has a rule id is left to the rule, which says more than a format error can.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, LiteralString

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from libs.events.personal import PersonalData
from libs.events.strict import (
    AMOUNT,
    DOCUMENT_NO,
    IN_URL,
    KEY,
    LINE,
    LINES,
    NUMBER,
    Date,
    Integer,
)
from libs.filing.catalogue import FORMAT, texts
from libs.filing.reference import code_list, codes, titles

# No control characters: PostgreSQL and PDF cannot hold them, and nobody types them on purpose.
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
YEARS = (1900, 2999)  # of dates and years
# with or without http(s) before it; of no other scheme, without a user, and nothing that ends a
# quoted address
WEBSITE = re.compile(
    r"(https?://)?[\w-]+(\.[\w-]+)+(:[0-9]{1,5})?([/?#][^\s\"'<>\\^`{|}]*)?", re.IGNORECASE
)


class OneOf:
    """The code must stand in one of these code lists."""

    def __init__(self, *lists: str) -> None:
        self.lists = lists

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # Not an enum: the contract of an event must not change when a list grows. Nor has it
        # examples, which are for clients.
        examples = {"examples": [self._first]} if handler.mode == "validation" else {}
        return handler(schema) | {"x-code-list": list(self.lists)} | examples

    @property
    def _first(self) -> str:
        """The first code that may be chosen."""
        listed = code_list(self.lists[0])
        return next(item.code for item in listed.items if listed.selectable(item.code))

    def _known(self, code: str) -> str:
        if not any(code in codes(name) for name in self.lists):
            named = {
                "lists": ", ".join(self.lists),
                "titles_zh": titles(self.lists),
                "titles_en": titles(self.lists, "en"),
            }
            raise PydanticCustomError("unknown_code", "not a code of list {lists}", named)
        return code


def worded(case: LiteralString) -> PydanticCustomError:
    """A format error that brings the catalogue's words along, for whoever answers a request."""
    words = texts(FORMAT, {"case": case})
    return PydanticCustomError(case, "{en}", {"zh": words.zh, "en": words.en})


@dataclass(frozen=True)
class Unit:
    """In what a number is measured."""

    zh: str
    en: str


def _of_an_age(value: date) -> date:
    if not YEARS[0] <= value.year <= YEARS[1]:  # else an anniversary of it may be no date
        raise PydanticCustomError(
            "day_range", "from {first} to {last}", {"first": YEARS[0], "last": YEARS[1]}
        )
    return value


def _of_the_web(value: str) -> str:
    if value and not WEBSITE.fullmatch(value):
        raise worded("website")
    return value


Text6 = Annotated[str, StringConstraints(max_length=6, pattern=PRINTABLE), LINE]
Text11 = Annotated[str, StringConstraints(max_length=11, pattern=PRINTABLE), LINE]
Text16 = Annotated[str, StringConstraints(max_length=16, pattern=PRINTABLE), LINE]
Text20 = Annotated[str, StringConstraints(max_length=20, pattern=PRINTABLE), LINE]
Text30 = Annotated[str, StringConstraints(max_length=30, pattern=PRINTABLE), LINE]
Text50 = Annotated[str, StringConstraints(max_length=50, pattern=PRINTABLE), LINE]
Text100 = Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE), LINE]
Text200 = Annotated[str, StringConstraints(max_length=200, pattern=PRINTABLE), LINE]
Text300 = Annotated[str, StringConstraints(max_length=300, pattern=PRINTABLE), LINE]
Text500 = Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE), LINES]
Text1000 = Annotated[str, StringConstraints(max_length=1000, pattern=PRINTABLE), LINES]
Text2000 = Annotated[str, StringConstraints(max_length=2000, pattern=PRINTABLE), LINES]

RULED = object()
# its length and form are a rule's
Ruled = Annotated[str, StringConstraints(max_length=1000, pattern=PRINTABLE), RULED, LINE]
RuledKey = Annotated[str, StringConstraints(max_length=1000, pattern=PRINTABLE), RULED, KEY]
# a document's or unit's number: half-width, no blanks, upper case
Number = Annotated[str, StringConstraints(max_length=1000, pattern=PRINTABLE), RULED, NUMBER]
Key20 = Annotated[str, StringConstraints(max_length=20, pattern=PRINTABLE), KEY]
Key50 = Annotated[str, StringConstraints(max_length=50, pattern=PRINTABLE), KEY]
Key100 = Annotated[str, StringConstraints(max_length=100, pattern=PRINTABLE), KEY]
PersonName = PersonalData[Text50]
DocumentNumber = Annotated[
    str, StringConstraints(max_length=1000, pattern=PRINTABLE), RULED, DOCUMENT_NO
]
PersonNumber = PersonalData[DocumentNumber]
Website = Annotated[Text200, AfterValidator(_of_the_web)]

Day = Annotated[Date, AfterValidator(_of_an_age)]
Year = Annotated[Integer, Field(ge=YEARS[0], le=YEARS[1])]
UrlYear = Annotated[int, Field(ge=YEARS[0], le=YEARS[1]), IN_URL]
Count = Annotated[Integer, Field(ge=0, le=10_000_000)]

SQUARE_METRES = Unit("平方米", "m²")
Wan = Annotated[
    Decimal,
    Field(max_digits=15, decimal_places=4),
    AMOUNT,
    Unit("万元", "10,000 CNY"),
]
Yuan = Annotated[Decimal, Field(max_digits=10, decimal_places=2), AMOUNT, Unit("元", "CNY")]
Area = Annotated[Decimal, Field(max_digits=15, decimal_places=2), AMOUNT, SQUARE_METRES]
Premises = Annotated[Decimal, Field(max_digits=10, decimal_places=2), AMOUNT, SQUARE_METRES]
Metres = Annotated[Decimal, Field(max_digits=8, decimal_places=2), AMOUNT, Unit("米", "m")]
Percent = Annotated[Decimal, Field(max_digits=5, decimal_places=2), AMOUNT, Unit("%", "%")]
