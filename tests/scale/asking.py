"""Every question of every list and item: by all who may ask it, with every filter and each two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from deploy.cli import contracts
from libs.chassis.in_memory import token
from tests.http.operations import Operation, operations
from tests.in_memory.installation import CITY, PROVINCE, service
from tests.scale.story import Story

PAGE = 10  # items
PLACES = {"CITY": CITY, "PROV": PROVINCE}
PAGING = frozenset({"limit", "cursor", "min_position"})


@dataclass(frozen=True)
class Question:
    operation: Operation
    role: str
    filters: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        filters = " ".join(f"{name}={value}" for name, value in self.filters)
        return f"{self.operation} as {self.role} {filters}".strip()

    @property
    def is_list(self) -> bool:
        return "cursor" in self.operation.named("query")

    def path(self, story: Story) -> str:
        named = dict(story.ids(self.operation))
        asked = [*self.filters, *([("limit", str(PAGE))] if self.is_list else [])]
        return f"{self.operation.address(named)}?{urlencode(asked)}"


def questions(story: Story) -> Iterator[Question]:
    for operation in operations():
        if operation.method == "GET":
            for role in _roles(operation):
                for filters in _filters(operation, story):
                    yield Question(operation, role, filters)


def token_of(role: str, story: Story) -> str:
    """Of somebody to whom the story's enterprise is within reach."""
    if role == "PUBLIC":
        return ""
    group = role.partition("_")[0]
    if group == "ENT":
        return token(role, org=story.firm.uscc)
    return token(role, **({"city": PLACES[group]} if group in PLACES else {}))


def _roles(operation: Operation) -> list[str]:
    """One of each kind that each of its rights names."""
    roles = [role for row in operation.rows for role in sorted(row["roles"])]
    return list({role.partition("_")[0]: role for role in reversed(roles)}.values())


def _filters(operation: Operation, story: Story) -> Iterator[tuple[tuple[str, str], ...]]:
    """Each filter with each of its values, and each two of them with their first."""
    known = {
        name: _values(operation, name, each["schema"], story)
        for name, each in operation.named("query").items()
        if name not in PAGING
    }
    needed = [name for name, each in operation.named("query").items() if each.get("required")]
    if not needed:
        yield ()
        yield from (((name, value),) for name, values in known.items() for value in values)
    for names in [needed] if needed else combinations(known, 2):
        yield tuple((name, known[name][0]) for name in names)


def _values(operation: Operation, name: str, schema: Mapping[str, Any], story: Story) -> list[str]:
    """What is worth asking for: what most have, what few have, what nobody has."""
    for each in (schema, *schema.get("anyOf", ())):
        if "$ref" in each:
            return list(_schemas(operation.service)[each["$ref"].rpartition("/")[2]]["enum"])[:3]
        if each.get("type") == "boolean":
            return ["true", "false"]
    return story.values(operation, name)


@cache
def _schemas(name: str) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = contracts.openapi(service(name))["components"]["schemas"]
    return schemas
