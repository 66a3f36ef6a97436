"""Where a log and its topic, or a read model and what its log makes, first differ: the log, the
position in it, and the field. No value is told, which may be somebody's own.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import Any

import orjson

from libs.chassis.service.runtime import Runtime
from libs.events.application import Codec
from libs.events.pools import Connection
from libs.events.projection import Projection, as_text
from libs.events.reader import read_fact
from libs.events.readmodel import Change, RowStep
from libs.events.rebuild import Batches, from_log, from_topic
from libs.events.records import StoredEvent

MOST = 1000  # different rows that are looked into
Row = Mapping[str, Any]
Place = tuple[str, str]  # a table, and the key of a row in it
BYTES = ("data", "meta")


@dataclass(frozen=True)
class Difference:
    """`position`: of the event, or of the one that last wrote the row; none where no event did."""

    log: str
    position: int | None
    field: str

    def __str__(self) -> str:
        place = "no event" if self.position is None else f"position {self.position}"
        return f"log {self.log}, {place}, field {self.field}"


async def between(
    log: str, ours: AsyncIterator[StoredEvent], theirs: AsyncIterator[StoredEvent]
) -> Difference | None:
    """The first one between a log and its topic; None if they are equal, byte for byte."""
    async for told in theirs:
        kept = await anext(ours, None)
        if kept is None:
            return Difference(log, told.position, "the whole event, which the log has not")
        if kept != told:
            return Difference(log, kept.position, _field(kept, told))
    missing = await anext(ours, None)
    if missing is None:
        return None
    return Difference(log, missing.position, "the whole event, which the topic has not")


def _field(one: StoredEvent, other: StoredEvent) -> str:
    name = next(
        each.name for each in fields(one) if getattr(one, each.name) != getattr(other, each.name)
    )
    if name not in BYTES:
        return name
    ours, theirs = (orjson.loads(getattr(each, name)) for each in (one, other))
    return name + (pointer(ours, theirs) or " (the same values in other bytes)")


def pointer(one: Any, other: Any) -> str:
    """To the first member that differs (RFC 6901); empty where nothing does, or everything."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
    elif isinstance(one, list) and isinstance(other, list):
        pairs = [(str(n), *pair) for n, pair in enumerate(zip_longest(one, other))]
    else:
        return ""
    return next((f"/{name}{pointer(a, b)}" for name, a, b in pairs if a != b), "")


async def rows_of(connection: Connection, projection: Projection) -> dict[Place, Row]:
    """Every row of its tables."""
    found: dict[Place, Row] = {}
    for name, table in sorted(projection.tables.items()):
        query = f"SELECT to_jsonb(t)::text AS row FROM {name} t ORDER BY {', '.join(table.key)}"
        for each in await connection.fetch(query):
            row = orjson.loads(each["row"])
            found[name, key_of(row, table.key)] = row
    return found


async def between_rows(
    log: str,
    projection: Projection,
    codec: Codec,
    live: Mapping[Place, Row],
    rebuilt: Mapping[Place, Row],
    batches: Batches,
) -> Difference | None:
    """Of the rows that differ, the one that was last written first."""
    different = [each for each in {**rebuilt, **live} if live.get(each) != rebuilt.get(each)]
    if not different:
        return None
    written = await _written(projection, codec, set(different[:MOST]), batches)
    first = min(different[:MOST], key=lambda place: written.get(place, 1 << 63))
    table, key = first
    column = pointer(live.get(first), rebuilt.get(first)).partition("/")[2].partition("/")[0]
    return Difference(log, written.get(first), f"{table}[{key}]{'.' * bool(column)}{column}")


async def _written(
    projection: Projection, codec: Codec, places: set[Place], batches: Batches
) -> dict[Place, int]:
    """By row, the position of the last event that wrote it."""
    last: dict[Place, int] = {}
    async for batch in batches:
        for at in batch:
            if at.type in projection.kinds:
                event = await read_fact(projection.kinds[at.type], at, codec)
                for change in projection.changes(event, at):
                    if (place := _place(projection, change)) in places:
                        last[place] = at.position
    return last


def _place(projection: Projection, change: Change | RowStep) -> Place:
    values = orjson.loads(orjson.dumps(dict(change.values), default=as_text))
    return change.table, key_of(values, projection.tables[change.table].key)


def key_of(row: Row, columns: Sequence[str]) -> str:
    return ", ".join(f"{column}={row[column]}" for column in columns)


async def first_difference(
    connection: Connection, runtime: Runtime, service: str, upto: int
) -> Difference | None:
    """Of log and topic up to a position that both have; None: the same, byte for byte."""
    told = from_topic(runtime.bus, service, upto, runtime.verifier(service))
    log, topic = _flat(from_log(connection, upto)), _flat(told)
    return await between(service, log, topic)


async def _flat(batches: AsyncIterator[Any]) -> AsyncIterator[StoredEvent]:
    async for batch in batches:
        for event in batch:
            yield event
