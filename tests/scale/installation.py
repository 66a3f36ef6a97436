"""Services in memory, their read models on PostgreSQL, every statement counted."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any, TypeVar, cast

import asyncpg
import httpx

from libs.chassis.in_memory import ServiceInMemory
from libs.chassis.process.migrations import migrate
from libs.events.pools import SETTINGS, Connection, Pool
from libs.events.reader import Reader
from libs.events.records import StoredEvent
from tests.http.operations import Operation, operations
from tests.in_memory.installation import ALL, Installation, service
from tests.scale.counted import Counted
from tests.servers import fresh_database

T = TypeVar("T")


class Tables:
    """The read models of all services, each in a database of its own. Use it as a context
    manager.
    """

    def __init__(self, postgres: str) -> None:
        self._postgres, self._stack, self.runner = postgres, AsyncExitStack(), asyncio.Runner()
        self.counted: Mapping[str, Counted] = {}

    def __enter__(self) -> "Tables":
        self.counted = {name: Counted(self.run(self._database(name))) for name in ALL}
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stack.aclose())
        self.runner.close()

    def pool(self, service: str) -> Pool:
        return cast(Pool, self.counted[service])

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    async def _database(self, name: str) -> Connection:
        dsn = await self._stack.enter_async_context(fresh_database(self._postgres))
        made = service(name)
        await migrate(dsn, "kaohe", made.migrations, made.projections)
        settings = SETTINGS | {"statement_timeout": "0", "synchronous_commit": "off"}
        connection: Connection = await asyncpg.connect(dsn, server_settings=settings)
        self._stack.push_async_callback(connection.close)
        return connection


class CountedService(ServiceInMemory):
    """Its tables know who asks: an operation, a reader, an effect."""

    @property
    def counted(self) -> Counted:
        return cast(Counted, self.pool)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.counted.by = question(request)
        answered = await super().answer(request)
        if answered.status_code < 400:
            self.counted.answered.add(str(operation_of(request)))
        return answered

    async def _apply(self, reader: Reader, at: StoredEvent) -> None:
        by, self.counted.by = self.counted.by, f"reader {reader.name}"
        await super()._apply(reader, at)
        self.counted.by = by

    async def take_effect(self) -> bool:
        self.counted.by = f"effects of {self.service.name}"
        return await super().take_effect()


class CountedInstallation(Installation):
    def __init__(self, tables: Tables, *services: str) -> None:
        self._tables = tables
        super().__init__(*services, runner=tables.runner)

    def __exit__(self, *_: object) -> None:
        """The runner is that of the tables."""

    def _made(self, name: str) -> ServiceInMemory:
        return CountedService(service(name), self.setting, pool=self._tables.pool(name))


def operation_of(request: httpx.Request) -> Operation:
    """Raises StopIteration for a request that no service offers."""
    path = request.url.path.removeprefix("/api/v1")
    asked = (request.url.host, request.method)
    offered = [each for each in operations() if (each.service, each.method) == asked]
    plainest_first = sorted(offered, key=lambda each: each.path.count("{"))
    return next(each for each in plainest_first if each.matches(path))


def question(request: httpx.Request) -> str:
    """The operation, and what it is asked for."""
    given = {name: value for name, value in request.url.params.items() if name != "limit"}
    place = ["next page"] if given.pop("cursor", None) else []
    filters = [f"{name}={value}" for name, value in sorted(given.items())]
    return " ".join([str(operation_of(request)), *filters, *place])
