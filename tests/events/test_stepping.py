"""Steps: rows that change by what they were, counted exactly once, however facts are batched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest

from libs.events.projection import Projection, flush
from libs.events.readmodel import Change, ReadModel, RowStep
from libs.events.records import StoredEvent
from libs.events.stepping import StepFailed
from libs.events.testing.tables import MemoryTables
from libs.published.event import PublishedEvent
from tests.given import clerk

A, B = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class GuestRow:
    id: UUID
    room: str


@dataclass(frozen=True)
class RoomRow:
    room: str
    guests: int = 0
    came: int = 0


guests = ReadModel("guests", GuestRow)
rooms = ReadModel("rooms", RoomRow, key=("room",))
HOTEL = Projection("hotel", [guests, rooms])


class Moved(PublishedEvent):
    TOPIC: ClassVar[str] = "hotel.Moved"
    room: str


@guests.on(Moved)
def _moved(e: Moved, at: StoredEvent) -> Iterator[RowStep]:
    yield guests.step(lambda before: _from(before, at.stream, e.room), id=at.stream)


def _from(before: GuestRow | None, guest: UUID, room: str) -> Iterator[Change | RowStep]:
    if before:
        yield rooms.step(lambda row: _counted(row, before.room, -1), room=before.room)
    if room:
        yield guests.put(GuestRow(guest, room))
        yield rooms.step(lambda row: _counted(row, room, 1), room=room)
    elif before:
        yield guests.drop(id=guest)


def _counted(row: RoomRow | None, room: str, more: int) -> Iterator[Change]:
    row = row or RoomRow(room)
    yield rooms.put(replace(row, guests=row.guests + more, came=row.came + max(more, 0)))


def moved(*moves: tuple[UUID, str]) -> list[Change | RowStep]:
    """What these moves change, in order."""
    at = datetime(2024, 9, 2, tzinfo=UTC)
    return [
        change
        for guest, room in moves
        for change in HOTEL.changes(
            Moved(act=clerk(), room=room),
            StoredEvent(1, guest, 1, Moved.TOPIC, guest, b"", b"", at),
        )
    ]


MOVES = [(A, "red"), (B, "red"), (A, "blue"), (A, "red"), (B, ""), (B, "blue")]
THEN = {"blue": (1, 2), "red": (1, 3)}
BATCHES = [[0, 6], [0, 1, 2, 3, 4, 5, 6], [0, 3, 6], [0, 4, 5, 6]]


def batches(borders: Sequence[int]) -> list[list[Change | RowStep]]:
    return [moved(*MOVES[first:last]) for first, last in pairwise(borders)]


@pytest.mark.parametrize("borders", BATCHES)
def test_every_move_is_counted_once_however_moves_are_batched(borders: list[int]) -> None:
    tables = MemoryTables([HOTEL], {})
    for batch in batches(borders):
        tables.apply(HOTEL, batch)
    assert {row["room"]: (row["guests"], row["came"]) for row in tables.rows("rooms")} == THEN
    assert [(row["id"], row["room"]) for row in tables.rows("guests")] == [(A, "red"), (B, "blue")]


@pytest.mark.servers
@pytest.mark.parametrize("borders", BATCHES)
async def test_postgresql_counts_the_same(database: str, borders: list[int]) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(HOTEL.sql)
        for batch in batches(borders):
            await flush(connection, HOTEL, batch)
        rows = await connection.fetch("SELECT * FROM rooms")
        assert {row["room"]: (row["guests"], row["came"]) for row in rows} == THEN
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "then",
    [
        lambda _: [guests.put(GuestRow(B, "red"))],
        lambda _: [guests.merge(id=A)],
        lambda row: [guests.put(GuestRow(A, row.room))],
    ],
    ids=["another row", "less than a row", "it raises"],
)
def test_a_step_that_fails_says_so(then: Any) -> None:
    tables = MemoryTables([HOTEL], {})
    with pytest.raises(StepFailed, match="guests"):
        tables.apply(HOTEL, [guests.step(then, id=A)])


def test_a_step_needs_the_whole_key_and_nothing_else() -> None:
    with pytest.raises(TypeError, match="a step with"):
        guests.step(lambda _: [], room="red")
