"""Drafts as they are kept: sealed with the enterprise's key, one for each form of each item, the
last writer's. No event tells of them; 保存 drops them, and so does time.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from libs.events.clock import Clock
from libs.events.grouped import Grouped
from libs.events.keyring import KeyRing
from libs.events.pools import Pool, borrowed, connection_errors

SCHEMA = """
CREATE TABLE drafts (
    enterprise uuid        NOT NULL,
    form       text        NOT NULL,
    id         text        NOT NULL,
    key_number int         NOT NULL,
    sealed     bytea       NOT NULL,
    kept_at    timestamptz NOT NULL,
    PRIMARY KEY (enterprise, form, id)
);
CREATE INDEX drafts_by_age ON drafts (kept_at);
"""
KEEP = """
INSERT INTO drafts (enterprise, form, id, key_number, sealed, kept_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (enterprise, form, id)
DO UPDATE SET key_number = $4, sealed = $5, kept_at = $6
"""
# the oldest go where an enterprise has more than it may
CROWDED_OUT = """
DELETE FROM drafts WHERE enterprise = $1 AND (form, id) IN (
    SELECT form, id FROM drafts WHERE enterprise = $1 ORDER BY kept_at DESC, form, id OFFSET $2)
"""
FIND = """
SELECT key_number, sealed, kept_at FROM drafts
WHERE enterprise = $1 AND form = $2 AND id = $3 AND kept_at > $4
"""
# what most savings drop is not there; several savings at once ask together
DROP = """
DELETE FROM drafts USING unnest($1::uuid[], $2::text[], $3::text[]) AS one (enterprise, form, id)
WHERE (drafts.enterprise, drafts.form, drafts.id) = (one.enterprise, one.form, one.id)
"""
SWEEP = """
DELETE FROM drafts WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM drafts WHERE kept_at <= $1 ORDER BY kept_at LIMIT $2))
"""

MOST = 200  # drafts of one enterprise
STEP = 500  # rows that one statement of a sweep deletes
EVERY = 60.0  # seconds between two sweeps


@dataclass(frozen=True)
class Place:
    """Where a draft belongs: a form of an item of an enterprise. `id` is the item's, or `new`."""

    enterprise: UUID
    form: str
    id: str

    @property
    def purpose(self) -> str:
        """What its seal is bound to, so that it cannot be moved to another place."""
        return f"draft/{self.form}/{self.id}"


@dataclass(frozen=True)
class Draft:
    """`content` as it was typed; `version` of the item from which that began."""

    content: Mapping[str, Any]
    version: int | None
    kept_at: datetime


@dataclass(frozen=True)
class SealedDraft:
    key_number: int
    sealed: bytes
    kept_at: datetime


class DraftTable(Protocol):
    """Rows of sealed drafts."""

    async def put(self, place: Place, row: SealedDraft) -> None: ...
    async def find(self, place: Place, after: datetime) -> SealedDraft | None:
        """The row, if it was kept after this instant."""

    async def drop(self, place: Place) -> None: ...
    async def sweep(self, until: datetime) -> int:
        """Deletes some of those that were kept until this instant; how many."""


class Drafts:
    """`keep`: how long a draft is kept after it was last written."""

    def __init__(self, table: DraftTable, keyring: KeyRing, clock: Clock, keep: timedelta) -> None:
        self._table, self._keyring, self._clock, self._keep = table, keyring, clock, keep

    async def keep(self, place: Place, content: Mapping[str, Any], version: int | None) -> datetime:
        """In the place of the one before; when that was. Raises Unavailable, and ValueError for a
        number that JSON cannot write.
        """
        sealer = (await self._keyring.sealers([place.enterprise]))[place.enterprise]
        text = json.dumps(
            {"content": content, "version": version}, ensure_ascii=False, allow_nan=False
        )
        typed = text.encode(errors="replace")  # half a character is none
        kept_at = self._clock.now()
        sealed = sealer.encrypt(place.purpose, typed)
        await self._table.put(place, SealedDraft(sealer.number, sealed, kept_at))
        return kept_at

    async def find(self, place: Place) -> Draft | None:
        """None where there is none, or its time has passed. Raises Unavailable."""
        row = await self._table.find(place, self._oldest)
        if row is None:
            return None
        opener = await self._keyring.opener([(place.enterprise, row.key_number)])
        typed = json.loads(
            opener.decrypt(place.enterprise, row.key_number, place.purpose, row.sealed)
        )
        return Draft(typed["content"], typed["version"], row.kept_at)

    async def drop(self, place: Place) -> None:
        """Whether or not there is one. Raises Unavailable."""
        await self._table.drop(place)

    async def sweep(self) -> None:
        """Deletes those whose time has passed, some at a time."""
        while await self._table.sweep(self._oldest):
            await asyncio.sleep(0)

    async def follow(self) -> None:
        """Sweeps, until cancelled. Raises Unavailable."""
        while True:
            await self.sweep()
            await asyncio.sleep(EVERY)

    @property
    def _oldest(self) -> datetime:
        return self._clock.now() - self._keep


class PostgresDrafts:
    def __init__(self, pool: Pool) -> None:
        self._pool, self._dropped = pool, Grouped(self._drop)

    async def put(self, place: Place, row: SealedDraft) -> None:
        key = (place.enterprise, place.form, place.id)
        with connection_errors("a draft"):
            async with borrowed(self._pool) as connection:
                await connection.execute(KEEP, *key, row.key_number, row.sealed, row.kept_at)
                await connection.execute(CROWDED_OUT, place.enterprise, MOST)

    async def find(self, place: Place, after: datetime) -> SealedDraft | None:
        key = (place.enterprise, place.form, place.id)
        with connection_errors("a draft"):
            async with borrowed(self._pool) as connection:
                row = await connection.fetchrow(FIND, *key, after)
        return SealedDraft(*row) if row else None

    async def drop(self, place: Place) -> None:
        await self._dropped(place)

    async def _drop(self, places: Sequence[Place]) -> Sequence[None]:
        keys = zip(*((each.enterprise, each.form, each.id) for each in places), strict=True)
        with connection_errors("a draft"):
            async with borrowed(self._pool) as connection:
                await connection.execute(DROP, *keys)
        return [None] * len(places)

    async def sweep(self, until: datetime) -> int:
        with connection_errors("a draft"):
            async with borrowed(self._pool) as connection:
                done = await connection.execute(SWEEP, until, STEP)
        return int(done.rpartition(" ")[2])


class MemoryDrafts:
    """For tests and simulations: the same promises, kept until the process ends."""

    def __init__(self) -> None:
        self.rows: dict[Place, SealedDraft] = {}

    async def put(self, place: Place, row: SealedDraft) -> None:
        self.rows[place] = row
        own = [each for each in self.rows if each.enterprise == place.enterprise]
        own.sort(key=lambda each: self.rows[each].kept_at, reverse=True)
        for each in own[MOST:]:
            del self.rows[each]

    async def find(self, place: Place, after: datetime) -> SealedDraft | None:
        row = self.rows.get(place)
        return row if row and row.kept_at > after else None

    async def drop(self, place: Place) -> None:
        self.rows.pop(place, None)

    async def sweep(self, until: datetime) -> int:
        old = [each for each, row in self.rows.items() if row.kept_at <= until]
        for each in old[:STEP]:
            del self.rows[each]
        return len(old[:STEP])
