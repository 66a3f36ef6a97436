"""What RFC 9110 says of methods, addresses and conditions holds at every operation of every
service.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.stage import API
from deploy.embedded.places import existing_services
from libs.chassis.http import response_headers
from libs.events.testing.tables import NeedsPostgres
from tests.http.http_client import Asker, bearer
from tests.http.operations import Operation, operations
from tests.http.scene import OWN, PROVINCE, SHARED, Scene, scene

pytestmark = pytest.mark.slow
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
TOLD = {name.lower() for name in response_headers.NAMES}
OF_ITS_OWN = {"traceparent", "x-request-id", "date"}
EVERY = [pytest.param(each, id=str(each)) for each in operations()]
# for everybody, and from PostgreSQL alone: tests/review/test_results.py
RESULTS = {"list_results", "read_result"}
READS = [
    pytest.param(each, id=str(each))
    for each in operations()
    if each.method == "GET" and each.id not in RESULTS
]
CHANGES = [
    pytest.param(each, id=str(each)) for each in operations() if "If-Match" in each.named("header")
]
COMMANDS = [pytest.param(each, id=str(each)) for each in operations() if each.is_command]


@pytest.fixture(scope="module")
def sides(asker_in_memory: Asker) -> Scene:
    at: Any = asker_in_memory.system
    return scene(at)


class Line:
    """Asks an operation as one of its roles, about what is there."""

    def __init__(self, asker: Asker, sides: Scene) -> None:
        self._asker, self._own = asker, sides["own"]

    def token(self, operation: Operation) -> str:
        roles = [role for row in operation.rows for role in sorted(row["roles"])]
        role = next((role for role in roles if role != "EXPERT"), roles[0])
        place = {"ENT": self._own.uscc, "CITY": OWN, "PROV": PROVINCE}.get(role.split("_")[0], "")
        return self._asker.token(role, place)

    def address(self, operation: Operation) -> str:
        collection = (operation.service, operation.path.split("/")[1].partition(":")[0])
        return operation.address(SHARED.get(collection) or self._own.ids.get(collection, {}))

    def ask(
        self, operation: Operation, method: str = "", *more: tuple[str, str], address: str = ""
    ) -> httpx.Response:
        usual = {**bearer(self.token(operation)), "Accept-Encoding": "identity"}
        if operation.body is not None:
            usual["Content-Type"] = "application/json"
        if operation.is_command and "Idempotency-Key" not in dict(more):
            usual["Idempotency-Key"] = str(uuid4())
        answer = self._asker.client.request(
            method or operation.method,
            f"{self._asker.system.urls[operation.service]}{API}"
            f"{address or self.address(operation)}",
            params=None if "?" in address else needed(operation),
            content=None if operation.body is None else json.dumps(operation.body).encode(),
            headers=[*((name, value) for name, value in usual.items() if value), *more],
        )
        if method in ("", operation.method) and not address:
            undescribed = TOLD & set(answer.headers) - operation.headers[str(answer.status_code)]
            assert not undescribed, (operation, answer.status_code)
        return answer


@pytest.fixture
def line(asker_in_memory: Asker, sides: Scene) -> Line:
    return Line(asker_in_memory, sides)


def needed(operation: Operation) -> dict[str, Any]:
    """The query without which it cannot be asked."""
    query = operation.named("query").items()
    return {name: each["example"] for name, each in query if each.get("required")}


def bare(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in OF_ITS_OWN}


def is_problem(answer: httpx.Response, status: int, kind: str) -> bool:
    return (answer.status_code, answer.headers.get("Content-Type")) == (
        status,
        "application/problem+json",
    ) and (answer.request.method == "HEAD" or answer.json()["type"] == f"/problems/{kind}")


@pytest.mark.parametrize("operation", EVERY)
def test_a_method_that_is_not_served_is_told_those_that_are(
    line: Line, operation: Operation
) -> None:
    address = line.address(operation)
    served = {
        each.method
        for each in operations()
        if each.service == operation.service and each.matches(address)
    }
    served |= {"HEAD"} if "GET" in served else set()
    for method in set(METHODS) - served:
        answer = line.ask(operation, method)
        assert is_problem(answer, 405, "method-not-allowed"), (method, answer.status_code)
        assert set(answer.headers["Allow"].split(", ")) == served, method


@pytest.mark.parametrize("operation", READS)
def test_head_is_answered_as_get_without_its_body(line: Line, operation: Operation) -> None:
    try:
        answers = [line.ask(operation, method) for method in ("HEAD", "GET")]
    except NeedsPostgres:
        answers = [line.ask(operation, method, ("Authorization", "")) for method in ("HEAD", "GET")]
    head, get = answers
    if "content-length" not in head.headers:  # of what is streamed: RFC 9110, 8.6
        get.headers.pop("content-length", None)
    assert (head.status_code, bare(head.headers), head.content) == (
        get.status_code,
        bare(get.headers),
        b"",
    )
    assert get.content


@pytest.mark.parametrize("operation", EVERY)
def test_an_address_with_a_slash_too_many_is_no_address_whoever_asks(
    line: Line, operation: Operation
) -> None:
    address = line.address(operation) + "/"
    for more in ((), (("Host", "elsewhere.example"),)):
        answer = line.ask(operation, "", *more, address=address)
        assert is_problem(answer, 404, "not-found"), answer.status_code
        assert "Location" not in answer.headers


@pytest.mark.parametrize("operation", READS)
def test_what_the_caller_has_is_not_sent_again(line: Line, operation: Operation) -> None:
    if "If-None-Match" not in operation.named("header"):
        return
    answer = line.ask(operation)
    tag = answer.headers["ETag"]
    assert answer.status_code == 200
    for known in ("*", tag, f"W/{tag}", f'"888",  W/{tag} , "x,y"'):
        again = line.ask(operation, "", ("If-None-Match", known))
        assert (again.status_code, again.headers["ETag"], again.content) == (304, tag, b""), known
        assert line.ask(operation, "HEAD", ("If-None-Match", known)).status_code == 304
    several = [("If-None-Match", '"888"'), ("If-None-Match", tag)]
    assert line.ask(operation, "", *several).status_code == 304
    for other in ('"888"', 'W/"888"', '"*"'):
        assert line.ask(operation, "", ("If-None-Match", other)).status_code == 200, other
    for wrong in (tag.strip('"'), f"*, {tag}", '"a'):
        assert is_problem(line.ask(operation, "", ("If-None-Match", wrong)), 400, "malformed")


def test_every_answer_with_an_entity_tag_takes_if_none_match(line: Line) -> None:
    assert sum("If-None-Match" in each.named("header") for each in operations()) > 12
    for operation in (each for each in operations() if each.method == "GET"):
        try:
            has_tag = "ETag" in line.ask(operation).headers
        except NeedsPostgres:
            continue
        assert has_tag == ("If-None-Match" in operation.named("header")), operation


def test_a_list_takes_each_parameter_as_the_document_shows_it(
    asker_in_memory: Asker, line: Line
) -> None:
    asked = 0
    for operation in (each for each in operations() if each.method == "GET"):
        for name, each in operation.named("query").items():
            query = httpx.QueryParams({**needed(operation), name: each["example"]})
            try:
                answer = line.ask(operation, address=f"{line.address(operation)}?{query}")
            except NeedsPostgres:
                answer = httpx.Response(200)  # so far only those come who are understood
            assert answer.status_code not in (400, 503), (operation, name, answer.text)
            asked += 1
    assert asked > 60


@pytest.mark.parametrize("operation", COMMANDS)
def test_a_header_that_may_stand_once_is_not_given_twice(
    asker_in_memory: Asker, line: Line, operation: Operation
) -> None:
    twice = [("Idempotency-Key", str(uuid4())) for _ in range(2)]
    with asker_in_memory.nothing_written(operation.service):
        answer = line.ask(operation, "", ("If-Match", '"1"'), *twice)
    assert is_problem(answer, 400, "malformed")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/header/Idempotency-Key"]


def answers(line: Line, operation: Operation, *versions: str) -> Iterator[int]:
    for version in versions:
        yield line.ask(operation, "", ("If-Match", version)).status_code


@pytest.mark.parametrize("operation", CHANGES)
def test_a_tag_that_never_matches_stops_a_change_as_a_stale_version_does(
    asker_in_memory: Asker, line: Line, operation: Operation
) -> None:
    with asker_in_memory.nothing_written(operation.service):
        stale, *others = answers(line, operation, '"999999"', 'W/"1"', '"a,b"', 'W/"1", "999999"')
        assert others == [stale] * 3
        assert stale in (404, 409, 412, 422)
        begins = line.ask(operation, "", ("If-Match", "*"), ("If-None-Match", "*")).status_code
        assert begins == stale
        (bare_number,) = answers(line, operation, "1")
    assert bare_number == 400


@pytest.mark.parametrize("service", existing_services())
def test_long_answers_come_short_to_who_takes_them_but_never_with_a_tag(
    asker_in_memory: Asker, line: Line, service: str
) -> None:
    url = f"{asker_in_memory.system.urls[service]}/openapi.json"
    plain, short, refused = (
        asker_in_memory.client.get(url, headers={"Accept-Encoding": each})
        for each in ("identity", "br, gzip;q=0.5", "gzip;q=0")
    )
    assert short.headers["Content-Encoding"] == "gzip"
    assert int(short.headers["Content-Length"]) * 4 < len(plain.content)
    assert short.content == plain.content == refused.content
    assert not {"Content-Encoding"} & {*plain.headers, *refused.headers}
    assert {each.headers["Vary"] for each in (plain, short)} == {"Accept-Encoding"}
    for operation in (each for each in operations() if "If-None-Match" in each.named("header")):
        if operation.service == service:
            answer = line.ask(operation, "", ("Accept-Encoding", "gzip"))
            assert "Content-Encoding" not in answer.headers, operation
