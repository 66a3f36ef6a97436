"""What the content's types say of a field, readable: for forms, Excel columns and documents.
Nothing is said here a second time.
"""

from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic.fields import FieldInfo

from libs.events.strict import MONTH, Cleaned
from libs.events.value import Value
from libs.filing.content.masking import is_name
from libs.filing.content.scan import ScanRef
from libs.filing.content.types import PRINTABLE, RULED, OneOf, Unit

TYPES: dict[Any, str] = {
    str: "text",
    int: "integer",
    Decimal: "decimal",
    date: "date",
    bool: "boolean",
    UUID: "reference",
    ScanRef: "scan",
}


class Kind(Value):
    """Type and limits of a field. `set`: several codes; `unit` in Chinese and English; `personal`:
    its class, 1 never shown in clear without need, 2 names; None: not personal. `text`: it has one
    line, may have several, or is a key, which is compared in its normal form.
    """

    type: Literal[
        "text", "enum", "set", "integer", "decimal", "date", "month", "boolean", "reference", "scan"
    ]
    lists: tuple[str, ...] = ()
    unit: tuple[str, str] | None = None
    max_length: int | None = None
    max_digits: int | None = None
    decimal_places: int | None = None
    ge: int | None = None
    le: int | None = None
    pattern: str | None = None
    personal: Literal[1, 2] | None = None
    text: Literal["line", "lines", "key"] | None = None


LIMITS = ("max_length", "max_digits", "decimal_places", "ge", "le", "pattern")


def kind(owner: type[Value], name: str) -> Kind:
    """Of one field by its stored name. KeyError if the content has no such field."""
    field = _fields(owner)[name]
    bare, marks = _opened(field.annotation)
    marks = [*marks, *field.metadata]
    several = get_origin(bare) is tuple
    if several:
        bare, of_each = _opened(get_args(bare)[0])
        marks = [*marks, *of_each]
    lists = tuple(
        code_list for mark in marks if isinstance(mark, OneOf) for code_list in mark.lists
    )
    limits = {
        limit: value
        for mark in marks
        for limit in LIMITS
        if (value := getattr(mark, limit, None)) not in (None, PRINTABLE)
    }
    if RULED in marks:
        limits.pop("max_length", None)
    unit = next(((mark.zh, mark.en) for mark in marks if isinstance(mark, Unit)), None)
    named = (
        "set"
        if several and lists
        else "enum"
        if lists
        else "month"
        if limits.get("pattern") == MONTH
        else TYPES[bare]
    )
    text = next((mark.kind for mark in marks if isinstance(mark, Cleaned)), None)
    told = {"type": named, "lists": lists, "unit": unit, "text": text}
    return Kind.model_validate(told | {"personal": _personal(owner, name)} | limits)


def content_at(content: type[Value], path: str) -> type[Value] | None:
    """The type of the rows or of the part at a path of the form; None where plain codes stand
    there.
    """
    found: Any = content
    for step in path.split("/")[1:]:
        if step != "*":
            found, _ = _opened(_fields(found)[step].annotation)
            found = get_args(found)[0] if get_origin(found) is tuple else found
    bare, _ = _opened(found)
    return bare if isinstance(bare, type) and issubclass(bare, Value) else None


def names(content: type[Value]) -> tuple[str, ...]:
    """Stored names of the fields that are filled in, rows and parts of their own left out."""
    return tuple(name for name in _fields(content) if content_at(content, f"/{name}") is None)


def _fields(content: type[Value]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in content.model_fields.items()}


def _personal(content: type[Value], name: str) -> int | None:
    if not any(
        (field.alias or each) == name
        for each, field in content.model_fields.items()
        if each in content.PERSONAL
    ):
        return None
    return 2 if is_name(name) else 1


def _opened(annotation: Any) -> tuple[Any, list[Any]]:
    """The type inside `X | None` and `Annotated`, and everything that marks it."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        bare, more = _opened(inner)
        return bare, [
            *more,
            *(
                each
                for mark in marks
                for each in (mark.metadata if isinstance(mark, FieldInfo) else [mark])
            ),
        ]
    if get_origin(annotation) in (Union, UnionType):
        return _opened(next(each for each in get_args(annotation) if each is not NoneType))
    return annotation, []
