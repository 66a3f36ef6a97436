"""Parked facts: what the pure part of a reader could not take, and everything of the same owner
behind it, in order, with its bytes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.pools import Connection, Pool, borrowed
from libs.events.records import StoredEvent

SCHEMA = """
CREATE TABLE IF NOT EXISTS parked (
    reader      text        NOT NULL,
    position    bigint      NOT NULL,
    stream_id   uuid        NOT NULL,
    version     int         NOT NULL,
    type        text        NOT NULL,
    owner       uuid        NOT NULL,
    data        bytea       NOT NULL,
    meta        bytea       NOT NULL,
    recorded_at timestamptz NOT NULL,
    reason      text        NOT NULL,
    parked_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reader, position)
);
"""
COLUMNS = "position, stream_id, version, type, owner, data, meta, recorded_at"


@dataclass(frozen=True)
class ParkedEvent:
    reader: str
    position: int
    type: str
    owner: UUID
    reason: str
    parked_at: datetime


async def park(connection: Connection, reader: str, at: StoredEvent, reason: str) -> None:
    await connection.execute(
        (
            f"INSERT INTO parked (reader, reason, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, "
            f"$8, $9, $10)"
        ),
        reader,
        reason,
        at.position,
        at.stream,
        at.version,
        at.type,
        at.owner,
        at.data,
        at.meta,
        at.recorded_at,
    )


async def release(connection: Connection, reader: str, position: int) -> bool:
    """Whether it was parked still: of two who redrive at once, one takes it."""
    return bool(
        await connection.fetchval(
            "DELETE FROM parked WHERE reader = $1 AND position = $2 RETURNING true",
            reader,
            position,
        )
    )


async def parked_owners(pool: Pool, reader: str) -> Collection[UUID]:
    return {
        row["owner"]
        for row in await pool.fetch("SELECT DISTINCT owner FROM parked WHERE reader = $1", reader)
    }


async def parked_facts(pool: Pool, reader: str, owner: UUID) -> list[StoredEvent]:
    query = f"SELECT {COLUMNS} FROM parked WHERE reader = $1 AND owner = $2 ORDER BY position"
    return [StoredEvent(*row) for row in await pool.fetch(query, reader, owner)]


async def all_parked(pool: Pool) -> list[ParkedEvent]:
    async with borrowed(pool) as connection:
        rows = await connection.fetch(
            "SELECT reader, position, type, owner, reason, parked_at FROM parked ORDER BY "
            "reader, position"
        )
    return [ParkedEvent(*row) for row in rows]
