"""The relay: copies the log to its topic, exact bytes, in position order, one batch outstanding."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from libs.events.bell import Bell
from libs.events.envelope import Record, from_record, to_record, topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import Bus, Publisher
from libs.events.pools import Pool
from libs.events.records import StoredEvent
from libs.events.store import LOOK, Log

SCHEMA = """
CREATE TABLE IF NOT EXISTS relays (
    route       text   PRIMARY KEY,
    position    bigint NOT NULL,  -- of the last event that was told, or passed over
    next_offset bigint NOT NULL   -- after the last acknowledged record
);
"""
BATCH = 500
LAZY = 1.0  # seconds for which what was told may be ahead of its row


@dataclass(frozen=True)
class Route:
    """Where a log is told, and what of each event (None: nothing)."""

    topic: str
    record: Callable[[StoredEvent], Record | None]


def whole_log(service: str) -> Route:
    return Route(topic_of(service), lambda event: to_record(service, event))


class Ahead(Exception):
    """The topic holds what the log does not: the log lost its tail, or somebody else wrote.
    Nothing may be appended; see `recover`.
    """


class Relay:
    """One leader per service runs it; `told` is the position up to which the topic is known to be
    complete.
    """

    def __init__(self, log: Log, bus: Bus, pool: Pool, route: Route) -> None:
        self._log, self._bus, self._pool, self._route = log, bus, pool, route
        self.topic = route.topic
        self.told = 0
        self._remembered, self._remembered_at = -1, 0.0

    async def run(self, bell: Bell) -> None:
        """Until cancelled, or until a dependency is gone (Unavailable); then run it again: it
        begins at the topic's true end.
        """
        publisher = self._bus.publisher()
        watch = bell.watch()
        try:
            offset = await self._begin()
            while True:
                while events := await self._log.follow(self.told, BATCH):
                    offset = await self._tell(publisher, events, offset)
                if not await watch.wait(LOOK if self._remembered == self.told else LAZY):
                    await self._remember(offset)
        finally:
            await publisher.end()

    async def _begin(self) -> int:
        """Compares the log with the end of its topic. What a topic has lost is told again."""
        row = await self._pool.fetchrow(
            "SELECT position, next_offset FROM relays WHERE route = $1", self.topic
        )
        self.told, offset = (row["position"], row["next_offset"]) if row else (0, 0)
        self._remembered = -1
        end = await self._bus.end(self.topic)
        # it lost its tail and may have been written to since: only all of it shows what is missing
        if end < offset:
            self.told, offset = 0, 0
        async for records in self._bus.rest(self.topic, max(0, min(offset, end - 1))):
            await self._compare(records)
            end = records[-1].offset + 1
        await self._remember(end)
        await self._log.reopen(self.topic)
        return end

    async def _compare(self, records: list[Record]) -> None:
        """Every record must be the log's own; `told` moves over those that follow without a gap."""
        for record in records:
            found = await self._log.read(record.position - 1, 1)
            ours = (
                self._route.record(found[0])
                if found and found[0].position == record.position
                else None
            )
            if ours is None or (ours.key, ours.value, ours.headers) != (
                record.key,
                record.value,
                record.headers,
            ):
                await self._log.close(self.topic)
                raise Ahead(f"{self.topic} at position {record.position}")
            if record.position > self.told and await self._nothing_between(
                self.told, record.position
            ):
                self.told = record.position

    async def _nothing_between(self, after: int, before: int) -> bool:
        """Whether this route tells nothing of the events between two positions."""
        while after < before - 1:
            for event in await self._log.read(after, min(BATCH, before - 1 - after)):
                if self._route.record(event):
                    return False
                after = event.position
        return True

    async def _tell(self, publisher: Publisher, events: list[StoredEvent], offset: int) -> int:
        pairs = [
            (event.position, record) for event in events if (record := self._route.record(event))
        ]
        while pairs:
            count, last = await publisher.publish(self.topic, [record for _, record in pairs])
            if last + 1 - count != offset:
                raise Unavailable(
                    f"{self.topic} lost records, or somebody else wrote: its end is looked at again"
                )
            self.told, offset = pairs[count - 1][0], last + 1
            pairs = pairs[count:]
        self.told = max(self.told, events[-1].position)  # the last may have no record on this route
        if time.monotonic() - self._remembered_at > LAZY:
            await self._remember(offset)
        return offset

    async def _remember(self, offset: int) -> None:
        """Where the next start begins to compare the topic with the log; it may be behind."""
        if self._remembered == self.told:
            return
        told = self.told
        await self._pool.execute(
            (
                "INSERT INTO relays VALUES ($1, $2, $3) ON CONFLICT (route) DO UPDATE SET "
                "position = $2, next_offset = $3"
            ),
            self.topic,
            told,
            offset,
        )
        self._remembered, self._remembered_at = told, time.monotonic()


async def lost_tail(log: Log, bus: Bus, service: str) -> list[StoredEvent]:
    """What the service's topic holds beyond the log's head, in order; the way back after a log was
    restored from an old copy.
    """
    head, lost = await log.head(), dict[int, StoredEvent]()
    async for records in bus.rest(topic_of(service), 0):
        lost |= {
            record.position: from_record(record) for record in records if record.position > head
        }
    return [lost[position] for position in sorted(lost)]
