"""Every field that a request may bring: of each service's bodies, and of its queries and paths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from deploy.embedded.places import existing_services
from libs.chassis.app import all_routers
from tests.deploy.services import service


@dataclass(frozen=True)
class Field:
    """`place`: body, query or path; `type`: what its values are, apart from all limits."""

    place: str
    name: str
    type: Any
    annotation: Any

    def __str__(self) -> str:
        return f"{self.place} {self.name}"

    def read(self, value: Any) -> Any:
        """As a request's value is read. Raises ValidationError."""
        return TypeAdapter(self.annotation).validate_python(value)

    def takes(self, value: Any) -> bool:
        try:
            self.read(value)
        except ValidationError:
            return False
        return True


@cache
def fields() -> tuple[Field, ...]:
    """Each model's once, whatever operations take it."""
    found: dict[str, Field] = {}
    for name in existing_services():
        for route in (each for router in all_routers(service(name)) for each in router.routes):
            if isinstance(route, APIRoute):
                found |= {str(each): each for each in _of(f"{name}.{route.name}", route)}
    return tuple(found.values())


def _of(name: str, route: APIRoute) -> Iterator[Field]:
    for place, field in _asked(route.dependant):
        annotation = _with(field.field_info.annotation, field.field_info.metadata)
        yield from _leaves(place, f"{name}.{field.alias}", annotation, [])
    if route.body_field:
        yield from _leaves("body", name, route.body_field.field_info.annotation, [])


def _asked(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    yield from (("query", each) for each in dependant.query_params)
    yield from (("path", each) for each in dependant.path_params)
    for inner in dependant.dependencies:
        yield from _asked(inner)


def _leaves(place: str, name: str, annotation: Any, marks: Sequence[Any]) -> Iterator[Field]:
    origin, inner = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for each, field in annotation.model_fields.items():
            yield from _leaves(place, f"{_named(annotation)}.{each}", *_opened(field))
    elif origin is Annotated:
        yield from _leaves(place, name, inner[0], [*marks, *inner[1:]])
    elif origin is None or origin is Literal:
        yield Field(place, name, annotation, _with(annotation, marks))
    else:
        for each in inner:
            if each not in (NoneType, Ellipsis):
                yield from _leaves(place, name, each, marks if NoneType in inner else [])


def _opened(field: FieldInfo) -> tuple[Any, Sequence[Any]]:
    return field.annotation, field.metadata


def _named(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"


def _with(annotation: Any, marks: Sequence[Any]) -> Any:
    return Annotated[annotation, *marks] if marks else annotation
