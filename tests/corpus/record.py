"""Records the corpus. In a clone of the commit whose bytes are to be kept, after `./kaohe demo`:

python -m tests.corpus.record .kaohe        the logs of the stack that is up, and their keys
python -m pytest -p tests.corpus.record tests/enterprise …      streams of the tests' aggregates,
                                            for the stored types that those logs have not
python -m tests.corpus.record --freeze      frozen.json, on servers of its own
python -m tests.corpus.record .kaohe --ask      answers.json: what the stack that is up, of whatever
                                            commit, says of each item

The commit f1b6fbe had no such module: this folder was copied there, with a test of the eight acts
that no test without servers played (a claim freed, a campaign changed and closed, a case voided …).

What is recorded is never replaced: a later recording is one more part. A digest in frozen.json
changes only on purpose: a projection's when its list has a new version, a type's never; the test
that fails prints the new one.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg
import httpx
from eventsourcing.domain import CanInitAggregate, CanMutateAggregate

from deploy.embedded.places import Home
from deploy.installation import clocks
from deploy.installation.installation import of_stack
from deploy.installation.tokens import access_token
from libs.events.aggregate import Aggregate
from libs.events.codec import canonical, encode
from libs.events.personal import keys_of
from libs.events.records import StoredEvent
from libs.events.testing.tables import NeedsPostgres
from tests.contracts.samples import KEY
from tests.corpus import asking, corpus
from tests.servers import Servers, fresh_database

Stream = list[Aggregate.Event]
ID = re.compile(rb"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
KERNEL_IN = "personnel"  # the service in whose log the kernel's own streams are put
seen: dict[int, tuple[Aggregate, Stream]] = {}  # kept, so that no id is used twice


async def logs(told: dict[str, Any]) -> None:
    """Every log as it stands, and the keys that open it."""
    keys = {(KEY.subject, KEY.number): KEY.key}
    async with of_stack(told).opened() as runtimes:
        for name, runtime in runtimes.items():
            events = await runtime.log.read(0, 1_000_000)
            needed = {key for each in events for key in keys_of(each.data)}
            keys |= (await runtime.application.keyring.opener(needed)).keys
            corpus.keep_log("demo", name, events)
    corpus.keep_keys(keys)


async def freeze() -> None:
    """What today's code makes of what is recorded."""
    found: dict[str, dict[str, str]] = {part: {} for part in corpus.PARTS}
    servers = Servers()
    try:
        async with fresh_database(servers.postgres) as dsn:
            connection = await asyncpg.connect(dsn, statement_cache_size=0)
            for part in corpus.PARTS:
                for name in corpus.SERVICES:
                    found[part] |= await corpus.tables(connection, part, name)
            await connection.close()
    finally:
        servers.stop()
    corpus.keep_frozen(corpus.Frozen(corpus.facts(), found))


async def ask(told: dict[str, Any]) -> None:
    """What a stack answers of every item that this code's services in memory could answer too."""
    at = datetime.fromisoformat(await asyncio.to_thread(clocks.now, told))
    found: dict[str, str] = {}
    async with httpx.AsyncClient(timeout=30) as client:
        for name in corpus.SERVICES:
            memory = await asking.in_memory(name, at)
            bearer = {"Authorization": f"Bearer {access_token(told, **asking.caller(name))}"}
            for path in dict.fromkeys(asking.questions(name)):
                url = f"{told['services'][name]['url']}{path}"
                answered = await client.get(url, headers=bearer)
                with suppress(NeedsPostgres):
                    if answered.status_code == 200 == (await asking.ask(memory, path)).status_code:
                        found[name + path] = asking.digest(answered)
    asking.keep(asking.Answers(at, found))


def pytest_configure() -> None:
    """As a plugin: the events that an aggregate takes, replayed or new, are its stream."""
    for base in (CanInitAggregate, CanMutateAggregate):
        original: Any = base.__dict__["mutate"]

        def mutating(self: Any, aggregate: Any, original: Any = original) -> Any:
            changed = original(self, aggregate)
            if isinstance(changed, Aggregate):
                seen.setdefault(id(changed), (changed, []))[1].append(self)
            return changed

        base.mutate = mutating  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    missing = corpus.types() - {
        each.type for name in corpus.SERVICES for each in corpus.log("demo", name)
    }
    chosen = list(_fewest(missing, [each for each in seen.values() if _whole(each[1])]))
    for name in corpus.SERVICES:
        own = [each for each in chosen if _home(each[1]) == name]
        corpus.keep_log("given", name, _one_after_the_other(own))


def _whole(events: Stream) -> bool:
    return [each.originator_version for each in events] == list(range(1, len(events) + 1))


def _fewest(
    missing: set[str], streams: list[tuple[Aggregate, Stream]]
) -> Iterator[tuple[Aggregate, Stream]]:
    """Few streams that have every missing type, as far as any has."""
    while found := max(streams, key=partial(_worth, missing), default=None):
        if not _worth(missing, found)[0]:
            return
        yield found
        missing = missing - {event.TOPIC for event in found[1]}


def _worth(missing: set[str], one: tuple[Aggregate, Stream]) -> tuple[int, int]:
    return len(missing & {event.TOPIC for event in one[1]}), -len(one[1])


def _home(events: Stream) -> str:
    name = events[0].TOPIC.partition(".")[0]
    return name if name in corpus.SERVICES else KERNEL_IN


def _one_after_the_other(streams: Sequence[tuple[Aggregate, Stream]]) -> Iterator[StoredEvent]:
    """As a log has them. Tests share their ids: here each stream has its own, owners aside."""
    kept = {aggregate.owner for aggregate, _ in streams} | {KEY.subject}
    position = 0
    for number, (aggregate, events) in enumerate(streams, start=1):
        own = partial(_own, f"/corpus/{_home(events)}/{number}", kept - {aggregate.id})
        for version, event in enumerate(events, start=1):
            position += 1
            stream = own(aggregate.id)
            yield StoredEvent(
                position,
                stream,
                version,
                event.TOPIC,
                own(aggregate.owner),
                _renamed(encode(event, KEY), own),
                _meta(event, f"{stream}/{version}"),
                event.act.at + timedelta(milliseconds=1),
            )


def _own(name: str, kept: set[UUID], id: UUID) -> UUID:
    return id if id in kept else uuid5(NAMESPACE_URL, f"{name}/{id}")


def _renamed(data: bytes, own: Callable[[UUID], UUID]) -> bytes:
    return ID.sub(lambda found: str(own(UUID(found[0].decode()))).encode(), data)


def _meta(event: Aggregate.Event, name: str) -> bytes:
    told: dict[str, Any] = {
        "id": uuid5(NAMESPACE_URL, f"/corpus/events/{name}"),
        "correlation": uuid5(NAMESPACE_URL, f"/corpus/acts/{name}"),
        "causation": None,
        "command": None,
        "trace": "",
        "schema": event.SCHEMA,
        "references": {},
    }
    return canonical(told)


if __name__ == "__main__":
    if sys.argv[1:] == ["--freeze"]:
        asyncio.run(freeze())
    elif (place := Home(Path(sys.argv[1])).endpoints) is None:
        sys.exit("no stack is up there")
    else:
        asyncio.run(ask(place) if "--ask" in sys.argv else logs(place))
