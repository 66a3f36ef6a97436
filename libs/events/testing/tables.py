"""Read models in memory: rows that projections change as they change tables."""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from libs.events.projection import ORDER, Projection, as_text, folded
from libs.events.readmodel import Change, ReadModel, RowStep
from libs.events.rows import row_of
from libs.events.stepping import Stepping, Wanted

Row = Mapping[str, Any]
Key = tuple[Any, ...]
# by what PostgreSQL calls a type, how its values are read from JSON
READ: Mapping[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "text": str,
    "int": int,
    "bigint": int,
    "boolean": bool,
    "numeric": Decimal,
    "date": date.fromisoformat,
    "timestamptz": datetime.fromisoformat,
    "bytea": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "jsonb": lambda value: value,
}
TABLES = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)\b(?!\s*\()")


class NeedsPostgres(Exception):
    """A question in SQL that has no answer in memory: what asks it is tested on PostgreSQL."""


Answer = Callable[..., Iterable[Row]]


@dataclass(frozen=True)
class Asked:
    """A question, and what it was answered."""

    query: str
    arguments: tuple[Any, ...]
    rows: Sequence[Row]


class MemoryTables:
    """In place of a pool. SQL is not run: `answers` has, for the names of the tables that a query
    reads, a function of these tables and the query's arguments that yields its rows.
    """

    def __init__(
        self, projections: Iterable[Projection], answers: Mapping[frozenset[str], Answer]
    ) -> None:
        self._models = {name: model for p in projections for name, model in p.tables.items()}
        self._rows: dict[str, dict[Key, dict[str, Any]]] = {name: {} for name in self._models}
        self._answers = dict(answers)
        self.asked: list[Asked] = []

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Copies of the table's rows, in the order of their keys. Raises KeyError for a table of
        no projection.
        """
        return [dict(row) for _, row in sorted(self._rows[table].items())]

    def apply(self, projection: Projection, changes: Sequence[Change | RowStep]) -> None:
        """What one event changes. Raises ValueError for a row that PostgreSQL would not take, and
        StepFailed.
        """
        stepping = Stepping(projection.tables, changes)
        while stepping.goes_on:
            rows: dict[str, list[Any]] = {}
            for name, keys in stepping.wanted.items():
                rows[name] = self._found(self._models[name], keys)
            stepping.advance(rows)
        for row in folded(projection, stepping.made):
            for each in sorted(row, key=lambda change: ORDER[change.action]):
                self._change(self._models[each.table], each)

    def _found(
        self,
        model: ReadModel[Any],
        wanted: Wanted,
    ) -> list[Any]:
        rows = self._rows[model.name]
        there = [key for key in wanted if key in rows]
        return [row_of(model.row, rows[key]) for key in there]

    def _change(self, model: ReadModel[Any], change: Change) -> None:
        values = _stored(model, change.values)
        key, rows = tuple(values[name] for name in model.key), self._rows[model.name]
        if change.action == "drop":
            rows.pop(key, None)
        elif change.action == "put":
            whole = _defaults(model) | values
            _must_be_whole(model, whole)
            rows[key] = rows.get(key, whole) | values
        elif key in rows:
            rows[key] = rows[key] | values
            _must_be_whole(model, rows[key])

    async def fetch(self, query: str, *arguments: Any, **_: Any) -> list[Row]:
        """Raises NeedsPostgres for a query that reads other tables than any answer is for."""
        tables = frozenset(TABLES.findall(query))
        if tables not in self._answers:
            raise NeedsPostgres(f"of {', '.join(sorted(tables))}:\n{query.strip()}")
        found = list(self._answers[tables](self, *arguments))
        self.asked.append(Asked(query, arguments, found))
        return found

    async def prepare(self, query: str) -> Any:
        """A page of a list. Raises NeedsPostgres."""
        raise NeedsPostgres(query)

    async def fetchrow(self, query: str, *arguments: Any, **_: Any) -> Any:
        return next(iter(await self.fetch(query, *arguments)), None)

    async def fetchval(self, query: str, *arguments: Any, **_: Any) -> Any:
        row = await self.fetchrow(query, *arguments)
        return None if row is None else next(iter(row.values()))

    async def execute(self, _query: str, *_: Any) -> None:
        """A session's settings change nothing here."""

    def terminate(self) -> None:
        """Nobody has it after this, but the next who asks."""

    @asynccontextmanager
    async def acquire(self, **_: Any) -> AsyncIterator["MemoryTables"]:
        yield self


def _stored(model: ReadModel[Any], values: Row) -> dict[str, Any]:
    """Values as the table holds them: written as JSON, read by the columns' types."""
    written = orjson.loads(orjson.dumps(dict(values), default=as_text))
    return {name: _value(model.columns[name], value) for name, value in written.items()}


def _value(column: str, value: Any) -> Any:
    if value is None:
        return None
    type, _, _ = column.partition(" ")
    if type.endswith("[]"):
        return [READ[type.removesuffix("[]")](each) for each in value]
    return READ[type](value)


def _defaults(model: ReadModel[Any]) -> dict[str, Any]:
    return {
        name: column.endswith("true") if " DEFAULT " in column else None
        for name, column in model.columns.items()
    }


def _must_be_whole(model: ReadModel[Any], row: Row) -> None:
    for name, column in model.columns.items():
        if row[name] is None and " NOT NULL" in column:
            raise ValueError(f"{model.name}.{name} has no value, but must have one")
