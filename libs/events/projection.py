"""Projections: read models that one source feeds, through pure functions; one flush per batch.

    lists = Projection("enterprise.lists", [enterprises, filings])

A table is fed by exactly one source, so that it can be rebuilt from it alone; joins happen in the
query. What changes in a table, or in what its functions make of the past, gives the projection the
next version: then it is built anew beside the one that stands (libs/events/versions.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from libs.events.pools import Connection
from libs.events.readmodel import Change, ReadModel, RowStep
from libs.events.records import StoredEvent
from libs.events.rows import row_of
from libs.events.stepping import Stepping, Wanted

Layout = Mapping[str, Collection[str]]  # columns by table


class Projection:
    def __init__(
        self,
        name: str,
        models: Sequence[ReadModel[Any]],
        *,
        version: int = 1,
        revised: Collection[str] = (),
    ) -> None:
        """`name` is data: the key of what the database knows of it. `version` counts from 1;
        `revised`: columns ("filings.status") that this version fills otherwise than the one before,
        so that they are not compared when it takes its place.
        """
        self.name, self.version, self.revised = name, version, frozenset(revised)
        self.tables = {model.name: model for model in models}

    @property
    def kinds(self) -> dict[str, type]:
        """By stored type, the class that reads it: whatever one of its read models has a function
        for.
        """
        models = self.tables.values()
        return {topic: kind for model in models for topic, kind in model.kinds.items()}

    @property
    def sql(self) -> str:
        """What creates its tables, in an empty schema."""
        return "".join(model.sql for model in self.tables.values())

    @property
    def sha256(self) -> str:
        return sha256(self.sql.encode()).hexdigest()

    def changes(self, event: Any, at: StoredEvent) -> list[Change | RowStep]:
        """What an event changes in all of its read models."""
        return [each for model in self.tables.values() for each in model.changes(event, at)]


async def flush(
    connection: Connection,
    projection: Projection,
    changes: Sequence[Change | RowStep],
    layout: Layout | None = None,
) -> None:
    """Takes the steps, folds the changes of each row, then writes each table with one statement per
    set of columns. `layout`: the tables as they stand, where they are those of an earlier version:
    what they lack is left out. Raises StepFailed.
    """
    tables = projection.tables if layout is None else layout
    made = await _stepped(connection, projection, changes, tables)
    there = [each for each in made if each.table in tables]
    for (action, table, columns), rows in _groups(folded(projection, there), layout):
        key = projection.tables[table].key
        if action == "change" and set(columns) <= set(key):
            continue
        await connection.execute(_statement(action, table, columns, key), _json(rows), len(rows))


async def _stepped(
    connection: Connection,
    projection: Projection,
    changes: Sequence[Change | RowStep],
    tables: Collection[str],
) -> Sequence[Change]:
    """`tables`: those that stand; in the others no row is there."""
    stepping = Stepping(projection.tables, changes)
    while stepping.goes_on:
        rows: dict[str, list[Any]] = {}
        for name, keys in stepping.wanted.items():
            if name in tables:
                model = projection.tables[name]
                rows[name] = await _rows(connection, model, keys)
        stepping.advance(rows)
    return stepping.made


async def _rows(
    connection: Connection,
    model: ReadModel[Any],
    wanted: Wanted,
) -> list[Any]:
    keys = list(wanted.values())
    given = _given(model.name)
    same = _same(model.name, model.key)
    found = await connection.fetch(
        f"SELECT {model.name}.* FROM {model.name}, {given} WHERE {same}",
        _json(keys),
        len(keys),
    )
    return [row_of(model.row, dict(each)) for each in found]


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows, default=as_text).decode()


def folded(projection: Projection, changes: Sequence[Change]) -> list[list[Change]]:
    """What is left of the changes, by row: one, or a drop or change and then a put."""
    rows: dict[tuple[str, tuple[Any, ...]], list[Change]] = {}
    for each in changes:
        key = each.table, tuple(each.values[name] for name in projection.tables[each.table].key)
        rows[key] = _fold(rows.get(key, []), each)
    return list(rows.values())


# a row is left with one change, or with a drop or change and then a put
ORDER = {"drop": 0, "change": 1, "put": 2}
Group = tuple[tuple[str, str, tuple[str, ...]], list[Mapping[str, Any]]]


def _groups(
    rows: Iterable[list[Change]],
    layout: Layout | None,
) -> list[Group]:
    """Rows that one statement writes: same action, same table, same columns."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for changes in rows:
        for each in changes:
            values = each.values
            if layout is not None:
                there = layout[each.table]
                values = {name: value for name, value in values.items() if name in there}
            columns = tuple(sorted(values))
            written = each.action, each.table, columns
            groups.setdefault(written, []).append(values)
    return sorted(groups.items(), key=lambda group: ORDER[group[0][0]])


def _fold(before: list[Change], new: Change) -> list[Change]:
    if new.action == "drop" or not before:
        return [new]
    last = before[-1]
    if last.action == "drop":
        return [last, new] if new.action == "put" else before
    # the row may not be there yet: then the change changed nothing
    if (last.action, new.action) == ("change", "put"):
        return [last, new]
    return [*before[:-1], Change(last.action, new.table, {**last.values, **new.values})]


def as_text(value: Any) -> str:
    """What JSON has no type for, as PostgreSQL reads it from a text."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _statement(
    action: str,
    table: str,
    columns: Sequence[str],
    key: Sequence[str],
) -> str:
    names = ", ".join(columns)
    given, same = _given(table), _same(table, key)
    rest = [column for column in columns if column not in key]
    if action == "drop":
        return f"DELETE FROM {table} USING {given} WHERE {same}"
    if action == "change":
        changed = ", ".join(f"{column} = new.{column}" for column in rest)
        return f"UPDATE {table} SET {changed} FROM {given} WHERE {same}"
    update = f"UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in rest)}" if rest else "NOTHING"
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {given} "
        f"ON CONFLICT ({', '.join(key)}) DO {update}"
    )


def _given(table: str) -> str:
    # the limit tells the planner how many rows there are: it takes 100 for granted, and reads the
    # whole of a small table to change one
    return f"(SELECT * FROM json_populate_recordset(NULL::{table}, $1::json) LIMIT $2) AS new"


def _same(table: str, key: Sequence[str]) -> str:
    return " AND ".join(f"{table}.{column} = new.{column}" for column in key)


async def digest(connection: Connection, projection: Projection) -> str:
    """SHA-256 over every row of its tables in key order: equal digests, equal read models."""
    total = sha256()
    for name, table in sorted(projection.tables.items()):
        total.update(name.encode())
        async for row in connection.cursor(
            f"SELECT to_jsonb(t)::text AS row FROM {name} t ORDER BY {', '.join(table.key)}"
        ):
            total.update(row["row"].encode())
    return total.hexdigest()
