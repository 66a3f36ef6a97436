"""What a request may not bring: unknown query parameters, bodies that are not JSON, texts that
cannot be stored.
"""

from collections.abc import Iterator, Mapping, Sequence

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from libs.chassis.problems import formats
from libs.chassis.problems.kinds import MALFORMED, MEDIA
from libs.chassis.problems.problem import ProblemItem, Stopped

# PostgreSQL cannot hold it: a query would fail, a projection would stop at it
NUL, ESCAPED = "\0", b"\\u0000"


async def strictly(request: Request) -> None:
    """A dependency of every route. Raises Stopped: 400 or 415."""
    route: APIRoute = request.scope["route"]
    known: dict[str, Mapping[str, bool]] = request.app.state.query_parameters
    if (repeatable := known.get(route.name)) is None:
        repeatable = known[route.name] = dict(_parameters(route.dependant))
    wrong = [
        _wrong(name, repeatable, request.query_params.getlist(name))
        for name in sorted(request.query_params.keys())
    ]
    wrong += [_unfit(("path", name), str(value)) for name, value in request.path_params.items()]
    if items := tuple(item for item in wrong if item):
        raise Stopped(MALFORMED, items)
    body = await request.body()
    if body and not _is_json(request.headers.get("content-type", "")):
        raise Stopped(MEDIA)
    if ESCAPED in body or not _is_utf8(body):
        raise Stopped(MALFORMED, (formats.item(*formats.TEXTS["string_unicode"]),))


def _wrong(name: str, repeatable: Mapping[str, bool], values: Sequence[str]) -> ProblemItem | None:
    place = ("query", name)
    if name not in repeatable:
        return formats.item("没有此参数", "Unknown parameter", formats.pointer(place))
    if len(values) > 1 and not repeatable[name]:
        return formats.item("参数重复", "Given twice", formats.pointer(place))
    return _unfit(place, *values)


def _unfit(place: tuple[str, str], *values: str) -> ProblemItem | None:
    return (
        formats.item(*formats.TEXTS["string_unicode"], formats.pointer(place))
        if any(NUL in value for value in values)
        else None
    )


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The declared query parameters, and whether each may be repeated."""
    for field in dependant.query_params:
        yield field.alias, "list" in repr(field.field_info.annotation)
    for each in dependant.dependencies:
        yield from _parameters(each)


def _is_utf8(body: bytes) -> bool:
    """JSON between systems is UTF-8 (RFC 8259); the framework would also guess UTF-16, in which
    the escape is spelt otherwise.
    """
    try:
        return NUL not in body.decode()
    except UnicodeDecodeError:
        return False


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
