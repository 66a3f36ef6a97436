"""Scans inside any content: found wherever they stand, and filled in from their uploads."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args
from uuid import UUID

from libs.events.value import Value
from libs.filing.content.scan import ScanRef

V = TypeVar("V", bound=Value)


@cache
def _holding(kind: type[Value]) -> tuple[tuple[str, str], ...]:
    """The fields in which scans can stand, each with its name in JSON: no other is looked at."""
    fields = kind.model_fields.items()
    return tuple((name, of.alias or name) for name, of in fields if _may_hold(of.annotation))


def _may_hold(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return issubclass(annotation, ScanRef) or bool(_holding(annotation))
    return any(_may_hold(each) for each in get_args(annotation))


def scans_in(value: Any) -> Iterator[ScanRef]:
    """Every scan of the content, in the order of its fields."""
    if isinstance(value, ScanRef):
        yield value
    elif isinstance(value, Value):
        for name, _ in _holding(type(value)):
            yield from scans_in(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from scans_in(each)


def scans_at(value: Any, at: str = "") -> Iterator[tuple[str, ScanRef]]:
    """Every scan of the content, and the pointer to where it stands."""
    if isinstance(value, ScanRef):
        yield at, value
    elif isinstance(value, Value):
        for name, said in _holding(type(value)):
            yield from scans_at(getattr(value, name), f"{at}/{said}")
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from scans_at(each, f"{at}/{number}")


def with_scans(value: V, known: Mapping[UUID, Mapping[str, Any]]) -> V:
    """The same content, each scan with what its upload says of it (mime, size_bytes, sha256, …)."""
    filled: V = _filled(value, known)
    return filled


def _filled(value: Any, known: Mapping[UUID, Mapping[str, Any]]) -> Any:
    if isinstance(value, ScanRef):
        return value.model_copy(update=dict(known[value.scan]))
    if isinstance(value, Value):
        changes = {
            name: new
            for name, _ in _holding(type(value))
            if (new := _filled(old := getattr(value, name), known)) is not old
        }
        return value.model_copy(update=changes) if changes else value
    if isinstance(value, tuple) and any(isinstance(each, Value) for each in value):
        return tuple(_filled(each, known) for each in value)
    return value
