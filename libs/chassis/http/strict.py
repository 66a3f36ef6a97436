"""What a request may not bring: unknown or repeated parameters, bodies that are not JSON or name a
field twice, texts that cannot be stored.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from libs.chassis.problems import formats
from libs.chassis.problems.kinds import MALFORMED, MEDIA
from libs.chassis.problems.problem import ProblemItem, Stopped

# PostgreSQL cannot hold it: a query would fail, a projection would stop at it
NUL, ESCAPED = "\0", b"\\u0000"
ONCE = ("Idempotency-Key", "Authorization", "Content-Type")  # no lists: two lines contradict
TWICE = ("重复填写", "Given twice")


async def strictly(request: Request) -> None:
    """A dependency of every route. Raises Stopped: 400 or 415."""
    items = [*_in_query(request), *_in_path(request), *_in_headers(request)]
    if items:
        raise Stopped(MALFORMED, tuple(items))
    if body := await request.body():
        _check(body, request.headers.get("content-type", ""))


def _in_query(request: Request) -> Iterator[ProblemItem]:
    asked, repeatable = request.query_params, _repeatable(request)
    for name in sorted(asked.keys()):
        place, values = ("query", name), asked.getlist(name)
        if name not in repeatable:
            yield formats.item("没有此参数", "Unknown parameter", formats.pointer(place))
        elif len(values) > 1 and not repeatable[name]:
            yield formats.item(*TWICE, formats.pointer(place))
        else:
            yield from _unfit(place, *values)


def _in_path(request: Request) -> Iterator[ProblemItem]:
    for name, value in request.path_params.items():
        yield from _unfit(("path", name), str(value))


def _in_headers(request: Request) -> Iterator[ProblemItem]:
    for name in ONCE:
        if len(request.headers.getlist(name)) > 1:
            yield formats.item(*TWICE, formats.pointer(("header", name)))


def _unfit(place: tuple[str, str], *values: str) -> Iterator[ProblemItem]:
    if any(NUL in value for value in values):
        yield formats.item(*formats.TEXTS["string_unicode"], formats.pointer(place))


def _repeatable(request: Request) -> Mapping[str, bool]:
    """The query parameters that the route declares, and whether each may be repeated."""
    route: APIRoute = request.scope["route"]
    known: dict[str, Mapping[str, bool]] = request.app.state.query_parameters
    if (found := known.get(route.name)) is None:
        found = known[route.name] = dict(_parameters(route.dependant))
    return found


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for field in dependant.query_params:
        yield field.alias, "list" in repr(field.field_info.annotation)
    for each in dependant.dependencies:
        yield from _parameters(each)


def _check(body: bytes, content_type: str) -> None:
    """Raises Stopped for what is not JSON, or is but cannot mean what was meant."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Stopped(MEDIA)
    if ESCAPED in body or not _is_utf8(body):
        raise Stopped(MALFORMED, (formats.item(*formats.TEXTS["string_unicode"]),))
    objects = _Objects()
    try:
        read = json.loads(body, object_pairs_hook=objects, parse_constant=_no_constant)
        twice = list(islice(_twice(read), formats.MOST)) if objects.any_doubled else []
    except (ValueError, RecursionError) as error:
        raise Stopped(MALFORMED, (formats.item(*formats.TEXTS["json_invalid"]),)) from error
    if twice:
        items = [formats.item(*TWICE, formats.pointer(place)) for place in twice]
        raise Stopped(MALFORMED, tuple(items))


class _Doubled(dict[str, Any]):
    """An object in which a name stands twice: readers would disagree on which counts."""

    names: frozenset[str] = frozenset()


class _Objects:
    """Makes the objects of a body, and keeps whether a name stood twice in one."""

    any_doubled = False

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        self.any_doubled, doubled = True, _Doubled(found)
        counts = Counter(name for name, _ in pairs)
        doubled.names = frozenset(name for name, count in counts.items() if count > 1)
        return doubled


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _twice(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where names stand twice."""
    if isinstance(value, _Doubled):
        yield from ((*place, name) for name in sorted(value.names))
    inner: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        inner = iter(value.items())
    elif isinstance(value, list):
        inner = iter(enumerate(value))
    for name, each in inner:
        if isinstance(each, (dict, list)):
            yield from _twice(each, (*place, name))


def _is_utf8(body: bytes) -> bool:
    """JSON between systems is UTF-8 (RFC 8259); the framework would also guess UTF-16, in which
    the escape is spelt otherwise.
    """
    try:
        return NUL not in body.decode()
    except UnicodeDecodeError:
        return False
