"""A recorded corpus: the exact bytes of whole logs, made by commit f1b6fbe and kept for ever.

`demo/<service>.jsonl.gz` are the logs that `./kaohe demo` left; `given/<service>.jsonl.gz` hold
streams from that commit's tests for the types that the demo does not produce, so that every type
it could store is there. One event a line, in position order. `keys.json` opens their personal
data: every person in it is generated. `frozen.json` says what today's code has to make of it
(see `record.py`).
"""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from deploy.cli import contracts
from deploy.embedded.places import existing_services
from libs.chassis.replicas.clock import RandomIds
from libs.events.aggregate import STAMPS, Aggregate
from libs.events.application import Codec
from libs.events.codec import canonical, decode
from libs.events.keyring import MemoryKeyRing
from libs.events.personal import MARK, Opener
from libs.events.pools import Connection
from libs.events.reader import Reader
from libs.events.rebuild import Batches, rebuilt
from libs.events.records import StoredEvent
from tests.deploy.services import service

FOLDER = Path(__file__).parent
PARTS = ("demo", "given")
BATCH = 100
SERVICES = {name: service(name) for name in existing_services()}  # imported: they name the types


@dataclass(frozen=True)
class Frozen:
    """What the corpus comes to: by stored type the digest of what its events say; by part and
    projection the digest of its tables.
    """

    facts: Mapping[str, str]
    projections: Mapping[str, Mapping[str, str]]


@cache
def frozen() -> Frozen:
    told = json.loads((FOLDER / "frozen.json").read_text())
    return Frozen(told["facts"], told["projections"])


@cache
def log(part: str, name: str) -> tuple[StoredEvent, ...]:
    """The log of a service in position order; empty where nothing was recorded."""
    path = FOLDER / part / f"{name}.jsonl.gz"
    if not path.exists():
        return ()
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    return tuple(_recorded(json.loads(line)) for line in lines)


@cache
def everything() -> tuple[StoredEvent, ...]:
    return tuple(each for part in PARTS for name in SERVICES for each in log(part, name))


@cache
def opener() -> Opener:
    kept = json.loads((FOLDER / "keys.json").read_text())
    keys = {}
    for name, key in kept["keys"].items():
        subject, _, number = name.partition("/")
        keys[UUID(subject), int(number)] = b64decode(key)
    return Opener(keys)


def read(at: StoredEvent) -> Aggregate.Event:
    """The event as today's classes read it, its personal data opened."""
    return decode(at.type, at.stream, at.version, at.data, opener())


def said(event: Aggregate.Event) -> Any:
    """What an event says, as JSON: the stored fields alone, so that a later field with a default
    changes nothing.
    """
    return event.model_dump(mode="json", exclude=STAMPS, exclude_unset=True)


def stored(at: StoredEvent) -> Any:
    """The same as its bytes have it, personal data opened, no class involved."""
    return _opened("", json.loads(at.data))


def facts() -> dict[str, str]:
    """By stored type, SHA-256 over what its events say, in their order."""
    found: dict[str, list[Any]] = {}
    for at in everything():
        found.setdefault(at.type, []).append(said(read(at)))
    return {kind: sha256(canonical(each)).hexdigest() for kind, each in sorted(found.items())}


def types() -> set[str]:
    """Every type that may stand in a log today."""
    return {kind.TOPIC for each in SERVICES.values() for kind in contracts.stored(each)}


async def tables(connection: Connection, part: str, name: str) -> dict[str, str]:
    """By reader of this service, the digest of its projection's tables, made in an empty database
    from this part's log of its source.
    """
    readers = [each for each in SERVICES[name].readers if each.projection]
    return {each.name: await _tables(connection, part, each) for each in readers}


class Keys(MemoryKeyRing):
    """The corpus's own."""

    async def opener(self, needed: Collection[tuple[UUID, int]]) -> Opener:
        return opener()


async def _tables(connection: Connection, part: str, reader: Reader) -> str:
    assert reader.projection
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    codec = Codec(Keys(), RandomIds(), {})
    return await rebuilt(connection, reader.projection, codec, _batches(log(part, reader.source)))


async def _batches(events: Sequence[StoredEvent]) -> Batches:
    for start in range(0, len(events), BATCH):
        yield events[start : start + BATCH]


def keep_log(part: str, name: str, events: Iterable[StoredEvent]) -> None:
    path = FOLDER / part / f"{name}.jsonl.gz"
    path.parent.mkdir(exist_ok=True)
    text = "".join(f"{json.dumps(_line(each), ensure_ascii=False)}\n" for each in events)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def keep_keys(keys: Mapping[tuple[UUID, int], bytes]) -> None:
    named = {
        f"{subject}/{number}": b64encode(key).decode() for (subject, number), key in keys.items()
    }
    remark = "opens the corpus and nothing else; every person in it is generated"
    _keep("keys.json", {"remark": remark, "keys": named})


def keep_frozen(found: Frozen) -> None:
    _keep("frozen.json", vars(found))


def _keep(name: str, value: Any) -> None:
    (FOLDER / name).write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


def _line(at: StoredEvent) -> dict[str, Any]:
    return {
        "position": at.position,
        "stream": str(at.stream),
        "version": at.version,
        "type": at.type,
        "owner": str(at.owner),
        "recorded_at": at.recorded_at.isoformat(),
        "meta": at.meta.decode(),
        "data": at.data.decode(),
    }


def _recorded(line: Mapping[str, Any]) -> StoredEvent:
    return StoredEvent(
        line["position"],
        UUID(line["stream"]),
        line["version"],
        line["type"],
        UUID(line["owner"]),
        line["data"].encode(),
        line["meta"].encode(),
        datetime.fromisoformat(line["recorded_at"]),
    )


def _opened(field: str, value: Any) -> Any:
    if isinstance(value, dict):
        if MARK in value:
            return opener().open(field, value[MARK])
        return {name: _opened(name, each) for name, each in value.items()}
    return [_opened(field, each) for each in value] if isinstance(value, list) else value
