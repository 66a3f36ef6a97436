"""Property-based testing of a service against its own OpenAPI document (schemathesis): cases that
fit it and cases that do not, for each operation, as each role, on what is its own, another's and
not there.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import requests
import schemathesis
import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from deploy.cli import contracts
from libs.events.testing.tables import NeedsPostgres
from libs.filing.reference import codes
from tests.deploy.services import service as service_named
from tests.http.operations import Operation, operations
from tests.http.scene import OWN, PROVINCE, SHARED, START, Scene
from tests.in_memory.installation import Installation

CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
ROLES = sorted(codes("role"))
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
SIDES = ("own", "own", "own", "own", "foreign", "missing")
# what is asked after the first would be in another year; a service in memory has no build
LEFT_OUT = {"set_clock", "read_version"}


@dataclass
class Tally:
    """What was asked and answered; `faults`: an example of each kind, by operation and kind."""

    cases: Counter[str] = field(default_factory=Counter)  # by role
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    unanswered: int = 0  # lists that only PostgreSQL answers

    def fault(self, operation: Operation, kind: str, said: str) -> None:
        self.faults.setdefault((str(operation), kind), said)

    def __str__(self) -> str:
        told = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        roles = ", ".join(f"{role}: {n}" for role, n in sorted(self.cases.items()))
        return f"{self.cases.total()} cases ({roles}); answered {told}"


class Fuzz:
    """`sides`: what its paths may name; what is asked changes it."""

    def __init__(self, at: Installation, sides: Scene, service: str, document: Any = None) -> None:
        """`document`: in place of the service's own."""
        self._at, self._sides, self._service = at, sides, service
        document = document or without_tokens(service)
        schema: Any = schemathesis.openapi.from_dict(document)
        told = [each.ok() for each in schema.get_all_operations()]
        self._offered = {each.definition.raw["operationId"]: each for each in told}
        self.operations = [
            each
            for each in operations()
            if each.service == service and each.id in self._offered.keys() - LEFT_OUT
        ]
        self.tally = Tally()

    def run(self, examples: int, start: int = 0) -> Tally:
        """So many cases for each operation, and as many that do not fit its document. The same
        `start`, the same cases.
        """
        for number, operation in enumerate(self.operations):
            for mode in MODES:
                self._ask(operation, mode, examples, start * 1000 + number)
        return self.tally

    def _ask(self, operation: Operation, mode: GenerationMode, examples: int, start: int) -> None:
        cases = self._offered[operation.id].as_strategy(generation_mode=mode)
        allowed = [role for role in ROLES if operation.row(role)]

        @seed(start)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=cases,
            role=st.sampled_from([*allowed * 3, *ROLES]),
            side=st.sampled_from(SIDES),
            whim=st.integers(0, 3),
        )
        def one(case: Any, role: str, side: str, whim: int) -> None:
            self._place(case, operation, side, whim)
            self._judge(case, operation, role)

        with suppress(Unsatisfiable):  # nothing is sent that could be wrong
            one()

    def _place(self, case: Any, operation: Operation, side: str, whim: int) -> None:
        """What fits the document names what there is, is of its version, and now and then has the
        document's own body.
        """
        if not case.meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters.update(self._ids(operation, side))
        if not case.meta.is_negative_at(ParameterLocation.HEADER):
            if "Idempotency-Key" in case.headers:
                case.headers["Idempotency-Key"] = str(uuid4())
            if whim and "If-Match" in operation.named("header"):
                case.headers["If-Match"] = "*"
        negative = any(case.meta.is_negative_at(each) for each in ParameterLocation)
        if not (whim or negative) and operation.body is not None:
            case.body = operation.body

    def _ids(self, operation: Operation, side: str) -> Mapping[str, str]:
        if side not in self._sides:
            return {}
        collection = operation.service, operation.path.split("/")[1].partition(":")[0]
        known = SHARED.get(collection) or self._sides[side].ids.get(collection, {})
        return {name: known[name] for name in operation.named("path").keys() & known.keys()}

    def _judge(self, case: Any, operation: Operation, role: str) -> None:
        if (sent := self._prepared(case, role)) is None:
            return
        try:
            answer = self._at.handle_request(as_httpx(sent))
        except NeedsPostgres:
            self.tally.unanswered += 1
            return
        except (Exception, AssertionError) as error:
            said = f"{type(error).__name__}: {error}\n{case.as_curl_command()}"
            self.tally.fault(operation, f"raised {type(error).__name__}", said[:3000])
            return
        finally:
            self._at.setting.clock.at = START
        self.tally.cases[role] += 1
        self.tally.statuses[answer.status_code] += 1
        for kind, said in faults(case, sent, answer):
            self.tally.fault(operation, kind, f"as {role}: {said}"[:3000])

    def _prepared(self, case: Any, role: str) -> requests.PreparedRequest | None:
        """None for what HTTP cannot carry."""
        asked = case.as_transport_kwargs(base_url=f"http://{self._service}")
        asked.pop("cookies", None)
        try:
            sent = requests.Request(**asked).prepare()
        except (ValueError, UnicodeError):
            return None
        if role != "PUBLIC":
            sent.headers["Authorization"] = f"Bearer {self._token(role)}"
        return sent

    def _token(self, role: str) -> str:
        group = role.partition("_")[0]
        own = self._sides["own"].uscc
        claims = {"ENT": {"org": own}, "CITY": {"city": OWN}, "PROV": {"city": PROVINCE}}
        return self._at.actor(role, **claims.get(group, {})).token


def without_tokens(service: str) -> dict[str, Any]:
    """A service's document, in which no token is generated: ours are right."""
    document = deepcopy(contracts.openapi(service_named(service)))
    document["components"].pop("securitySchemes", None)
    for offered in document["paths"].values():
        for operation in offered.values():
            operation.pop("security", None)
    document.pop("security", None)
    return document


def as_httpx(sent: requests.PreparedRequest) -> httpx.Request:
    headers = [(as_bytes(name), as_bytes(value)) for name, value in sent.headers.items()]
    body = as_bytes(sent.body) if sent.body else None
    return httpx.Request(str(sent.method), str(sent.url), headers=headers, content=body)


def as_bytes(text: Any) -> bytes:
    return text if isinstance(text, bytes) else str(text).encode()


def faults(
    case: Any, sent: requests.PreparedRequest, answer: httpx.Response
) -> Iterator[tuple[str, str]]:
    """Kind and description of what is wrong with an answer. Nothing is away here: 503 is for who
    waits for a position that is not reached, and for nobody else.
    """
    if answer.status_code >= 500 and not (
        answer.status_code == 503 and "min_position" in case.query
    ):
        yield f"answered {answer.status_code}", f"{answer.text}\n{case.as_curl_command()}"
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers.multi_items():
        headers.setdefault(name.lower(), []).append(value)
    told = Response(answer.status_code, headers, answer.content, sent, 0.0, False)
    try:
        case.validate_response(told, checks=CHECKS)
    except FailureGroup as group:
        for each in group.exceptions:
            yield each.title, f"{each}\n{case.as_curl_command()}\n{answer.text[:600]}"


def quiet() -> None:
    """Without a line for each refusal."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
