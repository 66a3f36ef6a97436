"""Replaying: an aggregate from its bytes beside the eventsourcing library's own JSON mapper; a
read model from its log beside row by row.

All replay the same facts of one filing, from registration to approval. Ours makes typed values and
opens personal data, value by value. The library's mapper does the like with a transcoding for each
type of value and its cipher for the whole event (`typed`); and it is given the same facts as plain
JSON, leaves them so and decrypts nothing (`plain`). The read model is that of the enterprise
service, from the same log both times: a batch's changes folded and written together, or row by
row, one statement each.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import asyncpg
from eventsourcing.cryptography import AESCipher
from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.domain import event
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, Transcoding, UUIDAsHex
from eventsourcing.utils import Environment

from benchmarks import report
from benchmarks.servers import log_database
from libs.chassis.replicas.clock import RandomIds
from libs.events.aggregate import STAMPS
from libs.events.application import Cause, Codec
from libs.events.codec import decode
from libs.events.keyring import MemoryKeyRing
from libs.events.personal import Opener, subjects
from libs.events.projection import Projection
from libs.events.projection import digest as digest_of
from libs.events.reader import read_fact
from libs.events.readmodel import Change
from libs.events.rebuild import from_log, rebuilt
from libs.events.records import StoredEvent
from libs.events.value import Act, Value
from libs.filing.content.enterprise import Information
from libs.filing.filing import ReturnedItem
from services.enterprise.main import LISTS
from tests.enterprise.test_enterprise import FILED
from tests.given import AT, id_of

INSERT = "INSERT INTO events VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"


class LibraryFacts(LibraryAggregate):
    """The same facts in the library's own way."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}

    @event("Told")
    def tell(self, facts: dict[str, Any]) -> None:
        self.facts = facts


class DateAsText(Transcoding):
    type, name = date, "date"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class TupleAsList(Transcoding):
    type, name = tuple, "tuple"

    def encode(self, obj: tuple[Any, ...]) -> list[Any]:
        return list(obj)

    def decode(self, data: list[Any]) -> tuple[Any, ...]:
        return tuple(data)


class ValueAsJSON(Transcoding):
    """How a user of the library would store a value object."""

    def __init__(self, kind: type[Value]) -> None:
        self.type, self.name, self._kind = kind, kind.__name__, kind

    def encode(self, obj: Value) -> Any:
        return obj.model_dump(mode="json")

    def decode(self, data: Any) -> Value:
        return self._kind.model_validate(data)


class Library:
    """The stream as the library stores and replays it."""

    def __init__(self, *, typed: bool) -> None:
        transcoder = JSONTranscoder()
        for transcoding in (
            UUIDAsHex(),
            DatetimeAsISO(),
            *([DateAsText(), TupleAsList()] if typed else []),
        ):
            transcoder.register(transcoding)
        for kind in (Act, Information, ReturnedItem) if typed else ():
            transcoder.register(ValueAsJSON(kind))
        environment = Environment("bench", {"CIPHER_KEY": AESCipher.create_key(16)})
        self.mapper = Mapper[UUID](transcoder, cipher=AESCipher(environment) if typed else None)
        aggregate = LibraryFacts()
        for each in FILED:
            aggregate.tell(
                {n: v for n, v in each if n not in STAMPS}
                if typed
                else each.model_dump(mode="json", exclude=STAMPS)
            )
        self.stored = [self.mapper.to_stored_event(each) for each in aggregate.collect_events()]

    def replay(self) -> object:
        aggregate: Any = None
        for each in self.stored:
            told: Any = self.mapper.to_domain_event(each)
            aggregate = told.mutate(aggregate)
        return aggregate


async def one_stream(codec: Codec, stream: UUID, first: int) -> list[StoredEvent]:
    """One enterprise's events from position `first` on."""
    events = [
        each.model_copy(update={"originator_id": stream, "originator_version": n})
        for n, each in enumerate(FILED, 1)
    ]
    filing = uuid5(stream, "filing")
    moved = [
        each.model_copy(update={"filing": filing}) if hasattr(each, "filing") else each
        for each in events
    ]
    made = await codec.encode([(stream, each) for each in moved], Cause(correlation=stream))
    return [
        StoredEvent(first + n, e.stream, e.version, e.type, e.owner, e.data, e.meta, AT)
        for n, e in enumerate(made)
    ]


def rate(once: Callable[[], object], events: int, seconds: float) -> float:
    """Events a second."""
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        once()
        done += events
    return done / spent


def aggregates(
    records: list[StoredEvent], opener: Opener, rounds: int, seconds: float, say: report.Say
) -> dict[str, Any]:
    typed, plain = Library(typed=True), Library(typed=False)

    def ours() -> object:
        aggregate: Any = None
        for r in records:
            aggregate = decode(r.type, r.stream, r.version, r.data, opener).mutate(aggregate)
        return aggregate

    found: dict[str, list[float]] = {"ours": [], "typed": [], "plain": []}
    for number in range(1, rounds + 1):
        for name, once in {"ours": ours, "typed": typed.replay, "plain": plain.replay}.items():
            found[name].append(rate(once, len(FILED), seconds))
        say(
            f"round {number}: "
            + ", ".join(f"{name} {figures[-1]:,.0f} events/s" for name, figures in found.items())
        )

    def ratio(to: str) -> float:
        return round(
            statistics.median(
                own / library for own, library in zip(found["ours"], found[to], strict=True)
            ),
            2,
        )

    return {
        "aggregate_events_per_second": {
            name: round(statistics.median(figures)) for name, figures in found.items()
        },
        "ratio_to_eventsourcing": ratio("typed"),
        "ratio_to_eventsourcing_plain": ratio("plain"),
    }


async def projections(codec: Codec, streams: int, say: report.Say) -> dict[str, Any]:
    log: list[StoredEvent] = []
    for number in range(streams):
        log += await one_stream(codec, id_of(f"enterprise {number}"), len(log) + 1)
    async with log_database() as (_, owner):
        connection = await asyncpg.connect(owner)
        try:
            await connection.executemany(
                INSERT,
                [
                    (r.position, r.stream, r.version, r.type, r.owner, r.data, r.meta, AT)
                    for r in log
                ],
            )
            began = time.perf_counter()
            digest = await rebuilt(connection, LISTS, codec, from_log(connection, len(log)))
            rebuild = time.perf_counter() - began
            await connection.execute(f"TRUNCATE {', '.join(LISTS.tables)}")
            began = time.perf_counter()
            rows = await row_by_row(connection, codec, len(log))
            single = time.perf_counter() - began
            async with connection.transaction():
                assert digest == await digest_of(connection, LISTS)
        finally:
            await connection.close()
    say(
        f"read model: {rows:,} rows of {len(log):,} events rebuilt in {rebuild:.2f} s, row "
        f"by row {single:.2f} s"
    )
    rates = {"rebuild": round(rows / rebuild), "row_by_row": round(rows / single)}
    return {
        "read_model_events": len(log),
        "read_model_rows_per_second": rates,
        "ratio_to_row_by_row": round(single / rebuild, 2),
    }


async def row_by_row(
    connection: "asyncpg.Connection[asyncpg.Record]", codec: Codec, upto: int
) -> int:
    """The rebuild as it would be without folding: one statement a row, in transactions as large."""
    count = 0
    async for batch in from_log(connection, upto):
        facts = [
            (await read_fact(LISTS.kinds[at.type], at, codec), at)
            for at in batch
            if at.type in LISTS.kinds
        ]
        async with connection.transaction():
            for row in (row for fact, at in facts for row in LISTS.changes(fact, at)):
                assert isinstance(row, Change)
                await connection.execute(statement(LISTS, row), *row.values.values())
                count += 1
    return count


def statement(projection: Projection, row: Change) -> str:
    names, key = list(row.values), projection.tables[row.table].key
    places = [f"${n}" for n in range(1, len(names) + 1)]
    if row.action == "put":
        return (
            f"INSERT INTO {row.table} ({', '.join(names)}) VALUES ({', '.join(places)}) ON "
            f"CONFLICT DO NOTHING"
        )
    changes = [
        f"{name} = {place}" for name, place in zip(names, places, strict=True) if name not in key
    ]
    same = [f"{name} = {place}" for name, place in zip(names, places, strict=True) if name in key]
    return f"UPDATE {row.table} SET {', '.join(changes)} WHERE {' AND '.join(same)}"


async def measure(given: argparse.Namespace, say: report.Say) -> dict[str, Any]:
    codec = Codec(MemoryKeyRing(), RandomIds(), {})
    records = await one_stream(codec, id_of("enterprise"), 1)
    opener = await codec.keyring.opener({need for r in records for need in subjects(r.payload)})
    found = aggregates(records, opener, given.rounds, given.seconds, say)
    return found | await projections(codec, given.streams, say)


def main(argv: Sequence[str] | None = None) -> int:
    options = {
        "rounds": (7, "of the aggregates"),
        "seconds": (0.7, "of each measurement"),
        "streams": (800, "enterprises in the log"),
    }
    return report.run("replay", __doc__, argv, options, measure)


if __name__ == "__main__":
    sys.exit(main())
