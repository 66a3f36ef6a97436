"""Projections: pure functions from an event to rows of read models; one flush per batch.

    directory = Projection("directory", {"directory": ("enterprise",)}, SCHEMA)

    @directory.on(Registered)
    def _(event: Registered, at: Recorded) -> Iterator[Row]:
        yield put("directory", enterprise=at.stream, uscc=event.uscc)

A table is fed by exactly one source, so that it can be rebuilt from it alone; joins happen in the
query.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import orjson

from libs.events.pools import Connection
from libs.events.records import Recorded


class Kind(Protocol):
    """A domain event of one's own, or a contract for a neighbour's: whatever names the stored type
    it reads.
    """

    TOPIC: str


E = TypeVar("E")


@dataclass(frozen=True)
class Row:
    """One change of one row: `put` sets the given columns and makes the row if need be, `change`
    needs it, `drop` removes it.
    """

    act: str
    table: str
    values: Mapping[str, Any]


def put(table: str, **values: Any) -> Row:
    return Row("put", table, values)


def change(table: str, **values: Any) -> Row:
    return Row("change", table, values)


def drop(table: str, **key: Any) -> Row:
    return Row("drop", table, key)


Handler = Callable[[Any, Recorded], Iterable[Row]]


class Projection:
    def __init__(self, name: str, tables: Mapping[str, Sequence[str]], schema: str) -> None:
        """`tables`: each with its key columns; `schema`: the SQL that creates them."""
        self.name, self.tables, self.schema = (
            name,
            {table: tuple(key) for table, key in tables.items()},
            schema,
        )
        self.kinds: dict[str, type] = {}
        self._handlers: dict[str, Handler] = {}

    def on(
        self, kind: type[E]
    ) -> Callable[[Callable[[E, Recorded], Iterable[Row]]], Callable[[E, Recorded], Iterable[Row]]]:
        def register(
            handler: Callable[[E, Recorded], Iterable[Row]],
        ) -> Callable[[E, Recorded], Iterable[Row]]:
            topic: str = kind.TOPIC  # type: ignore[attr-defined]
            if topic in self._handlers:
                raise TypeError(f"{self.name} has two functions for {topic}")
            self.kinds[topic], self._handlers[topic] = kind, handler
            return handler

        return register

    def rows(self, event: Any, at: Recorded) -> list[Row]:
        handler = self._handlers.get(at.type)
        return list(handler(event, at)) if handler else []


async def flush(connection: Connection, projection: Projection, rows: Sequence[Row]) -> None:
    """Folds the changes of each row, then writes each table with one statement per set of
    columns.
    """
    folded: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}
    for row in rows:
        key = tuple(row.values[column] for column in projection.tables[row.table])
        folded[row.table, key] = _fold(folded.get((row.table, key), []), row)
    groups: dict[tuple[str, str, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for changes in folded.values():
        for row in changes:
            groups.setdefault((row.act, row.table, tuple(sorted(row.values))), []).append(
                row.values
            )
    for (act, table, columns), values in sorted(
        groups.items(), key=lambda group: ORDER[group[0][0]]
    ):
        await connection.execute(
            _statement(act, table, columns, projection.tables[table]),
            orjson.dumps(values, default=_as_text).decode(),
        )


# a row is left with one act, or with a drop or change and then a put
ORDER = {"drop": 0, "change": 1, "put": 2}


def _fold(before: list[Row], row: Row) -> list[Row]:
    if row.act == "drop" or not before:
        return [row]
    last = before[-1]
    if last.act == "drop":
        return [last, row] if row.act == "put" else before
    # the row may not be there yet: then the change changed nothing
    if (last.act, row.act) == ("change", "put"):
        return [last, row]
    return [*before[:-1], Row(last.act, row.table, {**last.values, **row.values})]


def _as_text(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _statement(act: str, table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    names, given = ", ".join(columns), f"json_populate_recordset(NULL::{table}, $1::json) AS new"
    same = " AND ".join(f"{table}.{column} = new.{column}" for column in key)
    rest = [column for column in columns if column not in key]
    if act == "drop":
        return f"DELETE FROM {table} USING {given} WHERE {same}"
    if act == "change":
        return (
            f"UPDATE {table} SET {', '.join(f'{c} = new.{c}' for c in rest)} FROM {given} WHERE "
            f"{same}"
        )
    update = f"UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in rest)}" if rest else "NOTHING"
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {given} ON CONFLICT "
        f"({', '.join(key)}) DO {update}"
    )


async def digest(connection: Connection, projection: Projection) -> str:
    """SHA-256 over every row of its tables in key order: equal digests, equal read models."""
    total = sha256()
    for table, key in sorted(projection.tables.items()):
        total.update(table.encode())
        async for row in connection.cursor(
            f"SELECT to_jsonb(t)::text AS row FROM {table} t ORDER BY {', '.join(key)}"
        ):
            total.update(row["row"].encode())
    return total.hexdigest()
