"""Who is behind an account. Services keep pseudonyms and never a name (libs/events/value.py); the
issuer tells the name at sign-in, and the portal keeps it, sealed, to show it beside what was done.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from libs.events.pools import Pool, borrowed, connection_errors

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id bytea PRIMARY KEY,
    data bytea NOT NULL,
    office text NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS accounts_by_office ON accounts (office, seen_at);
"""
KEPT = timedelta(days=3 * 365)  # after the last sign-in
NONCE = 12
MOST = 200  # officers of an office


@dataclass(frozen=True)
class Person:
    """`org`: whose clerk, none of an officer's."""

    sub: str
    name: str
    org: str | None = None


class Accounts:
    def __init__(self, pool: Pool, key: bytes) -> None:
        self._pool, self._cipher = pool, AESGCM(key)

    async def learn(self, user: Mapping[str, Any]) -> None:
        """Whoever signs in, as the issuer names them. Raises Unavailable."""
        sub, nonce = str(user["sub"]), secrets.token_bytes(NONCE)
        told = {name: user.get(name) for name in ("sub", "name", "org")}
        sealed = self._cipher.encrypt(nonce, json.dumps(told).encode(), _id(sub))
        with connection_errors("a name"):
            async with borrowed(self._pool) as connection:
                await connection.execute(
                    "INSERT INTO accounts (id, data, office, seen_at) VALUES ($1, $2, $3, $4) "
                    "ON CONFLICT (id) DO UPDATE SET data = $2, office = $3, seen_at = $4",
                    _id(sub),
                    nonce + sealed,
                    user.get("city") or "",
                    datetime.now(UTC),
                )

    async def find(self, subs: Iterable[str]) -> list[Person]:
        """Those of them that have signed in before. Raises Unavailable."""
        asked = sorted({_id(each) for each in subs})
        if not asked:
            return []
        with connection_errors("names"):
            async with borrowed(self._pool) as connection:
                rows = await connection.fetch(
                    "SELECT id, data FROM accounts WHERE id = ANY($1::bytea[])", asked
                )
        return [self._opened(row["id"], row["data"]) for row in rows]

    async def of_office(self, office: str) -> list[Person]:
        """The officers of a unit, whoever signed in last first. Raises Unavailable."""
        with connection_errors("names"):
            async with borrowed(self._pool) as connection:
                rows = await connection.fetch(
                    "SELECT id, data FROM accounts WHERE office = $1 "
                    "ORDER BY seen_at DESC LIMIT $2",
                    office,
                    MOST,
                )
        return [self._opened(row["id"], row["data"]) for row in rows]

    async def sweep(self) -> None:
        """Forgets who has not signed in for long."""
        with connection_errors("names"):
            await self._pool.execute(
                "DELETE FROM accounts WHERE seen_at < $1", datetime.now(UTC) - KEPT
            )

    def _opened(self, id: bytes, sealed: bytes) -> Person:
        text = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bytes(id)).decode()
        return Person(**json.loads(text))


def _id(sub: str) -> bytes:
    return sha256(sub.encode()).digest()
