"""`replay`: every read model again, from the log and from the topic, beside the live one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

import asyncpg
from cyclopts import App

from deploy.cli.differences import Difference, between, between_rows, rows_of
from deploy.cli.places import endpoints
from deploy.cli.runtimes import opened
from deploy.embedded.process import StackError
from deploy.embedded.provision import in_database
from libs.chassis.service.runtime import Runtime
from libs.events.pools import Connection
from libs.events.reader import Reader
from libs.events.rebuild import from_log, from_topic, live, rebuilt, standing
from libs.events.records import StoredEvent

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


@dataclass(frozen=True)
class Compared:
    """A read model at one position of its source: digests of the live one and of the two that were
    built again.
    """

    view: str
    source: str
    position: int
    live: str
    log: str
    topic: str
    difference: Difference | None = None  # the first

    @property
    def equal(self) -> bool:
        return self.live == self.log == self.topic


@dataclass(frozen=True)
class LogBesideTopic:
    """A log beside its topic."""

    service: str
    events: int
    difference: Difference | None = None  # the first

    @property
    def equal(self) -> bool:
        return self.difference is None


def register(app: App) -> None:
    app.command(replay)


def replay(*, check: bool = False, view: str | None = None, json_: bool = False) -> int:
    """Rebuild every read model (or one) from topic and log, and compare digests with the live one;
    fails while anything is parked.
    """
    if not check and not view:
        raise StackError("请写 --check，或 --view 名称", "say --check, or --view NAME")
    told = endpoints()
    logs, views, parked = asyncio.run(_replay(told, view))
    failed = parked or not all(each.equal for each in logs) or not all(each.equal for each in views)
    if json_:
        report = {
            "logs": [asdict(each) | {"equal": each.equal} for each in logs],
            "views": [asdict(each) | {"equal": each.equal} for each in views],
            "parked": parked,
        }
        print(json.dumps(report))
        return 1 if failed else 0
    for log in logs:
        print(
            f"{log.service:32} {log.events:>7} events   topic "
            f"{'equal, byte for byte' if log.equal else f'DIFFERS: {log.difference}'}"
        )
    for each in views:
        verdict = (
            f"live = log = topic   {each.live[:16]}"
            if each.equal
            else f"DIFFERS: live {each.live[:8]}, log {each.log[:8]}, topic {each.topic[:8]}; "
            f"first in {each.difference}"
        )
        print(f"{each.view:32} {each.position:>7} of {each.source:12} {verdict}")
    if parked:
        print(f"{parked} facts are parked: see ./kaohe parked")
    return 1 if failed else 0


async def _replay(
    told: dict[str, Any], view: str | None
) -> tuple[list[LogBesideTopic], list[Compared], int]:
    async with opened(told) as runtimes:
        logs = (
            [] if view else [await _told(name, told, runtime) for name, runtime in runtimes.items()]
        )
        readers = [
            (runtime, reader)
            for runtime in runtimes.values()
            for reader in runtime.service.readers
            if reader.projection
        ]
        chosen = [(runtime, reader) for runtime, reader in readers if view in (None, reader.name)]
        if not chosen:
            raise StackError(
                f"没有读模型 {view}",
                f"there is no read model {view}: one of "
                f"{', '.join(reader.name for _, reader in readers)}",
            )
        async with _scratch(told["postgres"]) as scratch:
            views = [await _compared(told, runtime, reader, scratch) for runtime, reader in chosen]
        parked = [
            await runtime.pool.fetchval("SELECT count(*) FROM parked")
            for runtime in runtimes.values()
        ]
        return logs, views, sum(parked)


async def _told(name: str, told: dict[str, Any], runtime: Runtime) -> LogBesideTopic:
    head = await runtime.log.head()
    connection = await asyncpg.connect(told["services"][name]["database"])
    try:
        found = await first_difference(connection, runtime, name, head)
        return LogBesideTopic(name, head, found)
    finally:
        await connection.close()


async def first_difference(
    connection: Connection, runtime: Runtime, service: str, upto: int
) -> Difference | None:
    """Of log and topic up to a position that both have; None: the same, byte for byte."""
    told = from_topic(runtime.bus, service, upto, runtime.verifier(service))
    log, topic = _flat(from_log(connection, upto)), _flat(told)
    return await between(service, log, topic)


async def _compared(
    told: dict[str, Any], runtime: Runtime, reader: Reader, scratch: Connection
) -> Compared:
    projection, source = reader.projection, reader.source
    assert projection
    async with runtime.pool.acquire() as connection:
        now = await live(connection, projection, reader.name)
    log = await asyncpg.connect(told["services"][source]["database"])
    try:
        await scratch.execute(EMPTY)
        of_log = await rebuilt(
            scratch, projection, runtime.application.codec, from_log(log, now.position)
        )
        await scratch.execute(EMPTY)
        of_topic = await rebuilt(
            scratch,
            projection,
            runtime.application.codec,
            from_topic(runtime.bus, source, now.position, runtime.verifier(source)),
        )
        compared = Compared(reader.name, source, now.position, now.digest, of_log, of_topic)
        if not compared.equal:
            found = await _first_difference(runtime, reader, scratch, log)
            found = found or await first_difference(log, runtime, source, now.position)
            compared = replace(compared, difference=found)
    finally:
        await log.close()
    return compared


async def _first_difference(
    runtime: Runtime, reader: Reader, scratch: Connection, log: Connection
) -> Difference | None:
    """Between the read model, as it stands by now, and what its log makes."""
    projection, codec = reader.projection, runtime.application.codec
    assert projection
    async with (
        runtime.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        upto = await standing(connection, reader.name)
        live_rows = await rows_of(connection, projection)
    await scratch.execute(EMPTY)
    await rebuilt(scratch, projection, codec, from_log(log, upto))
    log_rows = await rows_of(scratch, projection)
    return await between_rows(
        reader.source, projection, codec, live_rows, log_rows, from_log(log, upto)
    )


@asynccontextmanager
async def _scratch(admin: str) -> AsyncIterator[Connection]:
    """A database for as long as it is needed."""
    name = f"replay_{uuid4().hex[:12]}"
    owner = await asyncpg.connect(admin)
    try:
        await owner.execute(f"CREATE DATABASE {name}")
        await owner.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        # tables come and go
        connection = await asyncpg.connect(in_database(admin, name), statement_cache_size=0)
        try:
            yield connection
        finally:
            await connection.close()
            await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await owner.close()


async def _flat(batches: "AsyncIterator[Any]") -> "AsyncIterator[StoredEvent]":
    async for batch in batches:
        for event in batch:
            yield event
