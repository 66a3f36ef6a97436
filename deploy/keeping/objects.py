"""Objects that events name, out of the store and into it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deploy.keeping.folder import SavedFiles, SavedObjects
from libs.chassis.service.runtime import Runtime
from libs.events.errors import Lost
from libs.events.pools import Connection

LIST = "objects/objects.jsonl"
SWEPT = "%.Orphan.OrphanSwept"  # tells of an object that no other event names
NAMING = """
SELECT data FROM events
WHERE position('"object_version":'::bytea IN data) > 0 AND type NOT LIKE $1 AND position > $2
ORDER BY position
"""
AT_ONCE = 8


class NamedObject(NamedTuple):
    bucket: str
    name: str
    version: str

    @property
    def file(self) -> str:
        return f"objects/{self.bucket}/{self.name}"


async def named(connection: Connection, bucket: str, after: int = 0) -> AsyncIterator[NamedObject]:
    """By the log's events beyond a position, in their order; the caller began a transaction.
    `bucket`: the service's own.
    """
    async for row in connection.cursor(NAMING, SWEPT, after):
        for each in _in(json.loads(row["data"])):
            yield NamedObject(each.get("bucket", bucket), each["object"], each["object_version"])


def _in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"object", "object_version"} <= value.keys():
            yield value
        for each in value.values():
            yield from _in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _in(each)


async def save(
    runtimes: Mapping[str, Runtime], wanted: Iterable[NamedObject], files: SavedFiles
) -> SavedObjects:
    """Each once, by the version that its event names. Raises Unavailable."""
    stores, turns = by_bucket(runtimes), asyncio.Semaphore(AT_ONCE)
    distinct, missing = sorted(set(wanted)), list[str]()

    async def one(each: NamedObject) -> None:
        async with turns:
            try:
                data = await stores[each.bucket].objects.get(each.name, each.version, each.bucket)
            except Lost:
                missing.append(f"{each.bucket}/{each.name}")
            else:
                files.write(each.file, data)

    async with asyncio.TaskGroup() as group:
        for each in distinct:
            group.create_task(one(each))
    kept = [each for each in distinct if f"{each.bucket}/{each.name}" not in missing]
    files.write(LIST, "".join(json.dumps(each) + "\n" for each in kept).encode())
    return SavedObjects(count=len(kept), missing=tuple(sorted(missing)))


async def put_back(runtimes: Mapping[str, Runtime], path: Path) -> int:
    """Those that the store does not have; how many. What is put anew has a version of its own, and
    is found by its name. Raises Unavailable.
    """
    stores, turns = by_bucket(runtimes), asyncio.Semaphore(AT_ONCE)
    saved = [NamedObject(*json.loads(line)) for line in (path / LIST).read_text().splitlines()]

    async def one(each: NamedObject) -> bool:
        async with turns:
            if await is_there(stores, each):
                return False
            data = (path / each.file).read_bytes()
            await stores[each.bucket].objects.put(each.name, data)
            return True

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(each)) for each in saved]
    return sum(task.result() for task in tasks)


async def is_there(stores: Mapping[str, Runtime], each: NamedObject) -> bool:
    try:
        await stores[each.bucket].objects.get(each.name, each.version, each.bucket)
    except Lost:
        return False
    return True


def by_bucket(runtimes: Mapping[str, Runtime]) -> dict[str, Runtime]:
    return {each.settings.s3.bucket: each for each in runtimes.values()}
