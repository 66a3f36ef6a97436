"""What is wrong is told at its place in what was sent, by the alternative that was meant."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from libs.chassis.problems import formats


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    born: int = 0


class Firm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    uscc: str
    people: Annotated[tuple[int | Person, ...], Field(min_length=1)] = ()


def told(kind: Any, body: Any) -> list[tuple[str, str]]:
    try:
        TypeAdapter(kind).validate_python(body)
    except ValidationError as error:
        errors = [each | {"loc": ("body", *each["loc"])} for each in error.errors()]
        return [(each.pointer, each.en) for each in formats.items(errors, body)]
    pytest.fail("nothing is wrong")


EITHER = Person | Firm
UNKNOWN, NUMBER = "There is no such field", "Must be a whole number"


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        (EITHER, {"name": "甲", "born": "x"}, [("/born", NUMBER)]),
        (EITHER, {"uscc": "9", "colour": 1}, [("/colour", UNKNOWN)]),
        (Firm, {"uscc": "9", "people": ["x"]}, [("/people/0", NUMBER)]),
        (
            Firm,
            {"uscc": "9", "people": [1, {"name": "甲", "born": []}]},
            [("/people/1/born", NUMBER)],
        ),
        (
            Firm,
            {"uscc": "9", "people": [{"nme": 1}]},
            [("/people/0/name", "This field is required"), ("/people/0/nme", UNKNOWN)],
        ),
        (Firm, {"uscc": "9", "people": []}, [("/people", "At least 1 items")]),
        (EITHER, [], [("", "Must be an object")]),
        (EITHER, None, [("", "Must be an object")]),
    ],
)
def test_only_what_was_meant_is_told(kind: Any, body: Any, expected: list[tuple[str, str]]) -> None:
    assert told(kind, body) == expected


@pytest.mark.slow
def test_a_body_full_of_errors_is_told_in_time() -> None:
    assert len(told(Firm, {"uscc": "9", "people": [{"nme": "x"}] * 50_000})) == formats.MOST
