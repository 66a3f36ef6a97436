"""`GET /version`: what runs here, for operators, and for whoever reports a fault. Public: it tells
nothing that is not in the repository.
"""

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, Field

from libs.chassis.http.commands import API
from libs.chassis.http.schemas import FOLDER
from libs.events.envelope import topic_of

NUMBER = re.compile(r"v([1-9][0-9]*)\.schema\.json")
EXAMPLE = {
    "service": "review",
    "commit": "9192c11a4e7d05b8c1f2d3e4a5b6c7d8e9f00112",
    "build": "1",
    "api": "/api/v1",
    "topic": "kaohe.review.v1",
    "events": {"review.Case.CaseOpened": 1},
    "references": {"codelists": "2026.1"},
    "database": {"migrated": True, "missing": [], "lists": {"review.queue": 4}},
}


class DatabaseState(BaseModel):
    """`missing`: what the migration step has not made yet of what this code needs."""

    migrated: bool
    missing: list[str]
    lists: dict[str, int] = Field(description="Version of each list that serves now")


class ServiceVersion(BaseModel):
    service: str
    commit: str = Field(description="Empty where nobody has said it")
    build: str = Field(description="As whoever built it calls it; empty where nobody has")
    api: str
    topic: str
    events: dict[str, int] = Field(description="Schema number of each of its event types")
    references: dict[str, str] = Field(description="Versions of reference data it was shipped with")
    database: DatabaseState | None = Field(description="Null while it does not answer")


def version_of(
    service: str, references: Mapping[str, str], database: DatabaseState | None = None
) -> ServiceVersion:
    return ServiceVersion(
        service=service,
        commit=os.environ.get("KAOHE_COMMIT", ""),
        build=os.environ.get("KAOHE_BUILD", ""),
        api=API,
        topic=topic_of(service),
        events=schema_numbers(service),
        references=dict(references),
        database=database,
    )


def database_state(missing: Sequence[str], lists: Mapping[str, int]) -> DatabaseState:
    return DatabaseState(migrated=not missing, missing=list(missing), lists=dict(lists))


@cache
def schema_numbers(service: str) -> Mapping[str, int]:
    """The newest of each event type that the service tells, as its contracts say."""
    found: defaultdict[str, int] = defaultdict(int)
    for path in sorted(FOLDER.glob(f"{service}.*/*.schema.json")):
        if number := NUMBER.fullmatch(path.name):
            found[path.parent.name] = max(found[path.parent.name], int(number[1]))
    return dict(found)


def add_version(document: dict[str, Any], service: str) -> dict[str, Any]:
    """The OpenAPI document with this operation, which is no part of the API below /api/v1."""
    schema = ServiceVersion.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**schema.pop("$defs"), "ServiceVersion": schema}
    content = {
        "schema": {"$ref": "#/components/schemas/ServiceVersion"},
        "example": EXAMPLE | {"service": service, "topic": topic_of(service)},
    }
    answer = {"description": "What runs here", "content": {"application/json": content}}
    operation = {
        "operationId": "read_version",
        "summary": "版本 · What runs here: commit, contracts, state of the database",
        "tags": ["version"],
        "security": [],
        "responses": {"200": answer},
    }
    document["paths"]["/version"] = {"get": operation}
    document["tags"].append({"name": "version"})
    return document
