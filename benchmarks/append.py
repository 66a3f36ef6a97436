"""Appends a second: the product's own (version check, command row, meta), raw INSERTs of the same
columns, the eventsourcing library.

Each writer appends one event at a time to a stream of its own and waits for it to be durable. The
three take turns in one run, so that whatever else the machine does meets them alike; a ratio is
the median of the rounds' ratios.
"""

import argparse
import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg

from benchmarks import report
from benchmarks.servers import log_database
from libs.events.codec import canonical
from libs.events.records import CommandRow, NewEvent, NewUnit
from tests.conformance.stage import opened

WRITERS = (1, 4, 16)
RAW = """CREATE TABLE raw_events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_id uuid NOT NULL,
    version int NOT NULL,
    type text NOT NULL,
    owner uuid NOT NULL,
    data bytea NOT NULL,
    meta bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    UNIQUE (stream_id, version)
);"""
INSERT = """
INSERT INTO raw_events (stream_id, version, type, owner, data, meta, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
TYPE = "enterprise.Enterprise.InformationSaved"
DATA = canonical(
    {
        "act": {"at": "2024-09-02T01:00:00Z", "by": {"role": "ENT_CLERK", "user": "clerk"}},
        "information": {"name": "某" * 40},
    }
)
Once = Callable[[UUID, int], Awaitable[Any]]


def _meta() -> bytes:
    return canonical(
        {
            "id": uuid4(),
            "correlation": uuid4(),
            "causation": None,
            "command": uuid4(),
            "trace": "",
            "schema": 1,
            "references": {"lists": "2024.1"},
        }
    )


# made beforehand: to make events is not to append them
METAS = cycle([_meta() for _ in range(1024)])


def meta() -> bytes:
    return next(METAS)


async def rate(writers: int, seconds: float, once: Callable[[int], Once]) -> float:
    """Appends a second of so many writers, each with its own way to append."""
    done, end = [0] * writers, time.perf_counter() + seconds

    async def write(number: int) -> None:
        append, stream, version = once(number), uuid4(), 0
        while time.perf_counter() < end:
            version += 1
            await append(stream, version)
            done[number] += 1

    began = time.perf_counter()
    await asyncio.gather(*(write(number) for number in range(writers)))
    return sum(done) / (time.perf_counter() - began)


async def product(dsn: str, writers: int, seconds: float) -> float:
    # as the metas; an id is the caller's
    commands = iter([uuid4() for _ in range(int(100_000 * seconds) + 1)])

    async with opened(dsn) as stage:

        async def append(stream: UUID, version: int) -> object:
            new = NewEvent(stream, version, TYPE, stream, DATA, meta())
            return await stage.log.append(
                NewUnit(
                    ((stream, version - 1),),
                    (new,),
                    CommandRow(next(commands), b"f" * 32, 200, "", stream, version),
                )
            )

        await append(uuid4(), 1)
        return await rate(writers, seconds, lambda _: append)


async def raw(dsn: str, writers: int, seconds: float) -> float:
    connections = [await asyncpg.connect(dsn) for _ in range(writers)]

    def of(number: int) -> Once:
        async def append(stream: UUID, version: int) -> object:
            now = datetime.now(UTC)
            return await connections[number].execute(
                INSERT, stream, version, TYPE, stream, DATA, meta(), now
            )

        return append

    try:
        return await rate(writers, seconds, of)
    finally:
        for connection in connections:
            await connection.close()


def library(dsn: str, writers: int, seconds: float) -> float:
    """Its ApplicationRecorder, which is blocking: a thread a writer, a pooled connection each."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

    url = urlsplit(dsn)
    with PostgresDatastore(
        dbname=url.path[1:],
        host=url.hostname or "",
        port=str(url.port),
        user=url.username or "",
        password=url.password or "",
        pool_size=writers,
        max_overflow=4,
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="library_events")
        recorder.create_table()
        done, end = [0] * writers, time.perf_counter() + seconds

        def write(number: int) -> None:
            stream, version = uuid4(), 0
            while time.perf_counter() < end:
                version += 1
                recorder.insert_events([StoredEvent(stream, version, TYPE, DATA + meta())])
                done[number] += 1

        threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(done) / (time.perf_counter() - began)


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    found: dict[str, dict[str, list[float]]] = {
        name: {str(n): [] for n in WRITERS} for name in ("product", "raw", "library")
    }
    async with log_database() as (writer, owner):
        connection = await asyncpg.connect(owner)
        await connection.execute(RAW)
        await connection.close()
        for number in range(given.rounds):
            for writers in WRITERS:
                figures = {
                    "raw": await raw(owner, writers, given.seconds),
                    "product": await product(writer, writers, given.seconds),
                    "library": await asyncio.to_thread(library, owner, writers, given.seconds),
                }
                for name, figure in figures.items():
                    found[name][str(writers)].append(figure)
                say(
                    f"round {number + 1}, {writers:2} writers: "
                    + ", ".join(f"{name} {figure:,.0f}/s" for name, figure in figures.items())
                )
    return summary(found)


def summary(found: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    def ratios(to: str) -> dict[str, float]:
        pairs = {n: zip(found["product"][n], found[to][n], strict=True) for n in map(str, WRITERS)}
        return {
            n: round(statistics.median(ours / theirs for ours, theirs in each), 2)
            for n, each in pairs.items()
        }

    per_second = {
        name: {n: round(statistics.median(each)) for n, each in by.items()}
        for name, by in found.items()
    }
    to_raw, to_library = ratios("raw"), ratios("library")
    return {
        "bytes": len(DATA) + len(meta()),
        "events_per_second": per_second,
        "ratio_to_raw_insert": to_raw,
        "ratio_to_eventsourcing": to_library,
        "ratio_to_raw_insert_16": to_raw["16"],
        "ratio_to_eventsourcing_16": to_library["16"],
    }


def main(argv: Sequence[str] | None = None) -> int:
    return report.run(
        "append",
        __doc__,
        argv,
        {"rounds": (9, "of all"), "seconds": (0.7, "of each measurement")},
        measure,
    )


if __name__ == "__main__":
    sys.exit(main())
