"""Server-side sessions. The browser holds a random number and nothing else; what is kept under its
hash is sealed with a key that the database does not have.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from libs.chassis.process.rights import settle
from libs.chassis.process.settings import Database
from libs.events.pools import Connection, Pool, borrowed, connection_errors

SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id bytea PRIMARY KEY,
    data bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_end ON sessions (expires_at);
"""
IDLE = timedelta(minutes=30)  # without a request
TOUCHED = timedelta(minutes=1)  # how much of that may pass before it is written down
NONCE = 12
OWNER = b"owner of a form"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Session:
    """`data`: what is kept; `token`: what the browser holds."""

    token: str
    data: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime = LONG_AGO
    _as_loaded: str = ""

    @classmethod
    def new(cls) -> "Session":
        return cls(secrets.token_urlsafe(32), {"csrf": secrets.token_urlsafe(24)})

    @property
    def id(self) -> bytes:
        return sha256(self.token.encode()).digest()

    @property
    def csrf(self) -> str:
        return str(self.data["csrf"])

    @property
    def is_signed_in(self) -> bool:
        return "tokens" in self.data

    @property
    def is_kept(self) -> bool:
        """Whether it was written down before."""
        return bool(self._as_loaded)

    def meet(self, text: str) -> None:
        """Takes over what another request of the session has written meanwhile, `text`, except
        where this one changed the same.
        """
        before, theirs = json.loads(self._as_loaded), json.loads(text)
        for name in before.keys() | theirs.keys() | self.data.keys():
            mine = self.data.get(name)
            if name == "positions":
                self._meet_positions(theirs.get(name) or {})
            elif mine == before.get(name):
                self._set(name, theirs.get(name))

    def _meet_positions(self, theirs: dict[str, int]) -> None:
        mine: dict[str, int] = self.data.setdefault("positions", {})
        mine |= {log: max(at, mine.get(log, 0)) for log, at in theirs.items()}

    def _set(self, name: str, value: Any) -> None:
        if value is None:
            self.data.pop(name, None)
        else:
            self.data[name] = value

    def written(self, text: str, end: datetime) -> None:
        """It stands so now."""
        self._as_loaded, self.expires_at = text, end

    def needs_writing(self, now: datetime, *, touched: bool = True) -> bool:
        is_old = touched and self.expires_at - now < IDLE - TOUCHED
        return is_old or _text(self.data) != self._as_loaded


class Sessions:
    """Also says whose form it is that comes when its session has ended."""

    def __init__(self, pool: Pool, key: bytes) -> None:
        self._pool, self._cipher = pool, AESGCM(key)

    def signed_in(self, data: dict[str, Any]) -> Session:
        """A new session of whoever signed in. Its CSRF token says whose it is to nobody else."""
        session = Session.new()
        nonce, sub = secrets.token_bytes(NONCE), str(data["user"]["sub"])
        sealed = nonce + self._cipher.encrypt(nonce, sub.encode(), OWNER)
        session.data |= {**data, "csrf": f"{session.csrf}.{urlsafe_b64encode(sealed).decode()}"}
        return session

    def owner(self, csrf: str) -> str | None:
        """Whose form it was that named this CSRF token, the `sub`; None for no token of ours."""
        try:
            sealed = urlsafe_b64decode(csrf.partition(".")[2])
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], OWNER).decode()
        except (ValueError, InvalidTag):
            return None

    async def load(self, token: str) -> Session | None:
        """None for a session that is not there, whose time has passed, or whose key has changed."""
        id = sha256(token.encode()).digest()
        with connection_errors("a session"):
            async with borrowed(self._pool) as connection:
                row = await connection.fetchrow(
                    "SELECT data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2",
                    id,
                    datetime.now(UTC),
                )
        if row is None or (text := self._opened(id, row["data"])) is None:
            return None
        return Session(token, json.loads(text), row["expires_at"], text)

    async def save(self, session: Session, *, touched: bool = True) -> None:
        """Writes what changed; a request alone is written down once a minute. `touched`: a person
        asked; what a page does by itself keeps no session alive. What another request of the
        session wrote meanwhile stays, and one that was ended meanwhile stays ended.
        """
        now = datetime.now(UTC)
        if not session.needs_writing(now, touched=touched):
            return
        end = now + IDLE if touched else session.expires_at
        async with self._locked(session.id) as (connection, row):
            if session.is_kept:
                if row is None:
                    return
                session.meet(self._opened(session.id, row["data"]) or session._as_loaded)
            nonce, text = secrets.token_bytes(NONCE), _text(session.data)
            sealed = nonce + self._cipher.encrypt(nonce, text.encode(), session.id)
            await connection.execute(
                "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3) "
                "ON CONFLICT (id) DO UPDATE SET data = $2, expires_at = $3",
                session.id,
                sealed,
                end,
            )
        session.written(text, end)

    @asynccontextmanager
    async def _locked(self, id: bytes) -> AsyncIterator[tuple[Connection, Any]]:
        """Its row, nobody else's until this is done."""
        with connection_errors("a session"):
            async with borrowed(self._pool) as connection, connection.transaction():
                yield (
                    connection,
                    await connection.fetchrow(
                        "SELECT data FROM sessions WHERE id = $1 FOR UPDATE", id
                    ),
                )

    def _opened(self, id: bytes, data: bytes) -> str | None:
        sealed = bytes(data)
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], id).decode()
        except InvalidTag:
            return None

    async def end(self, session: Session) -> None:
        with connection_errors("a session"):
            async with borrowed(self._pool) as connection:
                await connection.execute("DELETE FROM sessions WHERE id = $1", session.id)

    async def sweep(self) -> None:
        """Deletes those whose time has passed."""
        with connection_errors("a session"):
            await self._pool.execute(
                "DELETE FROM sessions WHERE expires_at < $1", datetime.now(UTC)
            )


async def prepare(database: Database, *schemas: str) -> None:
    """Makes the tables, as the owner of the database, for the role that serves."""
    assert database.owner_dsn
    writer = urlsplit(database.dsn.get_secret_value()).username or ""
    connection = await asyncpg.connect(database.owner_dsn.get_secret_value())
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        for schema in (SCHEMA, *schemas):
            await connection.execute(schema)
        await settle(connection, "portal", writer=[writer])
    finally:
        await connection.close()


def _text(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)
