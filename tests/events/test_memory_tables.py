"""Rows in memory are the rows that PostgreSQL would hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from libs.events.projection import Projection, flush
from libs.events.readmodel import Change, ReadModel
from libs.events.rows import BigInt, Json
from libs.events.testing.tables import MemoryTables, NeedsPostgres


class Colour(StrEnum):
    RED = "RED"


@dataclass(frozen=True)
class ThingRow:
    id: UUID
    name: str
    place: int = 0
    colour: Colour | None = None
    weight: Decimal | None = None
    many: BigInt | None = None
    day: date | None = None
    at: datetime | None = None
    data: bytes | None = None
    parts: list[str] | None = None
    owners: list[UUID] | None = None
    whole: Json | None = None
    is_new: bool = True


things = ReadModel("things", ThingRow, key=("id", "place"))
PROJECTION = Projection("test.things", [things])
A, B = UUID(int=1), UUID(int=2)
FULL = ThingRow(
    id=A,
    name="甲",
    colour=Colour.RED,
    weight=Decimal("1.50"),
    many=1 << 40,
    day=date(2024, 9, 2),
    at=datetime(2024, 9, 2, 1, tzinfo=UTC),
    data=b"\x00\xff",
    parts=["a", "b"],
    owners=[A, B],
    whole={"of": [B, Decimal("0.1"), date(2024, 9, 2), {"more": None}]},
    is_new=False,
)
EVENTS: dict[str, list[list[Change]]] = {
    "a whole row": [[things.put(FULL)]],
    "a row in place of another": [[things.put(FULL)], [things.put(ThingRow(A, "乙"))]],
    "some columns": [[things.put(FULL)], [things.change(id=A, place=0, name="乙", many=None)]],
    "some columns of no row": [[things.change(id=A, place=0, name="乙")]],
    "nothing but the key": [[things.put(FULL)], [things.change(id=A, place=0)]],
    "a row made of some columns": [[things.merge(id=A, place=1, name="乙")]],
    "some columns merged": [[things.put(FULL)], [things.merge(id=A, place=0, name="乙", many=2)]],
    "a row dropped": [
        [things.put(FULL)],
        [things.drop(id=A, place=0)],
        [things.drop(id=B, place=0)],
    ],
    "dropped and put": [
        [things.put(FULL)],
        [things.drop(id=A, place=0), things.put(ThingRow(A, "乙"))],
    ],
    "put and changed": [[things.put(FULL), things.change(id=A, place=0, name="乙", is_new=True)]],
    "changed and merged": [
        [things.change(id=A, place=0, many=7), things.merge(id=A, place=0, name="乙")],
        [things.change(id=A, place=0, many=8), things.merge(id=A, place=0, name="丙")],
    ],
    "several rows": [
        [things.put(ThingRow(each, "n", place)) for each in (B, A) for place in (2, 1)]
    ],
}
NOT_TAKEN: dict[str, list[list[Change]]] = {
    "a row without what it must have": [[things.merge(id=A, place=1, many=1)]],
    "merged without what it must have": [[things.put(FULL)], [things.merge(id=A, place=0, many=1)]],
    "changed to nothing": [[things.put(FULL)], [things.change(id=A, place=0, name=None)]],
}


def in_memory(events: Sequence[Sequence[Change]]) -> list[dict[str, Any]]:
    tables = MemoryTables([PROJECTION], {})
    for changes in events:
        tables.apply(PROJECTION, changes)
    return tables.rows("things")


async def in_postgres(database: str, events: Sequence[Sequence[Change]]) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(database)
    try:
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=str, decoder=orjson.loads
        )
        await connection.execute(PROJECTION.sql)
        for changes in events:
            await flush(connection, PROJECTION, changes)
        return [
            dict(row) for row in await connection.fetch("SELECT * FROM things ORDER BY id, place")
        ]
    finally:
        await connection.close()


def test_a_row_has_every_column_as_it_was_given() -> None:
    [row] = in_memory(EVENTS["a whole row"])
    whole = row.pop("whole")
    assert ThingRow(**row, whole=FULL.whole) == FULL
    assert whole == {"of": [str(B), "0.1", "2024-09-02", {"more": None}]}


@pytest.mark.parametrize("what", NOT_TAKEN)
def test_what_postgresql_would_not_take_is_refused(what: str) -> None:
    with pytest.raises(ValueError, match="name has no value"):
        in_memory(NOT_TAKEN[what])


async def test_a_question_is_answered_by_the_tables_that_it_reads() -> None:
    def names(tables: MemoryTables, id: UUID) -> list[dict[str, Any]]:
        return [{"name": row["name"]} for row in tables.rows("things") if row["id"] == id]

    tables = MemoryTables([PROJECTION], {frozenset({"things"}): names})
    tables.apply(PROJECTION, [things.put(FULL)])
    query = "SELECT name FROM things WHERE id = $1"
    assert await tables.fetchval(query, A) == "甲"
    assert (await tables.fetchrow(query, B), await tables.fetchval(query, B)) == (None, None)
    assert [each.arguments for each in tables.asked] == [(A,), (B,), (B,)]
    async with tables.acquire(timeout=2) as connection:
        with pytest.raises(NeedsPostgres, match="of others, things"):
            await connection.fetch("SELECT FROM things t LEFT JOIN others USING (id)")


@pytest.mark.servers
@pytest.mark.parametrize("what", EVENTS)
async def test_postgresql_holds_the_same(database: str, what: str) -> None:
    assert await in_postgres(database, EVENTS[what]) == in_memory(EVENTS[what])


@pytest.mark.servers
@pytest.mark.parametrize("what", NOT_TAKEN)
async def test_postgresql_refuses_the_same(database: str, what: str) -> None:
    with pytest.raises(asyncpg.NotNullViolationError):
        await in_postgres(database, NOT_TAKEN[what])
