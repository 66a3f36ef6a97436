"""Keys of the subjects of personal data, in a database of their own, wrapped by a master key."""

import os
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from hmac import new as hmac
from typing import Protocol
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from libs.events.codec import canonical
from libs.events.errors import Shredded
from libs.events.grouped import Grouped
from libs.events.kept import Caches, ExpiringCache
from libs.events.personal import NONCE, Opener, Sealer
from libs.events.pools import Connection, Pool, borrowed, connection_errors

SCHEMA = """
CREATE TABLE IF NOT EXISTS subject_keys (
    subject uuid        NOT NULL,
    number  int         NOT NULL,
    wrapped bytea       NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, number)
);

-- whose keys were deleted never gets another; kept by the tables themselves, whoever deletes
CREATE TABLE IF NOT EXISTS shredded_subjects (
    subject     uuid        PRIMARY KEY,
    shredded_at timestamptz NOT NULL DEFAULT now()
);

CREATE OR REPLACE FUNCTION remember_shredded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO shredded_subjects (subject) VALUES (OLD.subject) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION no_key_for_shredded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM shredded_subjects WHERE subject = NEW.subject) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER remember_shredded AFTER DELETE ON subject_keys
FOR EACH ROW EXECUTE FUNCTION remember_shredded();
CREATE OR REPLACE TRIGGER no_key_for_shredded BEFORE INSERT ON subject_keys
FOR EACH ROW EXECUTE FUNCTION no_key_for_shredded();
"""

HELD = 30.0  # seconds for which an opened key is used without asking for it again
HELD_KEYS = 10_000

INSERT = (
    "INSERT INTO subject_keys (subject, number, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
)
NEWEST = (
    "SELECT DISTINCT ON (subject) subject, number, wrapped FROM subject_keys WHERE subject = "
    "ANY($1) ORDER BY subject, number DESC"
)
NEEDED = """SELECT subject, number, wrapped FROM subject_keys
            JOIN unnest($1::uuid[], $2::int[]) AS n(subject, number) USING (subject, number)"""


Name = tuple[UUID, int]  # of a key: its subject and number


class MasterKeys:
    """Wrap the subjects' keys: the newest wraps, all of them open. `read` tells them, the newest
    first, and is asked anew before a key is wrapped and when one does not open: so a new master key
    is taken up while commands run (decision 68).
    """

    def __init__(self, read: Callable[[], Sequence[bytes]]) -> None:
        self._read, self._ciphers = read, [AESGCM(each) for each in read()]

    def wrapped(self, name: Name, key: bytes) -> bytes:
        self._look()
        nonce = os.urandom(NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, key, _bound_to(name))

    def unwrapped(self, name: Name, wrapped: bytes) -> bytes:
        """Raises InvalidTag where none of the master keys wrapped it."""
        found = self._opened(name, wrapped)
        if found is None:
            self._look()
            found = self._opened(name, wrapped)
        if found is None:
            raise InvalidTag
        return found[0]

    def is_newest(self, name: Name, wrapped: bytes) -> bool:
        """Whether the newest master key wrapped it."""
        found = self._opened(name, wrapped)
        return found is not None and found[1] == 0

    def _opened(self, name: Name, wrapped: bytes) -> tuple[bytes, int] | None:
        """The key, and the place of the master key that opened it."""
        for number, cipher in enumerate(self._ciphers):
            with suppress(InvalidTag):
                return cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound_to(name)), number
        return None

    def _look(self) -> None:
        """A file that is being written stays unread."""
        with suppress(OSError, ValueError):
            self._ciphers = [AESGCM(each) for each in self._read()]


def _bound_to(name: Name) -> bytes:
    subject, number = name
    return f"{subject}/{number}".encode()


class KeyRing(Protocol):
    async def sealers(self, subjects: Collection[UUID]) -> dict[UUID, Sealer]:
        """The newest key of each subject, made where there is none: on disk before this returns.
        Raises Shredded for a subject whose keys were deleted.
        """

    async def opener(self, needed: Collection[tuple[UUID, int]]) -> Opener:
        """What opens every value sealed under these keys."""

    def digest(self, *parts: str) -> str:
        """A keyed hash (HMAC-SHA256, hex) by which services compare persons without their numbers;
        the key never rotates.
        """


class PostgresKeyRing:
    """Opened keys are held in memory for HELD seconds: so long after its deletion a key may still
    be used, in any process.
    """

    def __init__(
        self,
        pool: Pool,
        masters: MasterKeys,
        person_key: bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool, self._masters, self._person_key = pool, masters, person_key
        self._clock = clock
        self._opened: ExpiringCache[tuple[UUID, int], bytes] = ExpiringCache(HELD_KEYS, clock)
        self._sealers: ExpiringCache[UUID, Sealer] = ExpiringCache(HELD_KEYS, clock)
        self._ask, self._newest_or_made = Grouped(self._read), Grouped(self._read_or_make)

    @property
    def pool(self) -> Pool:
        return self._pool

    @property
    def caches(self) -> Caches:
        return {"keys": self._opened, "sealing_keys": self._sealers}

    async def sealers(self, subjects: Collection[UUID]) -> dict[UUID, Sealer]:
        """Raises Shredded, as every keyring."""
        held = {each: self._sealers.get(each) for each in subjects}
        found = {subject: sealer for subject, sealer in held.items() if sealer}
        if missing := held.keys() - found.keys():
            found |= await self._newest_or_made(missing)
        if held.keys() - found.keys():
            raise Shredded
        return found

    async def _read_or_make(self, asked: Sequence[Collection[UUID]]) -> list[dict[UUID, Sealer]]:
        until, subjects = self._clock() + HELD, set[UUID]().union(*asked)
        found = await self._newest(subjects)
        if missing := subjects - found.keys():
            rows = [
                (subject, 1, self._masters.wrapped((subject, 1), os.urandom(32)))
                for subject in sorted(missing)
            ]
            async with self._connection() as connection:
                await connection.executemany(INSERT, rows)
            found |= await self._newest(missing)
        for subject, sealer in found.items():
            self._sealers.put(subject, sealer, until)
        return [{each: found[each] for each in one if each in found} for one in asked]

    async def opener(self, needed: Collection[tuple[UUID, int]]) -> Opener:
        held = {each: self._opened.get(each) for each in needed}
        keys = {each: key for each, key in held.items() if key}
        if missing := held.keys() - keys.keys():
            keys |= await self._ask(missing)
        return Opener(keys)

    async def _read(self, asked: Sequence[Collection[Name]]) -> list[dict[Name, bytes]]:
        until, needed = self._clock() + HELD, set[Name]().union(*asked)
        async with self._connection() as connection:
            rows = await connection.fetch(
                NEEDED, [subject for subject, _ in needed], [number for _, number in needed]
            )
        keys = {(row["subject"], row["number"]): self._unwrapped(row) for row in rows}
        for each, key in keys.items():
            self._opened.put(each, key, until)
        return [{name: keys[name] for name in each if name in keys} for each in asked]

    def digest(self, *parts: str) -> str:
        return hmac(self._person_key, canonical(parts), sha256).hexdigest()

    async def _newest(self, subjects: Iterable[UUID]) -> dict[UUID, Sealer]:
        async with self._connection() as connection:
            rows = await connection.fetch(NEWEST, list(subjects))
        return {
            row["subject"]: Sealer(row["subject"], row["number"], self._unwrapped(row))
            for row in rows
        }

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        with connection_errors("keys"):
            async with borrowed(self._pool) as connection:
                yield connection

    def _unwrapped(self, row: asyncpg.Record) -> bytes:
        return self._masters.unwrapped((row["subject"], row["number"]), row["wrapped"])


class MemoryKeyRing:
    """For tests and simulations: the same promises, kept until the process ends."""

    def __init__(self) -> None:
        self._keys: dict[tuple[UUID, int], bytes] = {}

    async def sealers(self, subjects: Collection[UUID]) -> dict[UUID, Sealer]:
        return {s: Sealer(s, 1, self._keys.setdefault((s, 1), os.urandom(32))) for s in subjects}

    async def opener(self, needed: Collection[tuple[UUID, int]]) -> Opener:
        return Opener({key: self._keys[key] for key in needed})

    def digest(self, *parts: str) -> str:
        return sha256(canonical(parts)).hexdigest()
