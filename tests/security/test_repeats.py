"""A repeat is known by its key and by who sent it: one login that acts for two enterprises, or
fills two offices, never gets the one's answer for the other (decision 43).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.demo.people import credit_code
from deploy.demo.performance import contract
from deploy.demo.stage import API
from libs.chassis.http.commands import Doing, command_id
from libs.chassis.identity.access import Reach
from libs.chassis.in_memory import token
from libs.chassis.ports.principal import Principal
from libs.events.application import Command
from libs.events.commands import Done
from libs.events.errors import NotFound
from libs.events.value import Act, Actor
from tests.http.operations import Operation, operations
from tests.in_memory.firm import Firm, open_campaign
from tests.in_memory.installation import ALL, Installation

LOGIN, CLERK = "agent", "ENT_CLERK"
PEOPLE = ("personnel", "/people")
SCANS = {
    "enterprise": "ENT_LICENSE",
    "personnel": "PER_PHOTO",
    "projects": "CON_KEY",
    "assessment": "ASM_PERF",
    "review": "RECT_REPORT",
}
OFFICER = Principal(
    "u-1", ("CITY_OFFICER", "CITY_LEAD"), city="410100", office="design", act_for="u-9"
)


class Agency:
    """Two filed enterprises, for both of which one agent works."""

    def __init__(self, at: Installation) -> None:
        self.at, self.client = at, httpx.Client(transport=at)
        self.first, self.second = (Firm(at, n, f"郑州{n}号设计有限公司") for n in (1, 2))
        for firm in (self.first, self.second):
            firm.file()
            firm.hire()
            firm.project()
        self.campaign = open_campaign(at)

    def body(self, operation: Operation) -> Any:
        """What the first of them begins with it."""
        clerk = self.first.clerk
        if operation.id == "request_upload":
            of_scan = {"scan_type": SCANS[operation.service], "mime": "image/jpeg"}
            return of_scan | {"size": 9, "sha256": "0" * 64}
        if operation.id == "add_project":
            return {"contract": self.first.performance().contract("示范住宅楼")}
        if operation.id == "add_filings":
            return {"type": "PER_INIT", "people": [clerk.do("POST", *PEOPLE, {})["id"]]}
        if operation.id == "send_filings":
            return self._sendable()
        if operation.id == "add_contract":
            leader = next(iter(self.first.staff.people.values()))
            firm = self.first.enterprise
            return contract(self.first.random, self.first.uscc, firm.name, "示范办公楼", leader) | {
                "scans": []
            }
        return {"start_record": {"campaign": self.campaign}}.get(operation.id, {})

    def _sendable(self) -> Any:
        """Somebody's first filing, saved."""
        staff = self.first.staff
        people = {"type": "PER_INIT", "people": [staff.add("赵示范", None, "ARCH")]}
        (filing,) = staff.clerk.do("POST", "personnel", "/filings", people)["filings"]
        path = f"/filings/{filing['id']}/content"
        staff.clerk.do("PUT", "personnel", path, {}, version=filing["version"])
        body = {"filings": [filing["id"]]}
        found = staff.clerk.do("POST", "personnel", "/filings:check", body)["findings"]
        return body | {"acknowledged": [each["rule"] for each in found]}

    def ask(self, uscc: str, operation: Operation, body: Any, key: str) -> httpx.Response:
        """Of the agent, for one of the enterprises."""
        headers = {
            "Authorization": f"Bearer {token(CLERK, LOGIN, org=uscc)}",
            "Idempotency-Key": key,
        }
        url = f"http://{operation.service}{API}{operation.path}"
        return self.client.request(operation.method, url, json=body, headers=headers)

    def owners_since(self, service: str, position: int) -> set[UUID]:
        return {each.owner for each in self.at[service].log.records[position:]}


def begun() -> list[Operation]:
    """Every command of a clerk whose path names no item that could be out of reach."""
    return [
        each
        for each in operations()
        if each.is_command and not each.named("path") and each.row(CLERK)
    ]


@pytest.fixture(scope="module")
def agency() -> Iterator[Agency]:
    with Installation(*ALL) as at:
        yield Agency(at)


@pytest.mark.parametrize("operation", begun(), ids=str)
def test_what_one_enterprise_began_is_not_answered_to_the_other(
    agency: Agency, operation: Operation
) -> None:
    first, second = agency.first, agency.second
    if operation.id == "register_enterprise":  # the enterprise itself is begun
        uscc = credit_code(first.random)
        first = cast(Firm, SimpleNamespace(uscc=uscc))
        body: Any = {"uscc": uscc, "name": "新企业", "supervising_city_code": "410100"}
    else:
        body = agency.body(operation)
    log, key = agency.at[operation.service].log, str(uuid4())

    answer = agency.ask(first.uscc, operation, body, key)
    assert answer.status_code < 300, answer.text
    again = agency.ask(first.uscc, operation, body, key)
    assert (again.headers["Idempotency-Replayed"], again.json()) == ("true", answer.json())

    before = len(log.records)
    other = agency.ask(second.uscc, operation, body, key)
    assert "Idempotency-Replayed" not in other.headers
    if other.status_code < 300:
        assert agency.owners_since(operation.service, before) == {second.id}
        assert other.headers.get("Location") != answer.headers.get("Location")
    else:  # what its body names is the first one's
        assert other.status_code in {404, 422}, other.text
        assert len(log.records) == before


@pytest.mark.parametrize(
    "other",
    [
        replace(OFFICER, sub="u-2"),
        replace(OFFICER, org="91410100EXAMPLE11W"),
        replace(OFFICER, city="410200"),
        replace(OFFICER, office="survey"),
        replace(OFFICER, act_for=None),
    ],
)
def test_a_key_belongs_to_a_user_in_one_place(other: Principal) -> None:
    assert command_id(OFFICER, "CITY_OFFICER", "k") != command_id(other, "CITY_OFFICER", "k")


def test_a_key_belongs_to_a_user_in_one_role() -> None:
    officer, lead = (command_id(OFFICER, role, "k") for role in OFFICER.roles)
    assert officer == command_id(OFFICER, "CITY_OFFICER", "k") != lead


async def test_a_repeat_of_what_is_no_longer_within_reach_is_not_answered() -> None:
    """The enterprise has moved to another city since its officer did it."""
    elsewhere = uuid4()

    async def first_time(*_: Any) -> Done[Any]:
        return Done(SimpleNamespace(owner=elsewhere), 1, 42, replayed=False)

    async def repeated(*_: Any) -> Done[Any]:
        return replace(await first_time(), replayed=True)

    command = Command(Act(by=Actor(user="u-1", role="CITY_OFFICER"), at=datetime.now(UTC)))
    assert (await _doing()(cast(Any, first_time), command)).owner == elsewhere
    with pytest.raises(NotFound):
        await _doing()(cast(Any, repeated), command)


def _doing() -> Doing:
    class Nothing(Reach):
        async def to(self, owner: UUID) -> None:
            raise NotFound

    state = SimpleNamespace(
        runtime=SimpleNamespace(application=None, service=SimpleNamespace(drafts={})),
        ports=SimpleNamespace(service="review"),
    )
    request = SimpleNamespace(
        app=SimpleNamespace(state=state),
        scope={"route": SimpleNamespace(name="decide_case")},
        path_params={},
    )
    reach = Nothing.__new__(Nothing)
    return Doing(cast(Any, request), cast(Any, httpx.Response(200)), reach)
