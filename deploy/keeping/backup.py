"""A backup of an installation while it serves: logs, keys, drafts, lists and positions as they were
at one instant, and every object that those logs name.

The instant: for some milliseconds all logs' append locks are held at once, while a snapshot of each
database is opened. So no log knows of a fact that its neighbour's copy lacks, and every subject's
key is there before the event that needs it. Who appends meanwhile waits.
"""

import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import asyncpg

from deploy.installation.installation import Installation
from deploy.keeping import objects, tables
from deploy.keeping.folder import (
    FORMAT,
    Manifest,
    SavedFiles,
    SavedService,
    read,
    written,
)
from deploy.keeping.lost_tail import APPEND_LOCK
from libs.chassis.process.settings import read_keys
from libs.chassis.service.runtime import Runtime
from libs.events.pools import Connection
from libs.events.records import StoredEvent
from libs.events.store import COLUMNS

# what the migration step says by itself, and what stops a log that is behind its topic
OWN_OF_THE_CODE = frozenset({"migrations", "projections", "closed"})
SESSIONS = frozenset({"sessions"})  # of the portal: people sign in again
KEYS = "keys"
HELD = "5s"  # that a lock may be held by somebody who was stopped
LOCK = f"""
SET LOCAL lock_timeout = '10s';
SET LOCAL idle_in_transaction_session_timeout = '{HELD}';
"""
LAST = f"SELECT {COLUMNS} FROM events ORDER BY position DESC LIMIT 1"
LISTS = "SELECT name, version FROM projections WHERE live"


@dataclass(frozen=True)
class Cut:
    """Connections whose transactions see one instant; `held`: seconds for which nobody appended."""

    services: Mapping[str, Connection]
    others: Mapping[str, Connection]
    held: float


@dataclass(frozen=True)
class Made:
    manifest: Manifest
    seconds: float
    held: float


async def back_up(place: Installation, path: Path) -> Made:
    """Of a whole installation, into a folder that is not there yet, which appears when it is whole.
    Raises StackError, Unavailable; what was begun goes.
    """
    place.must_be_whole()
    began, files = time.monotonic(), SavedFiles(path.with_name(f"{path.name}.new"))
    files.path.mkdir(parents=True)
    try:
        async with place.opened() as runtimes, _cut(place) as cut:
            manifest = await _saved(runtimes, cut, files)
        written(manifest, files.path)
        files.path.rename(path)
    except BaseException:
        shutil.rmtree(files.path, ignore_errors=True)
        raise
    return Made(manifest, time.monotonic() - began, cut.held)


async def _saved(runtimes: Mapping[str, Runtime], cut: Cut, files: SavedFiles) -> Manifest:
    services = {
        name: await _service(name, connection, files) for name, connection in cut.services.items()
    }
    others = {
        name: await tables.save(connection, name, SESSIONS, files)
        for name, connection in cut.others.items()
    }
    wanted = [
        each
        for name, connection in cut.services.items()
        async for each in objects.named(connection, runtimes[name].settings.s3.bucket)
    ]
    saved = await objects.save(runtimes, wanted, files)
    return Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=os.environ.get("KAOHE_COMMIT", ""),
        keys_of=keys_of(runtimes),
        services=services,
        others=others,
        objects=saved,
        files=files.written,
    )


async def copy_keys(place: Installation, path: Path) -> int:
    """The keys as they are now in the place of those that the backup has, so that what is filed
    after it can be read, and what is shredded cannot; how many. Raises StackError.
    """
    manifest, files = read(path), SavedFiles(path)
    before = manifest.others[KEYS]
    async with place.opened() as runtimes, AsyncExitStack() as kept:
        connection = await _connection(place.others()[KEYS], kept)
        await _seen(connection, kept)
        now = f"{KEYS}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
        saved = await tables.save(connection, now, frozenset(), files)
        needed = keys_of(runtimes)
    old = {before.file_of(table) for table in before.tables}
    stay = {name: each for name, each in manifest.files.items() if name not in old}
    new = {
        "others": {**manifest.others, KEYS: saved},
        "files": stay | files.written,
        "keys_of": needed,
    }
    written(manifest.model_copy(update=new), path)
    shutil.rmtree(path / before.folder)
    return saved.tables["subject_keys"].rows


async def _service(name: str, connection: Connection, files: SavedFiles) -> SavedService:
    row = await connection.fetchrow(LAST)
    last = StoredEvent(*row) if row else None
    saved = await tables.save(connection, name, OWN_OF_THE_CODE, files)
    migrations = await connection.fetch("SELECT name, sha256 FROM migrations")
    return SavedService(
        head=last.position if last else 0,
        last_leaf=last.leaf.hex() if last else "",
        migrations={row["name"]: row["sha256"] for row in migrations},
        lists={row["name"]: row["version"] for row in await connection.fetch(LISTS)},
        folder=saved.folder,
        tables=saved.tables,
    )


def keys_of(runtimes: Mapping[str, Runtime]) -> dict[str, tuple[str, ...]]:
    """Fingerprints: keys of 32 random bytes cannot be found from them."""
    keyring = next(iter(runtimes.values())).settings.keyring
    return {
        "master key": fingerprints(keyring.master_key_file),
        "person key": fingerprints(keyring.person_key_file),
    }


def fingerprints(path: Path) -> tuple[str, ...]:
    return tuple(sha256(b"kaohe key " + each).hexdigest()[:32] for each in read_keys(path))


@asynccontextmanager
async def _cut(place: Installation) -> AsyncIterator[Cut]:
    async with AsyncExitStack() as kept:
        services = {name: await _connection(place.owner_dsn(name), kept) for name in place.services}
        others = {name: await _connection(dsn, kept) for name, dsn in place.others().items()}
        async with AsyncExitStack() as locks:
            locking = [await _connection(place.owner_dsn(name), locks) for name in services]
            began = time.monotonic()
            for each in locking:
                await _locked(each, locks)
            for connection in (*services.values(), *others.values()):
                await _seen(connection, kept)
            held = time.monotonic() - began
        yield Cut(services, others, held)


async def _connection(dsn: str, stack: AsyncExitStack) -> Connection:
    connection = await asyncpg.connect(dsn, timeout=10)
    stack.push_async_callback(connection.close)
    return connection


async def _locked(connection: Connection, stack: AsyncExitStack) -> None:
    """Nobody appends, to the end of the stack."""
    await stack.enter_async_context(connection.transaction())
    await connection.execute(LOCK)
    await connection.execute(APPEND_LOCK)


async def _seen(connection: Connection, stack: AsyncExitStack) -> None:
    """Opens the snapshot: with the first question, not with the transaction."""
    way = connection.transaction(isolation="repeatable_read", readonly=True)
    await stack.enter_async_context(way)
    await connection.fetchval("SELECT 1 FROM pg_class LIMIT 1")
