"""Readers of what is stored: an event class without the rules of its forms.

A field was judged and put into its form before it was stored. History is not judged anew: a code
that has left its list, or a length that has become shorter, must not make a log unreadable; and
judging took more than half of the time of a replay. What remains says which classes, names and
types the bytes become, opens personal data and gives instants in UTC.
"""

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import SchemaValidator

FUNCTIONS = ("function-before", "function-after", "function-wrap")
JUDGED = ("str", "int", "decimal", "date", "list", "tuple", "bool")
LIMITS = frozenset(
    {
        *("pattern", "min_length", "max_length", "max_digits", "decimal_places"),
        *("ge", "gt", "le", "lt", "multiple_of", "strict"),
    }
)


M = TypeVar("M", bound=BaseModel)


def kept(kind: type[M], value: Any, opener: Any = None) -> M:
    """What a read model kept of an event, as JSON, as an object of this class again; `opener`: of
    the personal data in it. Raises ValidationError.
    """
    made: M = reading(kind).validate_python(value, extra="ignore", context=opener)
    return made


@cache
def reading(kind: type[BaseModel]) -> SchemaValidator:
    """What makes an object of this class of its stored bytes, made once for each class."""
    return SchemaValidator(_unjudged(kind.__pydantic_core_schema__), _use_prebuilt=False)


def reads(function: Any) -> Any:
    """Marks a validator that history needs as well."""
    function.reads = True
    return function


def _unjudged(schema: Any) -> Any:
    """A core schema without limits and without validators that are not marked with `reads`."""
    if isinstance(schema, list | tuple):
        return type(schema)(_unjudged(each) for each in schema)
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if kind in FUNCTIONS and not _is_marked(schema["function"]["function"]):
        inner = _unjudged(schema["schema"])
        return inner | {"ref": schema["ref"]} if "ref" in schema else inner
    left_out = LIMITS if kind in JUDGED else frozenset()
    return {
        name: each if name in ("metadata", "serialization") else _unjudged(each)
        for name, each in schema.items()
        if name not in left_out
    }


def _is_marked(function: Any) -> bool:
    return hasattr(getattr(function, "func", function), "reads")  # a partial has its function's
