"""A small service for tests of the chassis: enterprises that keep ledgers. It knows no filing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from libs.chassis.app import create_app
from libs.chassis.http.commands import Changing, Commanding, Reply
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import ANY, OFFICE, OWN, Grant, Granted, allow, public
from libs.chassis.identity.auth import Issuer
from libs.chassis.ports.ports import Ports
from libs.events.application import Command
from libs.events.commands import Done
from libs.events.errors import NotFound
from libs.events.refusal import Finding, refuse
from tests.chassis.issuer import AUDIENCE, URL, FakeIssuer

USCC, FOREIGN = "91410100MA3X1B2C3D", "91410200MA3Y4E5F6G"
ID_NUMBER = "410105199001011234"


def enterprise_id(uscc: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"/enterprises/{uscc}")


NONE: Any = None  # no aggregate: nothing is kept

OURS, THEIRS, NOBODYS = enterprise_id(USCC), enterprise_id(FOREIGN), UUID(int=9)


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=10, examples=["租金"])]
    amount: int = 0


@dataclass
class World:
    """What stands behind the service's ports."""

    now: datetime = datetime(2024, 9, 2, 1, tzinfo=UTC)
    cities: dict[UUID, str] = field(default_factory=lambda: {OURS: "410100", THEIRS: "410200"})
    reached: dict[str, int] = field(default_factory=lambda: {"ledgers": 7})
    seen: list[Command] = field(default_factory=list)
    raised: Exception | None = None

    async def supervising_city(self, enterprise: UUID) -> str | None:
        return self.cities.get(enterprise)

    async def positions(self) -> Mapping[str, int]:
        return self.reached


class FixedClock:
    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.now


class Said(NamedTuple):
    zh: str
    en: str


def texts(finding: Finding) -> Said:
    return Said(f"规则{finding.rule}", f"Rule {finding.rule}")


@dataclass
class Now:
    """Whose turn it is: the routes are made once, which takes most of a test's time."""

    world: World = field(default_factory=World)


def routes(now: Now) -> APIRouter:
    router = APIRouter()

    @router.get("/ledgers/{id}")
    async def read_ledger(id: UUID, reach: Granted, reply: Reply) -> dict[str, str]:
        if id not in now.world.cities:
            raise NotFound
        reply.item(17)
        return {"view": reach.view}

    @router.get("/ledgers", dependencies=[CaughtUp])
    async def list_ledgers(reach: Granted, page: Page, state: str | None = None) -> Listed[int]:
        start = page.after(int)
        first = start[0] + 1 if start else 0
        return page.of(
            list(range(first, 5))[: page.fetch], key=lambda n: (str(n),), show=lambda n: n
        )

    @router.post("/ledgers")
    async def open_ledger(
        entry: Entry, command: Commanding, reply: Reply, reach: Granted
    ) -> dict[str, str]:
        await reach.to(enterprise_id(USCC))
        now.world.seen.append(command)
        if now.world.raised:
            raise now.world.raised
        refuse([Finding(rule="E24")] if entry.text == "sent" else [])
        refuse(
            [Finding(rule="E10", pointer="/amount"), Finding(rule="E11")]
            if entry.text == "wrong"
            else []
        )
        reply.done(Done(NONE, 1, 42, 201, f"/ledgers/{OURS}", replayed=len(now.world.seen) > 1))
        return {"role": command.act.by.role}

    @router.put("/ledgers/{id}")
    async def change_ledger(
        id: UUID, entry: Entry, command: Changing, reply: Reply
    ) -> dict[str, list[int] | None]:
        reply.done(Done(NONE, 4, 0))
        return {"expected": None if command.expected is None else sorted(command.expected)}

    @router.get("/results")
    async def read_results() -> list[str]:
        return []

    @router.get("/careless/{id}")
    async def careless(id: UUID) -> dict[str, str]:
        return {"secret": ID_NUMBER}

    return router


ACCESS: list[Grant] = [
    allow("read_ledger", ("ENT_CLERK",), OWN, path="id"),
    allow("read_ledger", ("CITY_OFFICER", "PROV_OFFICER"), OFFICE, path="id", view="sent"),
    allow("read_ledger", ("AUDITOR",), ANY, view="masked"),
    allow("list_ledgers", ("ENT_CLERK", "CITY_OFFICER", "AUDITOR"), ANY),
    allow("open_ledger", ("ENT_CLERK",), OWN),
    allow("change_ledger", ("ENT_CLERK",), OWN, path="id"),
    allow("careless", ("ENT_CLERK",), OWN),
    public("read_results"),
]


def app(world: World, issuer: FakeIssuer, **more: Any) -> FastAPI:
    ports = Ports(
        service="ledgers",
        clock=FixedClock(world),
        verifier=Issuer(URL, AUDIENCE, issuer.client()),
        texts=texts,
        fingerprint_key=b"k" * 32,
        enterprise_id=enterprise_id,
        supervising_city=world.supervising_city,
        positions=world.positions,
        state_rules=frozenset({"E24"}),
    )
    if more:
        return create_app("ledgers", [routes(Now(world))], ACCESS, ports, **more)
    made, now = _made()
    now.world, made.state.ports = world, ports
    return made


@cache
def _made() -> tuple[FastAPI, Now]:
    now = Now()
    return create_app("ledgers", [routes(now)], ACCESS), now


def client(served: FastAPI, token: str | None = None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(served), base_url="http://ledgers", headers=headers
    )
