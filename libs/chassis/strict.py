"""What a request may not bring: unknown query parameters, bodies that are not JSON, texts that cannot be stored."""

from collections.abc import Iterator, Mapping

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from libs.chassis import formats
from libs.chassis.kinds import MALFORMED, MEDIA
from libs.chassis.problem import ProblemItem, Stopped

NUL = b"\\u0000"  # PostgreSQL cannot hold it, so that a projection would stop at it


async def strictly(request: Request) -> None:
    """A dependency of every route. Raises Stopped: 400 or 415."""
    route: APIRoute = request.scope["route"]
    repeatable = dict(_parameters(route.dependant))
    wrong = [_wrong(name, repeatable, len(request.query_params.getlist(name))) for name in sorted(request.query_params.keys())]
    if items := tuple(item for item in wrong if item):
        raise Stopped(MALFORMED, items)
    body = await request.body()
    if body and not _is_json(request.headers.get("content-type", "")):
        raise Stopped(MEDIA)
    if NUL in body:
        raise Stopped(MALFORMED, (formats.item(*formats.TEXTS["string_unicode"]),))


def _wrong(name: str, repeatable: Mapping[str, bool], times: int) -> ProblemItem | None:
    place = formats.pointer(("query", name))
    if name not in repeatable:
        return formats.item("没有此参数", "Unknown parameter", place)
    return formats.item("参数重复", "Given twice", place) if times > 1 and not repeatable[name] else None


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The declared query parameters, and whether each may be repeated."""
    for field in dependant.query_params:
        yield field.alias, "list" in repr(field.field_info.annotation)
    for each in dependant.dependencies:
        yield from _parameters(each)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
