"""One service in memory, or several that read each other."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import httpx
import orjson

from libs.chassis.drafts.drafts import Drafts, DraftTable, MemoryDrafts, PostgresDrafts
from libs.chassis.http.commands import API
from libs.chassis.identity.auth import invalid
from libs.chassis.in_memory.proving import Proving
from libs.chassis.in_memory.served import answer, served
from libs.chassis.in_memory.setting import MemoryObjects, Setting
from libs.chassis.ports.ports import Ports
from libs.chassis.ports.principal import Principal
from libs.chassis.replicas.clock import RandomIds
from libs.chassis.replicas.directory import Directory
from libs.chassis.replicas.revoked import left_of
from libs.chassis.scans.parser.pool import Parser
from libs.chassis.service.resources import Resources
from libs.chassis.service.service import Service
from libs.events.application import Cause, Command, UnitOfWork
from libs.events.codec import canonical
from libs.events.envelope import KafkaRecord
from libs.events.inbox import Inbox
from libs.events.pools import Pool
from libs.events.projection import Projection, flush
from libs.events.reader import SYSTEM, Reader, reaction, read_fact
from libs.events.readmodel import Change, RowStep
from libs.events.records import NewEvent, NewUnit, StoredEvent
from libs.events.testing.log import MemoryLog
from libs.events.testing.tables import Answer, MemoryTables, Row
from libs.events.value import Act
from libs.published.event import PublishedEvent

Answers = Mapping[frozenset[str], Answer]
NO_ANSWERS: Answers = MappingProxyType({})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
ALL = 1 << 31
ROLE_OF_ASKERS = "of an asker"  # tables in memory know no roles; a database has its own


class ServiceInMemory:
    """It stands where routes expect the runtime. After every request and every fact that was heard,
    all readers have followed; effects wait for `take_effect`. SQL is not run: `answers` has, for
    the tables that a question reads, what answers it; a list raises NeedsPostgres. With a `pool`,
    read models are kept in its database too, which has their tables, and SQL is run there.
    """

    def __init__(
        self,
        service: Service,
        setting: Setting | None = None,
        answers: Answers = NO_ANSWERS,
        pool: Pool | None = None,
    ) -> None:
        self.service, self.setting = service, setting or Setting()
        self.clock, self.keyring, self.ids = self.setting.clock, self.setting.keys, RandomIds()
        bucket = SimpleNamespace(bucket=service.name)
        self.settings = SimpleNamespace(profile="dev", mail=None, s3=bucket)
        self.log = MemoryLog(self.clock)
        self.objects = MemoryObjects(service.name, self.setting.buckets)
        self.tables = MemoryTables(service.projections, {**KERNEL_ANSWERS, **answers})
        self.pool = pool or cast(Pool, self.tables)
        self.application = Proving(self.log, self.keyring, self.ids, service.references, self.pool)
        # of each service that it follows: the log itself, or what stands for its topic
        self.topics = {each.source: MemoryLog(self.clock) for each in service.readers}
        self.topics[service.name] = self.log
        self.neighbours: list[ServiceInMemory] = []
        self.answered = Counter[tuple[str, int]]()  # by operation and status
        self._reached = {each.name: 0 for each in service.readers}
        self._effected: dict[str, int] = {}
        self._ports = self._made_ports()

    @property
    def _in_memory(self) -> bool:
        return self.pool is cast(Pool, self.tables)

    @cached_property
    def drafts(self) -> Drafts:
        """In its database, if it has one."""
        table: DraftTable = MemoryDrafts() if self._in_memory else PostgresDrafts(self.pool)
        return Drafts(table, self.keyring, self.clock, timedelta(days=30))

    @cached_property
    def _inboxes(self) -> list[Inbox]:
        return [each() for each in self.service.inboxes]

    def _made_ports(self) -> Ports:
        return Ports(
            service=self.service.name,
            clock=self.clock,
            verifier=self,
            texts=self.service.texts,
            fingerprint_key=bytes(32),
            enterprise_id=self.service.enterprise_id,
            supervising_city=Directory(self.pool).supervising_city,
            positions=self._positions,
            left_of=left_of(self.pool, fresh=0, followed=self.service.has_list("reference")),
            state_rules=self.service.state_rules,
            told=self.service.told,
            silent=self.service.silent,
            scoped_role=ROLE_OF_ASKERS if self._in_memory else None,
        )

    @property
    def parser(self) -> Parser:
        return self.setting.parser

    # What happened

    @property
    def types(self) -> list[str]:
        """Of all its events, in order, without the service's name."""
        return [each.type.partition(".")[2] for each in self.log.records]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Of one of its read models, in the order of their keys."""
        return self.tables.rows(table)

    def published(self, topic: str) -> list[KafkaRecord]:
        """What its relay puts on a topic, besides the whole log on its own."""
        (route,) = (each for each in self.service.routes if each.topic == topic)
        records = [route.record(each) for each in self.log.records]
        return [record for record in records if record]

    # What happens

    async def ask(
        self,
        token: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> httpx.Response:
        """The answer to a request; `path` is below /api/v1, `token` empty for anybody."""
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        if method != "GET":
            sent["Idempotency-Key"] = str(uuid4())
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        url = f"http://{self.service.name}{API}{path}"
        return await self.answer(httpx.Request(method, url, json=body, headers={**sent, **headers}))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Raises what the service did not expect, NeedsPostgres among it."""
        operation, answered = await answer(served(self.service), self._ports, self, request)
        self.answered[operation, answered.status_code] += 1
        await self.settle()
        return answered

    async def hear(
        self, fact: PublishedEvent, *, stream: UUID, owner: UUID | None = None
    ) -> StoredEvent:
        """Tells it a fact of a neighbour that is not in memory. A new stream's owner is the stream
        itself, if none is given. Raises ValueError for a neighbour that is in memory.
        """
        source = fact.TOPIC.partition(".")[0]
        if source in {each.service.name for each in (self, *self.neighbours)}:
            raise ValueError(f"{source} tells its facts itself")
        topic = self.topics[source]
        known = await topic.stream(stream)
        version, owner = len(known), known[0].owner if known else owner or stream
        data, meta = fact.model_dump_json().encode(), self._meta()
        event = NewEvent(stream, version + 1, fact.TOPIC, owner, data, meta)
        await topic.append(NewUnit(((stream, version),), (event,)))
        await self.settle()
        return topic.records[-1]

    async def receive(self, record: KafkaRecord) -> None:
        """Somebody else's record lies in its inbox, of which there is one."""
        (inbox,) = self._inboxes
        await self.carry_out(lambda work: inbox.receive(work, record))

    async def carry_out(self, decide: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Appends what is decided in the unit of work, as the system itself."""
        work = UnitOfWork(self.application, Command(Act(by=SYSTEM, at=self.clock.now())))
        await decide(work)
        await self._append(work, Cause(self.ids.new()))
        await self.settle()

    async def take_effect(self) -> bool:
        """Carries out its effects for all that happened since the last time; whether there were
        any.
        """
        acted = False
        for effects in self.service.effects(cast(Resources, self)):
            for at in await self.log.read(self._effected.get(effects.name, 0), ALL):
                acted |= await effects.act(self.application, at)
                self._effected[effects.name] = at.position
        await self.settle()
        return acted

    async def settle(self) -> None:
        """Until all readers, its own and its neighbours', have followed. Raises AssertionError if
        an aggregate was not what its stored bytes make.
        """
        services = (self, *self.neighbours)
        while any([await each.follow() for each in services]):
            pass
        for each in services:
            each.application.must_replay()

    async def follow(self) -> bool:
        """One round of its own readers: whether there was anything to read."""
        return any([await self.advance(each) > 0 for each in self.service.readers])

    def is_behind(self, reader: Reader) -> bool:
        return self._reached[reader.name] < len(self.topics[reader.source].records)

    async def advance(self, reader: Reader, most: int = ALL) -> int:
        """Lets one of its readers take the next facts; how many there were."""
        facts = await self.topics[reader.source].read(self._reached[reader.name], most)
        for at in facts:
            await self._apply(reader, at)
            self._reached[reader.name] = at.position
        return len(facts)

    async def _apply(self, reader: Reader, at: StoredEvent) -> None:
        """One fact, as a reader takes it; what it cannot take is raised, not parked."""
        if at.type not in reader.kinds:
            return
        event = await read_fact(reader.kinds[at.type], at, self.application.codec)
        if reader.projection:
            await self._project(reader.projection, reader.projection.changes(event, at))
        if reader.policy:
            work = UnitOfWork(self.application, Command(Act(by=SYSTEM, at=at.recorded_at)))
            with reaction(reader, at) as cause:
                await reader.policy.react(work, event, at)
            await self._append(work, cause)

    async def _project(self, projection: Projection, changes: Sequence[Change | RowStep]) -> None:
        self.tables.apply(projection, changes)
        if not isinstance(self.pool, MemoryTables):
            async with self.pool.acquire() as connection:
                await flush(connection, projection, changes)

    async def _append(self, work: UnitOfWork, cause: Cause) -> None:
        expected, changed = work.expected(), work.changed
        if expected:
            events = await self.application.codec.encode(work.collect(), cause)
            await self.log.append(NewUnit(expected, events))
            await self.application.prove(changed)

    # What routes and ports ask

    async def verify(self, token: str) -> Principal:
        """Whom it speaks for. Raises Stopped (401) for what `token` has not made."""
        claims = dict(parse_qsl(token))
        if not claims.keys() >= {"sub", "role"}:
            raise invalid()
        return Principal(claims.pop("sub"), (claims.pop("role"),), **claims)

    async def _positions(self) -> Mapping[str, int]:
        reached: dict[str, int] = {}
        for reader in self.service.readers:
            position = self._reached[reader.name]
            reached[reader.source] = min(position, reached.get(reader.source, position))
        return reached

    def _meta(self) -> bytes:
        ids = {"id": self.ids.new(), "correlation": self.ids.new(), "causation": None}
        return canonical(ids | {"command": None, "trace": "", "schema": 1, "references": {}})


def connected(*services: ServiceInMemory) -> None:
    """From now on the log of each is delivered to the readers of the others. Raises ValueError for
    services of different settings, and for one that was told another's facts already.
    """
    if len({id(each.setting) for each in services}) > 1:
        raise ValueError("services of different settings cannot read each other")
    for one in services:
        for other in (each for each in services if each is not one):
            name = other.service.name
            if name in one.topics and one.topics[name].records:
                raise ValueError(f"{one.service.name} was told facts of {name} already")
            one.topics[name] = other.log
            one.neighbours.append(other)


def directory(tables: MemoryTables, enterprise: UUID) -> list[Row]:
    return [row for row in tables.rows("directory") if row["enterprise"] == enterprise]


def reference(tables: MemoryTables, kind: str, code: str | None = None) -> list[Row]:
    """One item, or all of a kind with their codes."""
    told: list[Row] = [
        {"code": row["code"], "item": orjson.dumps(row["item"]).decode()}
        for row in tables.rows("reference")
        if row["kind"] == kind and code in (None, row["code"])
    ]
    return [{"item": row["item"]} for row in told] if code else [*told]


def sent_scans(tables: MemoryTables, scan: UUID) -> list[Row]:
    return [row for row in tables.rows("sent_scans") if row["scan"] == scan]


KERNEL_ANSWERS: Answers = {
    frozenset({"sent_scans"}): sent_scans,
    frozenset({"directory"}): directory,
    frozenset({"reference"}): reference,
}
