"""`replay`: every read model again, from the log and from the topic, beside the live one."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from cyclopts import App

from deploy.embedded.process import StackError
from deploy.installation.differences import Difference, between_rows, first_difference, rows_of
from deploy.installation.installation import EMPTY, Installation, installation
from libs.chassis.service.runtime import Runtime
from libs.events.pools import Connection
from libs.events.reader import Reader
from libs.events.rebuild import from_log, from_topic, live, rebuilt, standing


@dataclass(frozen=True)
class Compared:
    """A read model at one position of its source: digests of the live one and of the two that were
    built again; of its log, where the source's settings are at hand.
    """

    view: str
    source: str
    position: int
    live: str
    log: str | None
    topic: str
    difference: Difference | None = None  # the first

    @property
    def equal(self) -> bool:
        return self.live == self.topic == (self.log or self.topic)


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
    logs, views, parked = asyncio.run(_replay(installation(), view))
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
        print(f"{each.view:32} {each.position:>7} of {each.source:12} {_verdict(each)}")
    if parked:
        print(f"{parked} facts are parked: see ./kaohe parked")
    return 1 if failed else 0


def _verdict(each: Compared) -> str:
    if each.equal:
        return f"live = {'log = ' if each.log else ''}topic   {each.live[:16]}"
    log = f"log {each.log[:8]}, " if each.log else ""
    digests = f"live {each.live[:8]}, {log}topic {each.topic[:8]}"
    return f"DIFFERS: {digests}" + (f"; first in {each.difference}" if each.difference else "")


async def _replay(
    place: Installation, view: str | None
) -> tuple[list[LogBesideTopic], list[Compared], int]:
    async with place.opened() as runtimes:
        logs = [] if view else [await _told(name, each) for name, each in runtimes.items()]
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
        async with place.scratch() as scratch:
            views = [
                await _compared(runtimes, runtime, reader, scratch) for runtime, reader in chosen
            ]
        parked = [
            await runtime.pool.fetchval("SELECT count(*) FROM parked")
            for runtime in runtimes.values()
        ]
        return logs, views, sum(parked)


async def _told(name: str, runtime: Runtime) -> LogBesideTopic:
    head = await runtime.log.head()
    async with runtime.pool.acquire() as connection:
        return LogBesideTopic(name, head, await first_difference(connection, runtime, name, head))


async def _compared(
    runtimes: Mapping[str, Runtime], runtime: Runtime, reader: Reader, scratch: Connection
) -> Compared:
    projection, source, codec = reader.projection, reader.source, runtime.application.codec
    assert projection
    async with runtime.pool.acquire() as connection:
        now = await live(connection, projection, reader.name)
    await scratch.execute(EMPTY)
    told = from_topic(runtime.bus, source, now.position, runtime.verifier(source))
    of_topic = await rebuilt(scratch, projection, codec, told)
    if source not in runtimes:
        return Compared(reader.name, source, now.position, now.digest, None, of_topic)
    async with runtimes[source].pool.acquire() as log:
        await scratch.execute(EMPTY)
        of_log = await rebuilt(scratch, projection, codec, from_log(log, now.position))
        compared = Compared(reader.name, source, now.position, now.digest, of_log, of_topic)
        if not compared.equal:
            found = await _first_difference(runtime, reader, scratch, log)
            found = found or await first_difference(log, runtime, source, now.position)
            compared = replace(compared, difference=found)
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
