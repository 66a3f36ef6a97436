"""One service's log on a real database, with a role that may only write it, and units to put into
it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg

from libs.chassis.process.migrations import migrate
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.chassis.service.service import KERNEL_TABLES
from libs.events.codec import canonical
from libs.events.pools import Pool, open_pool
from libs.events.projection import Projection
from libs.events.records import CommandRow, NewEvent, NewUnit
from libs.events.store import Log

PASSWORD = "a-test"
IDS = RandomIds()


@dataclass
class Stage:
    """A log with its appender running; `dsn` is the writer's, `owner` the one that made the
    tables.
    """

    dsn: str
    owner: str
    pool: Pool
    log: Log


def in_place_of(
    dsn: str,
    *,
    netloc: str | None = None,
    port: int | None = None,
    user: str | None = None,
    password: str = PASSWORD,
) -> str:
    url = urlsplit(dsn)
    who = f"{user}:{password}" if user else (url.netloc.rpartition("@")[0])
    where = netloc or f"{url.hostname}:{port or url.port or 5432}"
    return urlunsplit(url._replace(netloc=f"{who}@{where}"))


async def prepare(owner: str, *projections: Projection) -> str:
    """Makes the tables in an empty database; DSN of a role that writes the log and cannot change
    it.
    """
    writer = f"writer_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute(f"CREATE ROLE {writer} LOGIN PASSWORD '{PASSWORD}'")
    finally:
        await connection.close()
    await migrate(owner, writer, KERNEL_TABLES, projections)
    return in_place_of(owner, user=writer)


async def forget(owner: str, writer_dsn: str) -> None:
    """Drops the writer's role; its database may live on."""
    connection = await asyncpg.connect(owner)
    try:
        writer = urlsplit(writer_dsn).username
        await connection.execute(f"DROP OWNED BY {writer}; DROP ROLE {writer}")
    finally:
        await connection.close()


@asynccontextmanager
async def opened(dsn: str, owner: str = "", size: int = 8) -> AsyncIterator[Stage]:
    pool = await open_pool(dsn, size)
    log = Log(pool, SystemClock())
    appender = asyncio.create_task(log.run())
    try:
        yield Stage(dsn, owner, pool, log)
    finally:
        appender.cancel()
        with suppress(asyncio.CancelledError):
            await appender
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await pool.close()
        pool.terminate()


@asynccontextmanager
async def staged(owner: str, *projections: Projection) -> AsyncIterator[Stage]:
    dsn = await prepare(owner, *projections)
    try:
        async with opened(dsn, owner) as stage:
            yield stage
    finally:
        await forget(owner, dsn)


def meta() -> bytes:
    return canonical(
        {
            "id": IDS.new(),
            "correlation": IDS.new(),
            "causation": None,
            "command": None,
            "trace": "",
            "schema": 1,
            "references": {},
        }
    )


def event(
    stream: UUID,
    version: int,
    owner: UUID | None = None,
    type: str = "test.Thing.Done",
    **facts: Any,
) -> NewEvent:
    return NewEvent(stream, version, type, owner or stream, canonical(facts), meta())


def command(id: UUID, stream: UUID, version: int, fingerprint: bytes = b"f") -> CommandRow:
    return CommandRow(id, fingerprint, 200, "", stream, version)


def unit(
    stream: UUID,
    before: int,
    count: int = 1,
    *,
    owner: UUID | None = None,
    id: UUID | None = None,
    **facts: Any,
) -> NewUnit:
    """`count` events for one stream after version `before`."""
    events = tuple(event(stream, before + n, owner, **facts) for n in range(1, count + 1))
    return NewUnit(((stream, before),), events, command(id, stream, before + count) if id else None)


def together(*units: NewUnit) -> NewUnit:
    row: Sequence[CommandRow] = [each.command for each in units if each.command]
    return NewUnit(
        tuple(p for u in units for p in u.expected),
        tuple(e for u in units for e in u.events),
        row[-1] if row else None,
    )


def now() -> datetime:
    return datetime.now(UTC)


async def everything(pool: Pool) -> list[asyncpg.Record]:
    return list(await pool.fetch("SELECT * FROM events ORDER BY position"))


async def assert_whole(pool: Pool) -> int:
    """Positions from 1 without a gap, versions of each stream likewise and in the same order, one
    owner a stream. Returns the head.
    """
    rows = await everything(pool)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    versions: dict[UUID, int] = {}
    owners: dict[UUID, UUID] = {}
    for row in rows:
        stream = row["stream_id"]
        assert row["version"] == versions.get(stream, 0) + 1
        assert owners.setdefault(stream, row["owner"]) == row["owner"]
        versions[stream] = row["version"]
    return len(rows)
