"""Every operation of every service, for each of the ten roles, on what is its own, on what is
another's and on what is not there: the outcome is declared beside the operation (`x-access`), and
the services keep it (decision 34).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.people import credit_code
from deploy.demo.stage import API
from deploy.embedded.places import existing_services
from libs.events.testing.tables import NeedsPostgres
from libs.filing.reference import codes
from tests.http.http_client import Asker, bearer
from tests.http.operations import Operation, operations
from tests.http.scene import OWN, PROVINCE, SHARED, Scene, Side, scene

pytestmark = pytest.mark.slow
ROLES = sorted(codes("role"))
WHOSE = ("own", "foreign", "missing")
AT_HAND = range(200, 500)  # it is there for him; whether it can be done now is another matter
HIDDEN = {401, 403, 404}
STALE = '"999999999"'  # so that what may be changed is not
NAMED = {  # operations that name in the body what they are about: the field, and whose
    "register_enterprise": ("uscc", "uscc"),
    "add_filings": ("people", "person"),
    "check_filings": ("filings", "filing"),
    "send_filings": ("filings", "filing"),
    "add_project": ("contract", "contract"),
    "start_record": ("campaign", "campaign"),
    "check_new_record": ("campaign", "campaign"),
    "decide_cases": ("case", "case"),
    "order_rectification": ("record", "record"),
    "open_publicity": ("records", "record"),
}
# a campaign is nobody's own
EVERYBODYS = {"start_record", "check_new_record", "read_roster", "read_progress"}
STATES = {"from": "round:1", "to": "round:1"}  # of a filing or record, to be compared
OF_THE_CALLER = {"keep_draft", "drop_draft"}  # at every address, a draft of one's own enterprise
OF_A_LIST = {"read_result"}  # PostgreSQL answers it; tests/review/test_results.py asks that
BY_RULE = {"add_project": 422}  # J01 says the same of a foreign contract and of none


@dataclass(frozen=True)
class Cell:
    operation: Operation
    role: str
    whose: str

    def __str__(self) -> str:
        return f"{self.operation.service} {self.operation.id} as {self.role} on {self.whose}"

    @property
    def has_target(self) -> bool:
        if self.operation.id in OF_THE_CALLER | OF_A_LIST:
            return False
        return bool(self.operation.named("path")) or self.operation.id in NAMED

    @property
    def expected(self) -> int | None:
        """The status that hides it; None where it is there for him."""
        rows = [row for row in self.operation.rows if {self.role, "PUBLIC"} & set(row["roles"])]
        if not rows:
            return 401 if self.role == "PUBLIC" else 403
        if not self.has_target or any(self._reaches(row) for row in rows):
            return None
        return BY_RULE.get(self.operation.id, 404)

    def _reaches(self, row: Mapping[str, Any]) -> bool:
        if self.whose == "missing" or row["view"] == "expert":
            return False  # no case of the scene lies before the experts
        if self.whose == "saved":  # an auditor reads filings as they were sent, and all else
            last_sent = row["view"] == "masked" and self.operation.id == "read_filing"
            return row["relation"] != "supervising office" and not last_sent
        is_province = row["relation"] == "supervising office" and self.role.startswith("PROV_")
        return (
            self.whose == "own"
            or row["relation"] == "any"
            or is_province
            or self.operation.id in EVERYBODYS
        )


def cells(service: str) -> Iterator[Cell]:
    yield from (
        Cell(each, role, whose)
        for each in operations()
        if each.service == service
        for role in ROLES
        for whose in WHOSE
    )


class Matrix:
    def __init__(self, asker: Asker, sides: Scene) -> None:
        self._asker, self._sides = asker, sides

    def fault(self, cell: Cell) -> str | None:
        answer = self._ask(cell)
        status, expected = answer.status_code, cell.expected
        right = (
            status in AT_HAND and status not in HIDDEN if expected is None else status == expected
        )
        return (
            None
            if right
            else f"{cell}: {status} instead of {expected or 'an answer'}: {answer.text[:300]}"
        )

    def _ask(self, cell: Cell) -> httpx.Response:
        operation, side = cell.operation, self._sides.get(cell.whose)
        headers = bearer(self._token(cell.role)) | {
            "Idempotency-Key": str(uuid4()),
            "If-Match": STALE,
            "Content-Type": "application/json",
        }
        url = f"{self._asker.system.urls[operation.service]}{API}{self._path(operation, side)}"
        content = json.dumps(self._body(cell, side)) if operation.body is not None else None
        given = {
            name: value
            for name, value in headers.items()
            if value and (operation.method != "GET" or name == "Authorization")
        }
        required = (n for n, each in operation.named("query").items() if each.get("required"))
        query = {name: STATES.get(name, 1) for name in required}
        try:
            return self._asker.client.request(
                operation.method, url, content=content, headers=given, params=query
            )
        except NeedsPostgres:
            return httpx.Response(200)  # so far only those come who have the right

    def _token(self, role: str) -> str:
        group = role.partition("_")[0]
        return self._asker.token(
            role, {"ENT": self._sides["own"].uscc, "CITY": OWN, "PROV": PROVINCE}.get(group, "")
        )

    def _path(self, operation: Operation, side: Side | None) -> str:
        names, collection = (
            operation.named("path"),
            (operation.service, operation.path.split("/")[1].partition(":")[0]),
        )
        known = SHARED.get(collection) or (side or self._sides["own"]).ids.get(collection, {})
        assert names.keys() <= known.keys(), f"the scene has no {collection[1]} for {operation}"
        return operation.path.format(
            **(known if side else {name: _made_up(operation, name, known[name]) for name in names})
        )

    def _body(self, cell: Cell, side: Side | None) -> Any:
        """What the document shows; nothing where it could be done and no version stops it."""
        if found := NAMED.get(cell.operation.id):
            field, whose = found
            return _naming(
                cell.operation.body, field, side.named[whose] if side else _nobodys(whose)
            )
        stopped = cell.expected is not None or "If-Match" in cell.operation.named("header")
        return cell.operation.body if stopped else {}


def _made_up(operation: Operation, name: str, known: str) -> str:
    """Like what is there, and not there."""
    schema = operation.named("path")[name]["schema"]
    if schema.get("format") == "uuid":
        return str(uuid4())
    return {"code": "419999", "n": "1", "step": known, "form": known}.get(name, "nothing")


def _nobodys(whose: str) -> str:
    return credit_code(Random()) if whose == "uscc" else str(uuid4())


def _naming(body: Any, field: str, id: str) -> Any:
    if isinstance(body, list):
        return [_naming(each, field, id) for each in body]
    if not isinstance(body, dict):
        return body
    return {
        name: ([id] if isinstance(value, list) else id)
        if name == field
        else _naming(value, field, id)
        for name, value in body.items()
    }


@pytest.fixture(scope="module")
def matrix(asker_in_memory: Asker) -> Matrix:
    at: Any = asker_in_memory.system
    return Matrix(asker_in_memory, scene(at))


@pytest.mark.parametrize("service", existing_services())
def test_every_role_gets_what_its_row_says_and_nothing_else(matrix: Matrix, service: str) -> None:
    faults = [fault for fault in map(matrix.fault, cells(service)) if fault]
    assert not faults, "\n".join(faults)


def test_there_are_ten_roles_and_every_operation_has_its_rows() -> None:
    assert len(ROLES) == 10
    assert all(each.rows for each in operations())
    assert {role for each in operations() for row in each.rows for role in row["roles"]} == set(
        ROLES
    )
