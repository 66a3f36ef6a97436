"""All five services in one process on PostgreSQL: logs, keys and read models in databases of their
own, routes by ASGI. Between services nothing but a topic is missing: readers read the logs.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, TypeVar, cast
from uuid import UUID

import asyncpg
import httpx
import uvloop

from libs.chassis.in_memory import ServiceInMemory, Setting
from libs.chassis.in_memory.proving import Proving
from libs.chassis.in_memory.served import answer, served
from libs.chassis.process.migrations import migrate
from libs.chassis.service.service import Service
from libs.events import keyring, pools
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Saved, UnitOfWork
from libs.events.errors import Unavailable
from libs.events.keyring import MasterKeys, MemoryKeyRing, PostgresKeyRing
from libs.events.personal import Opener, Sealer
from libs.events.pools import SETTINGS, MeasuredPool, Pool
from libs.events.projection import Projection, flush
from libs.events.reader import Reader, read_fact
from libs.events.records import StoredEvent
from libs.events.store import COLUMNS, Log
from tests.in_memory.answers import ANSWERS
from tests.in_memory.installation import ALL, Installation, service
from tests.servers import fresh_database

T = TypeVar("T")
KEY = bytes(range(32))  # of this bench's own databases, which go with it
PATIENCE = 300.0  # seconds until a database is given up
BATCH = 500  # facts that a projection takes in one transaction
NEXT = f"""SELECT {COLUMNS} FROM events
WHERE position > $1 AND position <= $2 AND type = ANY($3) ORDER BY position LIMIT {BATCH}"""


class PatientKeys(PostgresKeyRing):
    """Asks again where a caller would be told to come later: what is written has no caller."""

    async def sealers(self, subjects: Collection[UUID]) -> dict[UUID, Sealer]:
        while True:
            with suppress(Unavailable):
                return await super().sealers(subjects)

    async def opener(self, needed: Collection[tuple[UUID, int]]) -> Opener:
        while True:
            with suppress(Unavailable):
                return await super().opener(needed)


class Unproved(Proving):
    """As a process has it, which replays nothing to prove what it appended."""

    async def save(self, work: UnitOfWork, about: Aggregate) -> Saved:
        return await Application.save(self, work, about)

    async def prove(self, changed: Sequence[Aggregate]) -> None:
        """Nothing."""


class StandingService(ServiceInMemory):
    def __init__(self, service: Service, setting: Setting, pool: Pool) -> None:
        super().__init__(service, setting, ANSWERS[service.name], pool)
        self.on_disk = Log(pool, self.clock)
        self.log = cast(Any, self.on_disk)
        self.application = Unproved(self.on_disk, self.keyring, self.ids, service.references, pool)
        self.topics[service.name] = self.log

    async def answer_alone(self, request: httpx.Request) -> httpx.Response:
        """As `answer`, before any reader followed."""
        return (await answer(served(self.service), self._ports, self, request))[1]

    async def catch_up(self, pools: Mapping[str, Pool]) -> int:
        """Its projections take what was appended since, many facts at once; its policies take it
        as done, for it was written with what they decide. How many facts were taken.
        """
        taken = 0
        for reader in self.service.readers:
            head = await self.topics[reader.source].head()
            if reader.projection:
                taken += await self._take(reader, reader.projection, pools[reader.source], head)
            self._reached[reader.name] = head
        return taken

    async def _take(self, reader: Reader, projection: Projection, source: Pool, head: int) -> int:
        taken, codec = 0, self.application.codec
        async for batch in between(source, projection, self._reached[reader.name], head):
            facts = [(await read_fact(projection.kinds[at.type], at, codec), at) for at in batch]
            changes = [row for fact, at in facts for row in projection.changes(fact, at)]
            async with self.pool.acquire() as connection, connection.transaction():
                await flush(connection, projection, changes)
            taken += len(batch)
        return taken


async def between(
    source: Pool, projection: Projection, after: int, head: int
) -> AsyncIterator[Sequence[StoredEvent]]:
    """The facts that the projection has a use for."""
    kinds = list(projection.kinds)
    while batch := [StoredEvent(*row) for row in await source.fetch(NEXT, after, head, kinds)]:
        yield batch
        after = batch[-1].position


class Standing(Installation):
    """Use it as a context manager. Nobody waits for an answer here: time is long."""

    def __init__(self, postgres: str) -> None:
        pools.ANSWER = pools.TURN = PATIENCE
        self.postgres, self._stack = postgres, AsyncExitStack()
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.dsns = {name: runner.run(self._database(name)) for name in ALL}
        self.pools = {name: runner.run(self._pool(dsn)) for name, dsn in self.dsns.items()}
        self._keys = runner.run(self._key_ring())
        super().__init__(*ALL, runner=runner)
        self._appenders = [runner.run(self._begun(each)) for each in self.logs.values()]

    def __exit__(self, *_: object) -> None:
        self.run(self._stopped())
        super().__exit__()

    @property
    def standing(self) -> Iterator[StandingService]:
        return (cast(StandingService, each) for each in self.services.values())

    @property
    def logs(self) -> dict[str, Log]:
        return {each.service.name: each.on_disk for each in self.standing}

    @property
    def keys(self) -> PostgresKeyRing:
        return self._keys

    def catch_up(self) -> int:
        """Facts that all projections took; statistics are as autovacuum keeps them."""
        taken = sum(self.run(each.catch_up(self.pools)) for each in self.standing)
        for dsn in self.dsns.values():
            self.run(_analyzed(dsn))
        return taken

    def _made(self, name: str) -> ServiceInMemory:
        self.setting.keys = cast(MemoryKeyRing, self._keys)
        return StandingService(service(name), self.setting, self.pools[name])

    async def _begun(self, log: Log) -> "asyncio.Task[None]":
        return asyncio.create_task(log.run())

    async def _stopped(self) -> None:
        for each in self._appenders:
            each.cancel()
            with suppress(asyncio.CancelledError):
                await each
        await self._stack.aclose()

    async def _empty(self) -> str:
        return await self._stack.enter_async_context(fresh_database(self.postgres))

    async def _database(self, name: str) -> str:
        dsn, made = await self._empty(), service(name)
        await migrate(dsn, "kaohe", made.migrations, made.projections)
        return dsn

    async def _key_ring(self) -> PatientKeys:
        dsn = await self._empty()
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(keyring.SCHEMA)
        finally:
            await connection.close()
        return PatientKeys(await self._pool(dsn), MasterKeys(lambda: [KEY]), KEY)

    async def _pool(self, dsn: str) -> Pool:
        settings = SETTINGS | {"statement_timeout": "0", "lock_timeout": "0"}
        pool = MeasuredPool(
            dsn,
            min_size=8,
            max_size=8,
            timeout=PATIENCE,
            max_inactive_connection_lifetime=0,
            reset=_nothing,
            server_settings=settings,
        )
        await pool
        self._stack.push_async_callback(pool.close)
        return pool


async def _nothing(_: object) -> None:
    """No session state is ever set, as in the services' own pools."""


async def _analyzed(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
