"""What was only saved is its enterprise's alone: whoever sees what was sent gets the same answers
before and after it was saved, at every operation (domain book 6).
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import asyncpg
import pytest

from deploy.demo import assessment, performance, scans
from deploy.demo.filing import DemoEnterprise
from deploy.demo.people import credit_code, information
from deploy.demo.stage import API
from libs.chassis.in_memory.service import ServiceInMemory
from libs.events.aggregate import types_of
from libs.events.pools import Connection
from libs.events.testing.tables import NeedsPostgres, Row
from libs.filing import visibility
from services.assessment.records.domain.record import Record
from services.enterprise.information.domain import Enterprise
from services.personnel.people.domain.person import Person
from tests.http.http_client import Asker, bearer
from tests.http.operations import Operation, operations
from tests.http.scene import OWN, PROVINCE, SHARED, YEAR, Side, scene
from tests.in_memory.installation import ALL, Installation
from tests.in_memory.installation import service as service_named
from tests.in_memory.operations import lists
from tests.in_memory.test_answers import fill
from tests.security.test_access_matrix import ROLES, Cell, Matrix
from tests.servers import fresh_database

pytestmark = pytest.mark.slow
CANARY = "金丝雀"
SEEING = ("CITY_OFFICER", "CITY_LEAD", "PROV_OFFICER", "PROV_LEAD", "EXPERT", "SYS_ADMIN", "PUBLIC")
KEPT = {  # what is only saved, or begun and left; a new type is told or kept on purpose
    "enterprise.Enterprise.EnterpriseInfoSaved",
    "enterprise.Enterprise.LegacyFilingFetched",
    "enterprise.Enterprise.FilingSaved",
    "personnel.Person.PersonSaved",
    "personnel.Person.FilingSaved",
}
LISTS = {name for each in ALL for name in lists(service_named(each))}
# how many have begun and not sent, of a city: counts alone (decision 51)
COUNTS = "read_progress"
OPERATORS = {"read_parked", "read_refused_records"}  # where and why, nothing that was typed
QUERIES = {
    "q": (CANARY, "示范"),
    "status": ("DRAFT", "SAVED", "GENERATED", "WITHDRAWN", "APPROVED"),
    "round": ("1", "2"),
    "generation": ("1", "2"),
    "filed": ("true", "false"),
    "selectable": ("true", "false"),
    "from": ("approved", "draft", "generation:1"),
    "to": ("approved", "draft", "round:2", "generation:1", "generation:2"),
}
STATES = {"from": "round:1", "to": "round:1"}  # of what is compared
Ids = Mapping[tuple[str, str], Mapping[str, str]]
Answer = tuple[int, str | None, str]  # status, ETag, body


class Canary:
    """Everything that a clerk can save beside what was sent, and leave so. `ids`: of what is new,
    as paths name it, by service and collection.
    """

    def __init__(self, at: Installation, side: Side) -> None:
        """What anybody may see by then: another campaign, another enterprise that is registered."""
        self.at, self.side = at, side
        self.ids: dict[tuple[str, str], dict[str, str]] = {}
        province = at.reviewer("PROV_OFFICER").actor
        year = YEAR | {"year": 2023, "title": "2023年度动态考核"}
        campaign = province.do("POST", "assessment", "/campaigns", year)
        path = f"/campaigns/{campaign['id']}"
        province.do("POST", "assessment", f"{path}:open", version=campaign["version"])
        self.campaign = str(campaign["id"])
        self.other = self._registered("新注册勘察有限公司")
        self.other.page["basic"]["name"] = f"{CANARY}勘察有限公司"
        self.withdrawn = self._registered("已撤回勘察有限公司")
        self.filing = self._sent_and_withdrawn(self.withdrawn)

    def _registered(self, name: str) -> DemoEnterprise:
        uscc = credit_code(self.side.random)
        clerk = self.at.actor("ENT_CLERK", org=uscc)
        firm = DemoEnterprise(clerk, uscc, name, information(self.side.random, uscc, name))
        firm.register()
        return firm

    def _sent_and_withdrawn(self, firm: DemoEnterprise) -> str:
        firm.fill_in()
        path = firm.add("ENT_INIT")
        firm.save(path)
        firm.send(path)
        firm.clerk.do("POST", "enterprise", f"{path}:withdraw", version=firm.version)
        firm.waits_for(path, "WITHDRAWN")
        return path

    @property
    def known(self) -> list[Ids]:
        """What the authority knows of besides, and will go on knowing as it was."""
        filing = self.filing.rpartition("/")[2]
        return [
            {("assessment", "campaigns"): {"id": self.campaign}},
            {("enterprise", "enterprises"): {"id": self.other.id}},
            {("enterprise", "enterprises"): {"id": self.withdrawn.id, "filing": filing}},
        ]

    def sing(self) -> None:
        self._change_enterprise()
        self._change_people()
        self._change_performance()
        self._begin_record()
        self._fill_in_another()
        for service, type in (
            ("enterprise", "ENT_LICENSE"),
            ("personnel", "PER_LABOUR"),
            ("projects", "CON_KEY"),
            ("assessment", "ASM_PERF"),
            ("review", "RECT_REPORT"),
        ):
            data = scans.pdf(type, CANARY)
            scan = self.side.clerk.upload(service, type, data, "application/pdf")
            self.ids[service, "scans"] = {"scan": scan["scan"]}

    def _change_enterprise(self) -> None:
        firm = self.side.enterprise
        path = firm.add("ENT_CHANGE")
        content = firm.state(path)["content"]
        content["basic"] |= {"name": f"{CANARY}设计有限公司", "supervising_city_code": "410300"}
        firm.save(path, content)
        self.ids["enterprise", "enterprises"] = {
            "id": firm.id,
            "filing": path.rpartition("/")[2],
            "n": "1",
        }

    def _change_people(self) -> None:
        staff, clerk = self.side.staff, self.side.clerk
        filing = staff.change("赵示范", major=CANARY)
        self.ids["personnel", "filings"] = {"filing": filing}
        added = staff.add(CANARY, None, "ARCH")
        begun = clerk.do("POST", "personnel", "/filings", {"type": "PER_INIT", "people": [added]})
        (drafted,) = begun["filings"]
        clerk.do(
            "PUT",
            "personnel",
            f"/filings/{drafted['id']}/content",
            {},
            version=drafted["version"],
        )
        self.ids["personnel", "people"] = {"id": added}

    def _change_performance(self) -> None:
        """What was sent is saved again, and there is more of it."""
        clerk, sent = self.side.clerk, self.side.ids
        contract = f"/contracts/{sent['projects', 'contracts']['id']}"
        known = clerk.get("projects", contract)
        content = known["content"] | {"client_name": CANARY}
        clerk.do("PUT", "projects", contract, content, version=known["version"])
        page = clerk.get("enterprise", self.side.enterprise.path)["information"]
        made = performance.Performance(
            clerk,
            self.side.enterprise.id,
            self.side.uscc,
            self.side.enterprise.name,
            [self.side.person],
            str(page["certificates"][0]["items"][0]["id"]),
        )
        added = made.contract(CANARY)
        project = made.project(added, CANARY)
        stage = made.stage(project)
        self.ids["projects", "contracts"] = {"id": added}
        self.ids["projects", "projects"] = {"id": project, "stage": str(stage["id"])}

    def _begin_record(self) -> None:
        """Of another year: chosen and generated, not sent."""
        record = assessment.DemoRecord(self.side.clerk, self.side.uscc)
        record.start(self.campaign, "enterprise/1")
        record.fill_in([self.ids["projects", "projects"]["id"]])
        record.generate()
        self.ids["assessment", "records"] = {"id": record.id, "step": "people"}

    def _fill_in_another(self) -> None:
        self.other.fill_in()
        self.other.save(self.other.add("ENT_INIT"))
        self.withdrawn.page["basic"]["name"] = f"{CANARY}勘察有限公司"
        self.withdrawn.save(self.filing, self.withdrawn.page)


class Reader:
    """Asks every operation that changes nothing, as everybody who sees only what was sent."""

    def __init__(self, asker: Asker, side: Side) -> None:
        self._asker, self._side = asker, side

    def answers(self, lists: bool, ids: Ids | None = None) -> dict[str, Answer]:
        """By request; `ids`: of the items, else those of the side."""
        return {
            f"{role} GET {operation.service}{path}": answer
            for operation in operations()
            if operation.method == "GET" and operation.id not in {*OPERATORS, COUNTS}
            for role in SEEING
            if operation.row(role)
            for path in self._paths(operation, ids)
            if (answer := self._ask(operation, role, path, lists))
        }

    def _paths(self, operation: Operation, ids: Ids | None) -> Iterator[str]:
        collection = operation.service, operation.path.split("/")[1]
        named = operation.named("path")
        known = (ids or {**self._side.ids, **SHARED}).get(collection, {})
        if not named.keys() <= known.keys() or (ids is not None and not named):
            return
        path, asked = operation.path.format(**known), operation.named("query")
        required = {
            name: STATES.get(name, "1") for name, each in asked.items() if each.get("required")
        }
        wider = required | ({"limit": "200"} if "limit" in asked else {})
        yield f"{path}?{urlencode(wider)}"
        for name in asked.keys() & QUERIES.keys():
            for value in QUERIES[name]:
                yield f"{path}?{urlencode(wider | {name: value})}"

    def _ask(self, operation: Operation, role: str, path: str, lists: bool) -> Answer | None:
        """None for a list where only items are asked for, and the other way round."""
        group = role.partition("_")[0]
        place = {"CITY": OWN, "PROV": PROVINCE}.get(group, "")
        headers = bearer(self._asker.token(role, place))
        url = f"{self._asker.system.urls[operation.service]}{API}{path}"
        given = {name: value for name, value in headers.items() if value}
        in_sql = operation.id in LISTS
        if in_sql is not lists:
            return None
        answer = self._asker.client.get(url, headers=given)
        # a refusal says by which request it came to be
        said = "" if answer.is_error and CANARY not in answer.text else answer.text
        return answer.status_code, answer.headers.get("ETag"), said


@dataclass
class Played:
    """Before and after something was saved."""

    canary: Canary
    reader: Reader
    lists: bool
    before: dict[str, Answer]

    @property
    def answers(self) -> dict[str, Answer]:
        """As they are now."""
        found = self.reader.answers(self.lists)
        for ids in self.canary.known:
            found |= self.reader.answers(self.lists, ids)
        return found


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    with Installation(*ALL) as at:
        yield play(at, lists=False)


def play(at: Installation, *, lists: bool) -> Played:
    side = scene(cast(Any, at))["own"]
    canary, reader = Canary(at, side), Reader(Asker(at, at), side)
    played = Played(canary, reader, lists, {})
    played.before = played.answers
    canary.sing()
    return played


def test_the_authority_gets_the_same_answers_after_something_was_saved(played: Played) -> None:
    after = played.answers
    assert {name for name in after if after[name] != played.before[name]} == set()
    assert len(after) > 200
    assert any(status == 200 for status, _, _ in after.values())


def test_what_was_only_saved_is_not_there_for_the_authority(played: Played) -> None:
    found = played.reader.answers(lists=False, ids=played.canary.ids)
    seen = {name for name, (status, _, text) in found.items() if CANARY in text}
    there = {name for name, (status, _, _) in found.items() if status != 404}
    assert (seen, len(found) > 60) == (set(), True)
    assert {name for name in there if "/enterprises/" not in name} == set()


OF_A_ROUND = {"compare_filing", "compare_generations"}  # of which there is none yet, for anybody


def saved_cells(ids: Ids) -> Iterator[Cell]:
    """Of every operation that names what was only saved; the firm itself is there all the time."""
    for each in operations():
        collection = each.service, each.path.split("/")[1].partition(":")[0]
        named = each.named("path").keys()
        if not named or not named <= ids.get(collection, {}).keys():
            continue
        if collection[1] == "enterprises" and "filing" not in named:
            continue
        cells = [Cell(each, role, "saved") for role in ROLES]
        yield from (cell for cell in cells if cell.expected or each.id not in OF_A_ROUND)


def test_nor_can_anybody_but_its_enterprise_do_anything_about_it(played: Played) -> None:
    """Commands too, as each of the ten roles; auditors see everything."""
    canary, at = played.canary, played.canary.at
    saved = SimpleNamespace(ids=canary.ids)
    sides = {"own": canary.side, "saved": cast(Side, saved)}
    matrix, cells = Matrix(Asker(at, at), sides), list(saved_cells(canary.ids))
    assert len(cells) > 300
    assert [fault for fault in map(matrix.fault, cells) if fault] == []


@pytest.mark.servers
def test_lists_are_the_same_after_something_was_saved(postgres: str) -> None:
    with OnPostgres(postgres) as at:
        played = play(at, lists=True)
        after = played.answers
    changed = {name for name in after if after[name] != played.before[name]}
    assert changed == set()
    assert not any(CANARY in text for _, _, text in after.values())
    side = played.canary.side
    for service, collection in (("projects", "contracts"), ("projects", "projects")):
        listed = after[f"CITY_OFFICER GET {service}/{collection}?limit=200"][2]
        assert side.ids[service, collection]["id"] in listed  # as it was sent


def test_of_every_event_it_is_decided_whether_the_authority_knows_it() -> None:
    named = {*visibility.ALWAYS, *visibility.OF_FILINGS, *visibility.TAKEN, visibility.STEP}
    assert named | KEPT == set(types_of(Enterprise, Person, Record))
    assert not named & KEPT


class OnPostgres(Installation):
    """What no answer in memory is for is asked of PostgreSQL, on the rows that stand then."""

    def __init__(self, postgres: str) -> None:
        super().__init__(*ALL)
        self._postgres = postgres
        self._databases: dict[str, tuple[Mapping[str, int], Connection]] = {}
        self._opened: list[tuple[fresh_database, Connection]] = []
        for made in self.services.values():
            made.tables.fetch = partial(self._fetch, made, made.tables.fetch)  # type: ignore[method-assign]
            made.tables.prepare = partial(self._prepare, made)  # type: ignore[method-assign]

    async def _fetch(
        self,
        service: ServiceInMemory,
        in_memory: Callable[..., Awaitable[list[Row]]],
        query: str,
        *arguments: Any,
        **_: Any,
    ) -> list[Row]:
        try:
            return await in_memory(query, *arguments)
        except NeedsPostgres:
            return await self._asked(service, query, *arguments)

    async def _prepare(self, service: ServiceInMemory, query: str) -> Any:
        return SimpleNamespace(fetch=partial(self._asked, service, query))

    async def _asked(self, service: ServiceInMemory, query: str, *arguments: Any) -> list[Row]:
        connection = await self._filled(service)
        return [dict(row) for row in await connection.fetch(query, *arguments)]

    async def _filled(self, service: ServiceInMemory) -> Connection:
        """A database with the service's rows, filled again when its readers have moved on."""
        name, reached = service.service.name, dict(service._reached)
        known, connection = self._databases.get(name, (None, None))
        if connection is None:
            place = fresh_database(self._postgres)
            connection = await asyncpg.connect(await place.__aenter__())
            self._opened.append((place, connection))
        if known != reached:
            await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            await fill(connection, service)
            self._databases[name] = reached, connection
        return connection

    def __exit__(self, *error: object) -> None:
        for place, connection in self._opened:
            self._runner.run(connection.close())
            self._runner.run(place.__aexit__())
        super().__exit__(*error)
