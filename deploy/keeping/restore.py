"""An installation from a backup, and what its topics hold beyond it.

Everything that can be wrong is looked at before anything is changed. Then, service by service:
tables anew, the saved rows, what the topic has besides. Keys and objects are added to those that
stand; nothing of them is taken away, and a shredded subject gets no key.
"""

import importlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from deploy.embedded.process import StackError
from deploy.installation.installation import Installation
from deploy.keeping import keys, objects, tables, topics
from deploy.keeping.backup import LAST, fingerprints
from deploy.keeping.folder import Manifest, SavedDatabase, SavedService, read, verify
from deploy.keeping.lost_tail import bring_back, lost
from libs.chassis.process.migrations import migrate
from libs.chassis.service.runtime import Runtime
from libs.chassis.service.service import Service
from libs.events.envelope import topic_of
from libs.events.personal import keys_of
from libs.events.pools import Connection
from libs.events.records import StoredEvent

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
EMPTY = """
DROP SCHEMA IF EXISTS building CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public
"""
KEYLESS = """
SELECT DISTINCT subject FROM unnest($1::uuid[], $2::int[]) AS needed (subject, number)
WHERE NOT EXISTS (SELECT FROM subject_keys k
                  WHERE k.subject = needed.subject AND k.number = needed.number)
AND NOT EXISTS (SELECT FROM shredded_subjects s WHERE s.subject = needed.subject)
"""
# a topic that is shorter than a reader remembers was made anew: positions say what is new in it
AGAIN = "UPDATE readers SET next_offset = 0 WHERE source = $1 AND next_offset > $2"
# of an inbox the offset is all there is
INBOX = "UPDATE readers SET position = 0, next_offset = 0 WHERE name = $1 AND next_offset > $2"


@dataclass(frozen=True)
class Restored:
    """`beyond`: events that the topics held beyond the backup, by service. `lost`: what those name
    and neither the backup nor the installation has: objects, and subjects without their key.
    """

    manifest: Manifest
    beyond: Mapping[str, int]
    objects: int
    lost: tuple[str, ...]
    seconds: float

    @property
    def events(self) -> int:
        return self.manifest.events + sum(self.beyond.values())


async def restore(
    place: Installation, path: Path, *, over: bool, to: Mapping[str, int] | None = None
) -> Restored:
    """`over`: in the place of whatever the databases hold. `to`: as far as each log goes, and those
    that are not named as far as the backup has them; what topics hold beyond is given up. Raises
    StackError, Unavailable.
    """
    began, manifest = time.monotonic(), read(path)
    verify(path, manifest)
    ends = None if to is None else _ends(manifest, to)
    _same_installation(place, manifest)
    for name, saved in manifest.services.items():
        _same_code(name, _service(name), saved)
        await _nobody_there(place, name, over=over)
    await _topics_lead_there(place, manifest, ends)
    for name, saved in manifest.services.items():
        await _restored(place, name, saved, path)
    for name, dsn in place.others().items():
        if name in manifest.others:
            await _merged(place, dsn, path, manifest.others[name])
    async with place.opened() as runtimes:
        put = await objects.put_back(runtimes, path)
        beyond, gone = dict[str, int](), list[str]()
        for name, runtime in runtimes.items():
            found = await _filled(place, name, runtime, ends[name] if ends else None)
            beyond[name] = len(found)
            gone += await _lost_objects(name, runtimes, manifest.services[name].head)
            gone += await _lost_keys(place, found)
        if ends is not None:
            await _given_up(place, runtimes)
        for runtime in runtimes.values():
            await _read_again(runtime)
    return Restored(manifest, beyond, put, tuple(gone), time.monotonic() - began)


def _service(name: str) -> Service:
    found: Service = importlib.import_module(f"services.{name}.main").SERVICE
    return found


def _same_installation(place: Installation, manifest: Manifest) -> None:
    if different := ", ".join(sorted(set(place.services) ^ set(manifest.services))):
        raise StackError(
            f"备份与本系统的服务不一致（{different}），没有改动任何数据",
            f"nothing was changed: backup and installation differ in {different}",
        )
    if untold := ", ".join(sorted(manifest.others.keys() - place.others().keys())):
        raise StackError(
            f"没有改动任何数据：备份里有 {untold}，请设置其所有者的连接（PORTAL_DB__OWNER_DSN）",
            f"nothing was changed: the backup has {untold}; set its owner's DSN "
            f"(PORTAL_DB__OWNER_DSN)",
        )
    keyring = place.settings(next(iter(manifest.services))).keyring
    here = {
        "master key": fingerprints(keyring.master_key_file),
        "person key": fingerprints(keyring.person_key_file),
    }
    for name, needed in manifest.keys_of.items():
        if set(needed) - set(here[name]):
            raise StackError(
                f"本系统的 {name} 打不开这份备份，没有改动任何数据：请放回当时的密钥文件",
                f"nothing was changed: the {name} of this installation is not the backup's; put "
                f"the key file of that time in its place",
            )


def _same_code(name: str, service: Service, saved: SavedService) -> None:
    """Tables are as the code that made the backup made them."""
    lists = {each.name: each.version for each in service.projections}
    pieces = {piece for piece, _ in service.migrations}
    strange = (set(saved.migrations) - pieces) | {
        each for each, version in saved.lists.items() if lists.get(each) != version
    }
    if strange:
        raise StackError(
            f"{name} 的备份来自另一版本的程序，没有改动任何数据：请用当时的版本恢复，再升级",
            f"nothing was changed: the backup of {name} was made by another version of the code "
            f"({', '.join(sorted(strange))}); restore with that one, then upgrade",
        )


async def _nobody_there(place: Installation, name: str, *, over: bool) -> None:
    async with place.owned(name) as connection:
        if there := await connection.fetchval(OTHERS):
            raise StackError(
                f"{name} 的数据库有 {there} 个连接：请先停止服务，没有改动任何数据",
                f"nothing was changed: {there} connections to the database of {name}; stop the "
                f"services first (local stack: ./kaohe down, ./kaohe up --servers)",
            )
        if not over and await _has_events(connection):
            raise StackError(
                f"{name} 的数据库里已有数据，没有改动：确实要代替它请加 --over",
                f"nothing was changed: {name} has events; say --over to put the backup in their "
                f"place",
            )


async def _has_events(connection: Connection) -> bool:
    if await connection.fetchval("SELECT to_regclass('public.events') IS NULL"):
        return False
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM events)"))


async def _restored(place: Installation, name: str, saved: SavedService, path: Path) -> None:
    service, owner = _service(name), place.owner_dsn(name)
    writer = urlsplit(place.settings(name).db.dsn.get_secret_value()).username or name
    async with place.owned(name) as connection:
        await connection.execute(EMPTY)
    await migrate(owner, writer, service.migrations, service.projections)
    async with place.owned(name) as connection, connection.transaction():
        await tables.load(connection, path, saved)
        await _as_it_was(connection, name, saved)


async def _as_it_was(connection: Connection, name: str, saved: SavedService) -> None:
    """Raises StackError, before anything of it is committed."""
    row = await connection.fetchrow(LAST)
    last = StoredEvent(*row) if row else None
    events = await connection.fetchval("SELECT count(*) FROM events")
    if (events, last.leaf.hex() if last else "") != (saved.head, saved.last_leaf):
        raise StackError(
            f"{name} 的日志与备份记载的不一致",
            f"the log of {name} is not the one that the backup tells of",
        )


async def _merged(place: Installation, dsn: str, path: Path, saved: SavedDatabase) -> None:
    """Those who were shredded first: the keys' table takes none of theirs."""
    masters = place.masters()

    async def settle(connection: Connection, table: str) -> None:
        if table == "subject_keys":
            await keys.taken(connection, masters)

    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        order = sorted(saved.tables, key=lambda table: table != "shredded_subjects")
        ordered = saved.model_copy(update={"tables": {each: saved.tables[each] for each in order}})
        await tables.merge(connection, path, ordered, settle)
    finally:
        await connection.close()


async def _filled(
    place: Installation, name: str, runtime: Runtime, end: int | None
) -> Sequence[StoredEvent]:
    """Raises StackError where log and topic contradict, or the topic does not reach the end that
    was named: then the log stays as the backup has it.
    """
    beyond = await lost(name, runtime)
    if end is not None:
        head = await runtime.log.head()
        if end > head + len(beyond):
            raise StackError(
                f"{name} 的消息主题只到位置 {head + len(beyond)}",
                f"the topic of {name} ends at {head + len(beyond)}: {end} is not on it",
            )
        beyond = beyond[: end - head]
    if beyond:
        async with place.owned(name) as owner:
            await bring_back(owner, beyond)
    return beyond


def _ends(manifest: Manifest, to: Mapping[str, int]) -> dict[str, int]:
    """Where each log shall end. Raises StackError for what the backup is too young for."""
    heads = {name: each.head for name, each in manifest.services.items()}
    for name, position in to.items():
        if name not in heads:
            raise StackError(
                f"没有改动任何数据：备份里没有 {name}",
                f"nothing was changed: the backup has no {name}",
            )
        if position < heads[name]:
            raise StackError(
                f"没有改动任何数据：{name} 的备份到位置 {heads[name]}，请用更早的备份",
                f"nothing was changed: the backup has {name} to position {heads[name]}; "
                f"{position} needs an older one",
            )
    return heads | dict(to)


async def _topics_lead_there(
    place: Installation, manifest: Manifest, ends: Mapping[str, int] | None
) -> None:
    """Before anything is replaced. Raises StackError."""
    for name, saved in manifest.services.items():
        await topics.looked_at(place, _service(name), saved.head, ends[name] if ends else None)
    if ends is not None:
        told = {topic for name in manifest.services for topic in _told_by(_service(name))}
        await topics.can_be_made_anew(place, told)


def _told_by(service: Service) -> list[str]:
    """Its topic, and those that are derived from its log."""
    return [topic_of(service.name), *(each.topic for each in service.routes)]


async def _given_up(place: Installation, runtimes: Mapping[str, Runtime]) -> None:
    """Topics that hold more than their log become empty, with those that are derived from it."""
    for name, runtime in runtimes.items():
        if await lost(name, runtime):
            await topics.made_anew(place, _told_by(runtime.service))


async def _lost_keys(place: Installation, events: Sequence[StoredEvent]) -> list[str]:
    """Subjects who were shredded are not lost."""
    needed = set[tuple[UUID, int]]().union(*(keys_of(each.data) for each in events))
    connection = await asyncpg.connect(place.others()["keys"], timeout=10)
    try:
        subjects, numbers = zip(*sorted(needed), strict=True) if needed else ((), ())
        rows = await connection.fetch(KEYLESS, subjects, numbers)
    finally:
        await connection.close()
    return [f"the key of subject {row['subject']}" for row in rows]


async def _lost_objects(name: str, runtimes: Mapping[str, Runtime], after: int) -> list[str]:
    runtime, stores = runtimes[name], objects.by_bucket(runtimes)
    async with runtime.pool.acquire() as connection, connection.transaction():
        found = [
            each async for each in objects.named(connection, runtime.settings.s3.bucket, after)
        ]
    return [each.file for each in found if not await objects.is_there(stores, each)]


async def _read_again(runtime: Runtime) -> None:
    """From the beginning of topics that were made anew."""
    readers = {each.source for each in runtime.service.readers} - {runtime.service.name}
    for source in readers:
        topic = topic_of(source)
        await runtime.pool.execute(AGAIN, source, await runtime.bus.end(topic))
    for inbox in (each() for each in runtime.service.inboxes):
        await runtime.pool.execute(INBOX, inbox.name, await runtime.bus.end(inbox.topic))
