"""Read models built again beside the live ones, from a log or from its topic; equal digests prove
that nothing else fed them.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from libs.events.application import Codec
from libs.events.envelope import topic_of
from libs.events.kafka import Bus
from libs.events.pools import Connection
from libs.events.projection import Projection, digest, flush
from libs.events.reader import read_fact
from libs.events.readmodel import Change, RowStep
from libs.events.records import StoredEvent
from libs.events.store import COLUMNS
from libs.events.verifying import RecordVerifier

BATCH = 500
Batches = AsyncGenerator[Sequence[StoredEvent], None]


@dataclass(frozen=True)
class Live:
    """A read model as it stands: how far it has followed its source, and its digest there."""

    position: int
    digest: str


async def live(connection: Connection, projection: Projection, reader: str) -> Live:
    """Both of one instant, while the service works on."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return Live(await standing(connection, reader), await digest(connection, projection))


async def standing(connection: Connection, reader: str) -> int:
    """How far the reader has followed its source."""
    position = await connection.fetchval("SELECT position FROM readers WHERE name = $1", reader)
    return int(position or 0)


async def rebuilt(
    connection: Connection, projection: Projection, codec: Codec, batches: Batches
) -> str:
    """The digest of tables made now, in an empty database, from these facts alone; their source is
    left, whatever becomes of it.
    """
    await connection.execute(projection.sql)
    async with aclosing(batches):
        async for batch in batches:
            rows = await _rows(projection, codec, batch)
            async with connection.transaction():
                await flush(connection, projection, rows)
    async with connection.transaction():
        return await digest(connection, projection)


async def _rows(
    projection: Projection, codec: Codec, batch: Sequence[StoredEvent]
) -> list[Change | RowStep]:
    """What the facts that the projection listens to change, in their order."""
    return [
        row
        for at in batch
        if at.type in projection.kinds
        for row in projection.changes(await read_fact(projection.kinds[at.type], at, codec), at)
    ]


async def from_log(connection: Connection, upto: int) -> Batches:
    """The log up to a position. Raises ValueError if the log ends before it."""
    after = 0
    while after < upto:
        query = (
            f"SELECT {COLUMNS} FROM events WHERE position > $1 AND position <= $2 ORDER BY "
            f"position LIMIT {BATCH}"
        )
        batch = [StoredEvent(*row) for row in await connection.fetch(query, after, upto)]
        if not batch:
            raise ValueError(f"the log ends at {after}, its reader stands at {upto}")
        yield batch
        after = batch[-1].position


async def from_topic(bus: Bus, service: str, upto: int, verifier: RecordVerifier) -> Batches:
    """What the service published up to a position, as readers take it: duplicates once, and what
    was published too early where it comes again.
    """
    after = 0
    if not upto:
        return
    async with bus.reading(topic_of(service), 0) as subscription:
        while after < upto:
            batch: list[StoredEvent] = []
            for event, _ in await verifier.genuine(await subscription.next(BATCH)):
                last = batch[-1].position if batch else after
                if event.position == last + 1 <= upto:
                    batch.append(event)
            yield batch
            after = batch[-1].position if batch else after
