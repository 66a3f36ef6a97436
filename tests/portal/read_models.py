"""Services in memory whose read models stand on PostgreSQL, so that their lists answer."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any, Self, TypeVar

import asyncpg

from libs.chassis.in_memory import ServiceInMemory
from libs.chassis.process.migrations import migrate
from libs.events.pools import Pool, open_pool
from tests.in_memory.installation import ALL, Installation, service
from tests.servers import fresh_database

T = TypeVar("T")
SCOPED_ROLE = "kaohe_scoped"  # by which pages that an enterprise asks for are read (decision 55)
EMPTY = """
SELECT format('TRUNCATE %s', string_agg(format('%I', tablename), ', ')) FROM pg_tables
WHERE schemaname = 'public'
AND NOT tablename = ANY ('{events,commands,closed,migrations,projections}')
"""


class ReadModels:
    """Of all services, each in a database of its own. Use it as a context manager."""

    def __init__(self, postgres: str) -> None:
        self._postgres, self._stack, self.runner = postgres, AsyncExitStack(), asyncio.Runner()
        self.pools: dict[str, Pool] = {}

    def __enter__(self) -> Self:
        self.pools = {name: self._run(self._database(name)) for name in ALL}
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stack.aclose())
        self.runner.close()

    def empty(self) -> None:
        """All but what makes them tables of a service; the log in memory is its own."""
        self._run(self._empty())

    async def _empty(self) -> None:
        for pool in self.pools.values():
            await pool.execute(await pool.fetchval(EMPTY))

    def _run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    async def _database(self, name: str) -> Pool:
        dsn = await self._stack.enter_async_context(fresh_database(self._postgres))
        made = service(name)
        await _scoped_role(dsn)
        await migrate(dsn, "kaohe", made.migrations, made.projections)
        pool = await open_pool(dsn, 2)
        self._stack.push_async_callback(pool.close)
        return pool


class InstallationOnPostgres(Installation):
    def __init__(self, read_models: ReadModels) -> None:
        self._read_models = read_models
        super().__init__(*ALL, runner=read_models.runner)

    def _made(self, name: str) -> ServiceInMemory:
        made = ServiceInMemory(service(name), self.setting, pool=self._read_models.pools[name])
        made._ports = replace(made._ports, scoped_role=SCOPED_ROLE)
        return made


async def _scoped_role(dsn: str) -> None:
    """Of the server: whoever else made it made the same."""
    connection = await asyncpg.connect(dsn)
    try:
        with suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            await connection.execute(f"CREATE ROLE {SCOPED_ROLE} NOLOGIN")
    finally:
        await connection.close()
