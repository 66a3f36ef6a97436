"""The projects service alone in memory, its neighbours' facts as given: what its routes answer and
who reaches them. With its neighbours: test_in_memory; lists and races on servers: test_http.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.chassis.in_memory import Answers, ServiceInMemory, token
from libs.events import eventually as waiting
from libs.events.testing.tables import MemoryTables, Row
from libs.published import enterprise, personnel
from services.projects.main import SERVICE
from tests.filing import performance as made
from tests.filing.given import credit_code
from tests.given import ENTERPRISE, USCC, clerk
from tests.in_memory.answers import ANSWERS

CLERK = token("ENT_CLERK", org=USCC)
OTHER_CLERK = token("ENT_CLERK", user="other", org=credit_code(7))
CITY, OTHER_CITY = (token("CITY_OFFICER", city=code) for code in ("410100", "410300"))
CONTRACT = made.contract(scans=()).model_dump(mode="json", exclude_none=True)
STAGE = made.stage().model_dump(mode="json", exclude_none=True)


def saved_people(tables: MemoryTables, owner: UUID, wanted: list[UUID]) -> Iterator[Row]:
    """Of persons who have sent nothing since they were saved."""
    for row in tables.rows("persons"):
        if row["enterprise"] == owner and row["id"] in wanted:
            yield {"id": row["id"], "filed": row["filed"], "data": row["data"], "left_on": None}


class Projects(ServiceInMemory):
    """A registered enterprise without certificates, whose six persons are saved and not filed."""

    def __init__(self) -> None:
        people = frozenset({"persons", "persons_sent"})
        certificates = frozenset({"certificates_filed", "certificates_sent"})
        known: Answers = {people: saved_people, certificates: lambda *_: []}
        super().__init__(SERVICE, answers={**ANSWERS["projects"], **known})

    async def begin(self) -> None:
        await self.hear(
            enterprise.EnterpriseRegistered(
                act=clerk(), uscc=USCC, name="示范", supervising_city_code="410100"
            ),
            stream=ENTERPRISE,
        )
        for person in made.PERSONS.values():
            sealer = (await self.keyring.sealers({person}))[person]
            name = sealer.seal("name", "示范丙")
            content = {"name": name, "categories": ["T"], "hired_on": "2010-01-01"}
            fact = personnel.PersonSaved(act=clerk(), content=content)
            await self.hear(fact, stream=person, owner=ENTERPRISE)

    async def done(
        self, method: str, path: str, body: Any = None, version: int | None = None
    ) -> Any:
        answer = await self.ask(CLERK, method, path, body, version=version)
        assert answer.is_success, answer.text
        return answer.json()

    async def contract(self) -> Any:
        return await self.done("POST", "/contracts", CONTRACT)

    async def project(self) -> Any:
        contract = (await self.contract())["id"]
        content = made.project(contract=contract).model_dump(mode="json", exclude_none=True)
        return await self.done("POST", "/projects", content)


@pytest.fixture
async def projects(monkeypatch: pytest.MonkeyPatch) -> Projects:
    monkeypatch.setattr(waiting, "PAUSE", 0)
    service = Projects()
    await service.begin()
    return service


def rules(answer: httpx.Response | Any, name: str = "errors") -> set[str]:
    found = answer.json() if isinstance(answer, httpx.Response) else answer
    return {each["rule"] for each in found[name]}


async def allowed(projects: Projects, path: str) -> dict[str, bool]:
    check = await projects.done("POST", f"{path}:check")
    return {each["action"]: each["allowed"] for each in check["allowed_actions"]}


async def test_a_contract_is_added_saved_and_listed(projects: Projects) -> None:
    answer = await projects.ask(CLERK, "POST", "/contracts", CONTRACT)
    added = answer.json()
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"2"'
    assert answer.headers["Location"] == f"/api/v1/contracts/{added['id']}"
    (listed,) = projects.rows("contracts")
    assert (listed["id"], listed["contract_no"]) == (UUID(added["id"]), "SJ-2024-001")
    assert (await projects.done("GET", f"/contracts/{added['id']}"))["content"] == added["content"]


async def test_a_project_can_be_chosen_once_it_and_a_stage_are_saved(projects: Projects) -> None:
    contract = await projects.contract()
    added = await projects.done("POST", "/projects", {"contract": contract["id"]})
    assert rules(added, "reasons") == {"STATE", "J03"}
    path = f"/projects/{added['id']}"
    content = made.project(contract=contract["id"]).model_dump(mode="json", exclude_none=True)
    saved = await projects.done("PUT", path, content, added["version"])
    assert rules(saved, "reasons") == {"J03"}
    stage = await projects.ask(CLERK, "POST", f"{path}/stages", STAGE, version=saved["version"])
    assert (stage.status_code, stage.json()["version"]) == (201, 3)
    assert stage.headers["Location"] == f"/api/v1{path}/stages/{stage.json()['id']}"
    assert (await projects.done("GET", path))["selectable"] is True
    assert await allowed(projects, path) == dict.fromkeys(
        ("save", "delete", "add_stage", "choose"), True
    )


async def test_a_stage_warns_of_who_is_not_filed_and_names_them(projects: Projects) -> None:
    project = await projects.project()
    path = f"/projects/{project['id']}/stages"
    stage = await projects.done("POST", path, STAGE, project["version"])
    assert "参与人员“示范丙”尚未备案，请先备案" in {each["zh"] for each in stage["findings"]}
    assert b"\xe7\xa4\xba\xe8\x8c\x83\xe4\xb8\x99" not in b"".join(
        each.data for each in projects.log.records
    )


async def test_a_stage_is_changed_read_and_removed(projects: Projects) -> None:
    project = await projects.project()
    path = f"/projects/{project['id']}/stages"
    stage = await projects.done("POST", path, STAGE, project["version"])
    one = f"{path}/{stage['id']}"
    changed = await projects.done("PUT", one, STAGE | {"deliverable_no": "SJ-01"}, stage["version"])
    assert (await projects.done("GET", one))["content"]["deliverable_no"] == "SJ-01"
    assert [each["id"] for each in (await projects.done("GET", path))["items"]] == [stage["id"]]
    removed = await projects.done("DELETE", one, version=changed["version"])
    assert (removed["stages"], rules(removed, "reasons")) == ([], {"J03"})
    assert (await projects.ask(CLERK, "GET", one)).status_code == 404


async def test_what_no_record_was_sent_with_is_read_by_its_enterprise_alone(
    projects: Projects,
) -> None:
    project = await projects.project()
    for path in (f"/contracts/{project['contract']}", f"/projects/{project['id']}"):
        answers = [await projects.ask(who, "GET", path) for who in (CITY, OTHER_CLERK, OTHER_CITY)]
        assert [each.status_code for each in answers] == [404, 404, 404]
        assert (await projects.ask(CLERK, "GET", path)).status_code == 200
        foreign = await projects.ask(OTHER_CLERK, "DELETE", path, version=2)
        assert foreign.status_code == 404
