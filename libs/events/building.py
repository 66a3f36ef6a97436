"""Builds the next version of a read model beside the one that stands, and swaps it in
(libs/events/versions.py). It follows the source like any reader, under a name of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from libs.events.application import Application
from libs.events.bell import Bell
from libs.events.clock import Clock
from libs.events.errors import Unavailable
from libs.events.pools import Connection, Pool, borrowed, connection_errors
from libs.events.projection import Projection, flush
from libs.events.reader import Applier, Reader
from libs.events.readmodel import Change, RowStep
from libs.events.records import StoredEvent
from libs.events.versions import is_building, layout


class Built(Exception):
    """The next version stands in its place."""


async def build(next: "NextVersion", follow: Callable[["NextVersion"], Awaitable[None]]) -> None:
    """Until cancelled: builds the next version if there is one to build, else nothing."""
    if await next.is_wanted():
        with suppress(Built):
            await follow(next)
    await asyncio.Event().wait()


class NextVersion(Applier):
    """Applies facts to the tables in `building`; raises Built once they stand in their place, and
    Unavailable, which the health page shows, while they say something else than the standing ones.
    """

    def __init__(
        self, reader: Reader, application: Application, pool: Pool, clock: Clock, written: Bell
    ) -> None:
        assert reader.projection
        self._standing, self._projection = reader, reader.projection
        name = f"{reader.name}/{reader.projection.version}"
        next = Reader(name, reader.source, projection=reader.projection)
        super().__init__(next, application, pool, clock, written)

    async def is_wanted(self) -> bool:
        """Whether its tables are made and do not stand in their place yet."""
        with connection_errors("a read model's next version"):
            async with borrowed(self._pool) as connection:
                return await is_building(connection, self._projection)

    async def resume(self) -> None:
        await super().resume()
        await self._swap()

    async def apply(self, batch: Sequence[StoredEvent], next_offset: int) -> None:
        await super().apply(batch, next_offset)
        await self._swap()

    async def store(self) -> None:
        await super().store()
        await self._swap()

    async def _flush(self, connection: Connection, changes: Sequence[Change | RowStep]) -> None:
        await connection.execute("SET LOCAL search_path = building")
        await flush(connection, self._projection, changes)
        await connection.execute("SET LOCAL search_path = public")

    async def _swap(self) -> None:
        """In one transaction, once both stand at the same position; until then nothing."""
        with connection_errors("a read model's next version"):
            async with self._pool.acquire(timeout=2) as connection, connection.transaction():
                if not await self._level(connection):
                    return
                if difference := await unlike(connection, self._projection):
                    raise Unavailable("read model", f"{self.reader.name} differs in {difference}")
                await connection.execute(
                    "SELECT swap_projection($1, $2)",
                    self._projection.name,
                    self._projection.version,
                )
                await connection.execute("DELETE FROM readers WHERE name = $1", self.reader.name)
        raise Built(self.reader.name)

    async def _level(self, connection: Connection) -> bool:
        """Whether both readers, locked here, stand at the same position and nothing is parked."""
        names = [self._standing.name, self.reader.name]
        rows = await connection.fetch(
            "SELECT position FROM readers WHERE name = ANY($1) ORDER BY name FOR UPDATE", names
        )
        parked = await connection.fetchval(
            "SELECT EXISTS (SELECT FROM parked WHERE reader = ANY($1))", names
        )
        return len(rows) == 2 and rows[0] == rows[1] and not parked


async def unlike(connection: Connection, projection: Projection) -> str:
    """The first table whose rows differ in columns that both versions have; empty: none does.
    Columns that the new version means otherwise (`Projection.revised`) are not compared.
    """
    standing = await layout(connection, projection) or {}
    for name, table in sorted(projection.tables.items()):
        both = [
            column
            for column in table.columns
            if column in standing.get(name, ()) and f"{name}.{column}" not in projection.revised
        ]
        if not both:
            continue
        rows = [f"(SELECT {', '.join(both)} FROM {s}.{name})" for s in ("public", "building")]
        differ = (
            f"SELECT EXISTS ({rows[0]} EXCEPT {rows[1]}) OR EXISTS ({rows[1]} EXCEPT {rows[0]})"
        )
        if await connection.fetchval(differ):
            return name
    return ""
