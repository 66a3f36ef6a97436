"""What the services offer, read from their own OpenAPI documents: no operation that is added
escapes the tests of this folder.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from deploy.cli import contracts
from deploy.embedded.places import existing_services
from libs.chassis.app import all_routers
from libs.chassis.http.commands import API, Changing
from tests.deploy.services import service

METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Operation:
    """`rows`: who may do it, as the document says; `body`: its example, None where nothing is
    sent.
    """

    service: str
    id: str
    method: str
    path: str  # below /api/v1
    rows: tuple[Mapping[str, Any], ...] = field(repr=False)
    parameters: tuple[Mapping[str, Any], ...] = field(repr=False)
    body: Any = field(repr=False)
    headers: Mapping[str, frozenset[str]] = field(repr=False)  # of its answers, by status
    needs_body: bool = False
    needs_version: bool = False

    def __str__(self) -> str:
        return f"{self.service} {self.id}"

    def named(self, place: str) -> dict[str, Mapping[str, Any]]:
        """Its parameters in `path`, `query` or `header`, by name."""
        return {each["name"]: each for each in self.parameters if each["in"] == place}

    def row(self, role: str) -> Mapping[str, Any] | None:
        return next((each for each in self.rows if {role, "PUBLIC"} & set(each["roles"])), None)

    def address(self, given: Mapping[str, str]) -> str:
        """Its path with what is given, and examples for the rest."""
        return self.path.format(
            **{name: given.get(name, each["example"]) for name, each in self.named("path").items()}
        )

    def matches(self, path: str) -> bool:
        """Whether it is what is asked at this path."""
        parts = re.split(r"{\w+}", self.path)
        return bool(re.fullmatch("[^/:]+".join(map(re.escape, parts)), path))

    @property
    def is_command(self) -> bool:
        return "Idempotency-Key" in self.named("header")


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(each for name in existing_services() for each in _of(name))


def _of(name: str) -> Iterator[Operation]:
    document = contracts.openapi(service(name))
    routes = {
        route.name: route
        for router in all_routers(service(name))
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    below = {path: each for path, each in document["paths"].items() if path.startswith(API)}
    for path, offered in below.items():
        for method in (each for each in METHODS if each in offered):
            told = offered[method]
            changing = Changing.__metadata__[0].dependency  # type: ignore[attr-defined]
            body = told.get("requestBody", {})
            yield Operation(
                service=name,
                id=told["operationId"],
                method=method.upper(),
                path=path.removeprefix("/api/v1"),
                rows=tuple(told["x-access"]),
                parameters=tuple(told.get("parameters", ())),
                body=body.get("content", {}).get("application/json", {}).get("example"),
                headers={
                    status: frozenset(map(str.lower, each["headers"]))
                    for status, each in told["responses"].items()
                },
                needs_body=body.get("required", False),
                needs_version=_depends(routes[told["operationId"]].dependant, changing),
            )


def _depends(dependant: Dependant, on: Any) -> bool:
    return any(each.call is on or _depends(each, on) for each in dependant.dependencies)
