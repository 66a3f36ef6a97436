"""The OpenAPI document: problems as they are, rights and examples beside each operation."""

from collections.abc import Iterator, Mapping
from typing import Any

from libs.chassis.http import response_headers
from libs.chassis.http.examples import Examples
from libs.chassis.http.response_headers import add_headers
from libs.chassis.identity.access import Grant
from libs.chassis.ports.principal import PUBLIC
from libs.chassis.problems.kinds import (
    BY_STATUS,
    FORBIDDEN,
    INTERNAL,
    INVALID,
    MALFORMED,
    MEDIA,
    METHOD,
    NOT_FOUND,
    QUOTA,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNAVAILABLE,
    VERSION_MISMATCH,
    VERSION_REQUIRED,
    WRONG_STATE,
    ProblemKind,
)
from libs.chassis.problems.problem import MEDIA_TYPE, Problem

SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "OpenID Connect access token (RFC 9068)",
    }
}
ALWAYS = (MALFORMED, NOT_FOUND, METHOD, TOO_LARGE, INVALID, QUOTA, INTERNAL, UNAVAILABLE)
DROPPED = ("HTTPValidationError", "ValidationError")
REFUSALS = {400, 409, 422}  # their problems list rules


def complete(
    document: dict[str, Any], access: Mapping[str, list[Grant]], named: Mapping[str, Any]
) -> dict[str, Any]:
    """FastAPI's document with every problem and header, the security scheme, the access rows and
    the examples of each operation.
    """
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    components["securitySchemes"] = SCHEMES
    components["headers"] = response_headers.components()
    examples = Examples(schemas, named)
    for tag, operation in _operations(document):
        operation["tags"] = [tag]
        _exemplify(operation, examples)
        _complete(operation, access.get(operation["operationId"], []))
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for name in DROPPED:
        schemas.pop(name, None)
    _itemise(document)
    document["servers"] = [{"url": "/"}]
    document["tags"] = [{"name": each} for each in sorted({t for t, _ in _operations(document)})]
    return document


def _complete(operation: dict[str, Any], rows: list[Grant]) -> None:
    """With its problems, headers and rights."""
    responses = operation["responses"]
    for kind in _kinds(operation, rows):
        responses[str(kind.status)] = _response(kind)
    for status in [each for each in responses if each[0] in "45"]:
        responses[status] = _response(BY_STATUS[int(status)])
    add_headers(operation)
    operation["security"] = [] if _is_public(rows) else [{"bearer": []}]
    operation["x-access"] = [
        {"roles": sorted(r.roles), "relation": r.relation.value, "view": r.view} for r in rows
    ]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with the collection that it is about."""
    for path, offered in document.get("paths", {}).items():
        tag = path.split("/")[3].partition(":")[0]
        for each in offered.values():
            if isinstance(each, dict) and "operationId" in each:
                yield tag, each


def _itemise(schema: Any) -> None:
    """Says of each tuple also what its items are: most tools know lists alone."""
    for each in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(each, (dict, list)):
            _itemise(each)
    if isinstance(schema, dict) and isinstance(parts := schema.get("prefixItems"), list):
        kinds = [each for n, each in enumerate(parts) if each not in parts[:n]]
        schema["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _exemplify(operation: dict[str, Any], examples: Examples) -> None:
    """An example of every parameter, of the request and of each good answer."""
    for parameter in operation.get("parameters", []):
        parameter.setdefault("example", examples.value(parameter["schema"], parameter["name"]))
    good = (response for status, response in operation["responses"].items() if status[0] == "2")
    for body in (operation.get("requestBody", {}), *good):
        for media, content in body.get("content", {}).items():
            if not content.keys() & {"example", "examples"}:
                content["example"] = examples.content(media, content.get("schema", {}))


def _kinds(operation: dict[str, Any], rows: list[Grant]) -> Iterator[ProblemKind]:
    headers = {
        parameter["name"]
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header"
    }
    yield from ALWAYS
    if not _is_public(rows):
        yield from (UNAUTHENTICATED, FORBIDDEN)
    if "requestBody" in operation:
        yield MEDIA
    if "Idempotency-Key" in headers:
        yield WRONG_STATE
    if "If-Match" in headers:
        yield from (VERSION_MISMATCH, VERSION_REQUIRED)


def _is_public(rows: list[Grant]) -> bool:
    return any(PUBLIC in row.roles for row in rows)


def _response(kind: ProblemKind) -> dict[str, Any]:
    refusal = {
        "rule": "E24",
        "severity": "B",
        "pointer": "/basic/name",
        "zh": "数据已发送，审核期间不能修改",
        "en": "Already sent; it cannot be edited during review",
    }
    example = {
        "type": kind.type,
        "title": kind.title[0],
        "status": kind.status,
        "detail": kind.detail[0],
        "instance": "/api/v1/…",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [refusal] if kind.status in REFUSALS else [],
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": f"{kind.title[0]} / {kind.title[1]}", "content": {MEDIA_TYPE: content}}
