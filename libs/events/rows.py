"""Rows of read models as dataclasses: what SQL columns their fields are, and back from SQL."""

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson

R = TypeVar("R")
TYPES: dict[Any, str] = {
    UUID: "uuid",
    str: "text",
    int: "int",
    bool: "boolean",
    Decimal: "numeric",
    date: "date",
    datetime: "timestamptz",
    bytes: "bytea",
}


@dataclass(frozen=True)
class Sql:
    """A column type of its own: `Annotated[int, Sql("bigint")]`."""

    type: str


BigInt = Annotated[int, Sql("bigint")]
Json = Annotated[Any, Sql("jsonb")]  # what orjson writes; read back as Python values


def columns(row: type[Any]) -> dict[str, str]:
    """SQL type by column, as the fields of a dataclass say. Raises TypeError for a type that is no
    column's."""
    hints = get_type_hints(row, include_extras=True)
    return {each.name: _column(row, each, hints[each.name]) for each in fields(row)}


def _column(row: type[Any], field: "Field[Any]", hint: Any) -> str:
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (each for each in get_args(hint) if each is not type(None))
        return _type(row, field.name, inner)
    default = f" DEFAULT {str(field.default).lower()}" if isinstance(field.default, bool) else ""
    return f"{_type(row, field.name, hint)} NOT NULL{default}"


def _type(row: type[Any], name: str, hint: Any) -> str:
    if get_origin(hint) is Annotated:
        for mark in get_args(hint)[1:]:
            if isinstance(mark, Sql):
                return mark.type
    if get_origin(hint) is list:
        return f"{_type(row, name, get_args(hint)[0])}[]"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "text"
    if hint in TYPES:
        return TYPES[hint]
    raise TypeError(f"{row.__name__}.{name}: {hint} is no column type")


def row_of(row: type[R], values: Mapping[str, Any]) -> R:
    """Raises KeyError for a field that has neither a column nor a default."""
    given = {}
    for name, is_json, optional in _fields(cast(Hashable, row)):
        if name in values:
            value = values[name]
            given[name] = orjson.loads(value) if is_json and isinstance(value, str) else value
        elif not optional:
            raise KeyError(f"{row.__name__} needs a column {name}")
    return row(**given)


@cache
def _fields(row: Any) -> tuple[tuple[str, bool, bool], ...]:
    """Of each field: its name, whether it is JSON, whether it has a default."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(
        (
            each.name,
            "jsonb" in str(hints[each.name]),
            each.default is not MISSING or each.default_factory is not MISSING,
        )
        for each in fields(row)
    )
