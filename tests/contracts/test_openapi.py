"""Every operation shows a request and an answer that are as its schemas say; requests are taken by
the routes as they stand.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from jsonschema_rs import Draft202012Validator

from deploy.embedded.places import existing_services
from libs.chassis.app import all_routers
from libs.chassis.http.commands import API
from tests.contracts.documents import openapi
from tests.deploy.services import service

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def operations(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those of its API."""
    for address, path in openapi(name)["paths"].items():
        if address.startswith(API):
            ids = (each for each in path.values() if "operationId" in each)
            yield from ((each["operationId"], each) for each in ids)


EVERY = [(name, id) for name in existing_services() for id, _ in operations(name)]


def valid(name: str, schema: dict[str, Any], example: Any) -> list[str]:
    """What stands against the example, in the validator's words."""
    whole: dict[str, Any] = {"$schema": DIALECT, "allOf": [schema]}
    if "$ref" in str(schema):  # most have none, and the components are large
        whole["components"] = openapi(name)["components"]
    return [
        f"{error.instance_path} {error.message}"
        for error in Draft202012Validator(whole, validate_formats=True).iter_errors(example)
    ]


@pytest.mark.parametrize(("name", "id"), EVERY)
def test_an_operation_shows_its_parameters_its_request_and_its_answer(name: str, id: str) -> None:
    operation = dict(operations(name))[id]
    for parameter in operation.get("parameters", []):
        assert not valid(name, parameter["schema"], parameter["example"]), parameter["name"]
    good = [response for status, response in operation["responses"].items() if status[0] == "2"]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    assert good
    assert all(
        body.get("content") for body in good if body is not operation["responses"].get("204")
    ), "the answer is not described"
    for body in (*bodies, *good):
        for media, content in body.get("content", {}).items():
            assert content["example"] not in ("", None), media
            assert not valid(name, content.get("schema", {}), content["example"])


@pytest.mark.parametrize("name", existing_services())
def test_a_request_is_taken_as_it_is_shown(name: str) -> None:
    routes = [
        route
        for router in all_routers(service(name))
        for route in router.routes
        if isinstance(route, APIRoute)
    ]
    shown = {
        id: operation["requestBody"]["content"]
        for id, operation in operations(name)
        if "requestBody" in operation
    }
    taken = {route.name: route.body_field for route in routes if route.body_field}
    assert taken.keys() == shown.keys()
    for id, field in taken.items():
        _, errors = field.validate(shown[id]["application/json"]["example"], {}, loc=())
        assert not errors, (id, errors)


@pytest.mark.parametrize("name", existing_services())
def test_problems_are_shown_as_they_are_answered(name: str) -> None:
    for id, operation in operations(name):
        for status, response in operation["responses"].items():
            if status[0] in "45":
                content = response["content"]["application/problem+json"]
                assert not valid(name, content["schema"], content["example"]), (id, status)
                assert content["example"]["status"] == int(status)


def test_an_example_that_breaks_its_schema_is_found() -> None:
    schema = {"$ref": "#/components/schemas/Receipt"}
    right = {
        "receipt_no": "410100-20240902-7K3M9QXZ",
        "round": 1,
        "sent_at": "2024-09-02T01:00:00Z",
    }
    assert not valid("enterprise", schema, right)
    assert valid("enterprise", schema, right | {"sent_at": "yesterday"})
    assert valid("enterprise", schema, right | {"round": "one"})


NAMES = sorted(existing_services())
HEADERS = {  # of answers of these statuses
    "401": {"WWW-Authenticate", "Content-Language"},
    "405": {"Content-Language"},
    "412": {"ETag", "Content-Language"},
    "429": {"Retry-After", "Content-Language"},
    "503": {"Retry-After", "Content-Language"},
    "304": {"ETag"},
}


def parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, (dict, list)):
            yield from parts(each)


@pytest.mark.parametrize("name", NAMES)
def test_schemas_are_named_for_what_they_hold_and_no_two_alike(name: str) -> None:
    schemas = openapi(name)["components"]["schemas"]
    assert [
        each for each in schemas if not re.fullmatch(r"[A-Z][A-Za-z0-9]*(_[A-Z]\w*_)?", each)
    ] == []
    titles = Counter(schema["title"] for schema in schemas.values() if "title" in schema)
    assert [title for title, count in titles.items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_tuple_says_what_its_items_are_to_tools_that_know_lists_alone(name: str) -> None:
    found = [each for each in parts(openapi(name)) if each.get("type") == "array"]
    assert found
    assert [each for each in found if "items" not in each] == []


@pytest.mark.parametrize("name", NAMES)
def test_who_needs_no_token_is_told_so(name: str) -> None:
    for id, operation in operations(name):
        public = any("PUBLIC" in row["roles"] for row in operation["x-access"])
        assert operation["security"] == ([] if public else [{"bearer": []}]), id


@pytest.mark.parametrize("name", NAMES)
def test_answers_say_which_headers_they_have(name: str) -> None:
    known = openapi(name)["components"]["headers"]
    for id, operation in operations(name):
        parameters = {each["name"] for each in operation.get("parameters", [])}
        assert ("304" in operation["responses"]) == ("If-None-Match" in parameters), id
        for status, response in operation["responses"].items():
            expected = {"Allow", "traceparent", "X-Request-ID", *HEADERS.get(status, set())}
            if status[0] == "2":
                expected |= {"ETag"} if parameters & {"If-None-Match", "Idempotency-Key"} else set()
                expected |= {"Link"} if "cursor" in parameters else set()
                expected |= {"Location"} if status in ("201", "202") else set()
                if "Idempotency-Key" in parameters:
                    expected |= {"X-Event-Position", "Idempotency-Replayed"}
            elif status[0] in "45":
                expected.add("Content-Language")
            assert response["headers"].keys() == expected, (id, status)
            assert all(
                each["$ref"].rpartition("/")[2] in known for each in response["headers"].values()
            )


@pytest.mark.parametrize("name", NAMES)
def test_the_document_says_what_it_is_and_where_and_which_collections_there_are(name: str) -> None:
    document = openapi(name)
    assert document["info"]["description"]
    assert document["servers"] == [{"url": "/"}]
    tags = {each["name"] for each in document["tags"]}
    assert {tag for _, each in operations(name) for tag in each["tags"]} | {"version"} == tags
    ids = [id for id, _ in operations(name)]
    assert len(ids) == len(set(ids))
