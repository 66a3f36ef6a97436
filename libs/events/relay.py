"""The relay: copies the log to its topic, exact bytes, in position order, one batch outstanding."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from libs.events.bell import Bell
from libs.events.envelope import KafkaRecord, is_same, to_record, topic_of
from libs.events.errors import Unavailable
from libs.events.figures import Level
from libs.events.kafka import Bus, Publisher
from libs.events.pace import Pace
from libs.events.pools import Pool
from libs.events.records import StoredEvent
from libs.events.signatures import Signer
from libs.events.spans import SpanKind, span, tracing
from libs.events.store import LOOK, Log
from libs.events.verifying import RecordVerifier

SCHEMA = """
CREATE TABLE IF NOT EXISTS relays (
    route       text   PRIMARY KEY,
    position    bigint NOT NULL,  -- of the last event that was told, or passed over
    next_offset bigint NOT NULL   -- after the last acknowledged record
);
"""
BATCH = 500
LAZY = 1.0  # seconds for which the published position may be ahead of its row


@dataclass(frozen=True)
class Route:
    """A topic, and the record published there for an event; None: it is not published."""

    topic: str
    record: Callable[[StoredEvent], KafkaRecord | None]


def whole_log(service: str, url: str, signer: Signer) -> Route:
    """`url`: where the service is reached, for the schemas of its events."""
    return Route(
        topic_of(service), lambda event: signer.signed(to_record(service, event, url), event)
    )


class Ahead(Exception):
    """The topic holds what the log does not: the log lost its tail, or somebody else wrote.
    Nothing may be appended; see `recover`.
    """


class Relay:
    """Publishes the log by one route; one leader per service runs it. The topic is known to be
    complete up to `published_position`. `verifier`: of a route whose records are signed; what
    others wrote there is kept with its reason, and passed over.
    """

    def __init__(
        self, log: Log, bus: Bus, pool: Pool, route: Route, verifier: RecordVerifier | None = None
    ) -> None:
        self._log, self._bus, self._pool, self._route = log, bus, pool, route
        self._verifier = verifier
        self.topic = route.topic
        self.published_position = 0
        self.level = Level()
        self._remembered, self._remembered_at = -1, 0.0

    async def run(self, bell: Bell) -> None:
        """Publishes what is appended, until cancelled. Raises Unavailable, after which it may run
        again, from the topic's true end; Ahead where the topic has more than the log.
        """
        publisher = self._bus.publisher()
        watch, pace = bell.watch(), Pace()
        try:
            offset = await self._begin()
            while True:
                while events := await self._log.follow(self.published_position, BATCH):
                    offset = await self._publish(publisher, events, offset)
                    if len(events) < BATCH:
                        self.level.reached()
                        await pace.rest()
                pace.has_all()
                self.level.reached()
                if not await watch.wait(
                    LOOK if self._remembered == self.published_position else LAZY
                ):
                    await self._remember(offset)
        finally:
            await publisher.end()

    async def _begin(self) -> int:
        """Compares the log with the end of its topic. What a topic has lost is published again."""
        row = await self._pool.fetchrow(
            "SELECT position, next_offset FROM relays WHERE route = $1", self.topic
        )
        self.published_position, offset = (row["position"], row["next_offset"]) if row else (0, 0)
        self._remembered = -1
        end = await self._bus.end(self.topic)
        # it lost its tail and may have been written to since: only all of it shows what is missing
        if end < offset:
            self.published_position, offset = 0, 0
        async for records in self._bus.rest(self.topic, max(0, min(offset, end - 1))):
            end = records[-1].offset + 1
            await self._compare(records)
        await self._remember(end)
        await self._log.reopen(self.topic)
        return end

    async def _compare(self, records: list[KafkaRecord]) -> None:
        """Raises Ahead for a record that is not the log's own. The published position moves over
        those that follow without a gap.
        """
        if self._verifier:
            records = [record for _, record in await self._verifier.genuine(records)]
        for record in records:
            events = await self._log.read(record.position - 1, 1)
            ours = (
                self._route.record(events[0])
                if events and events[0].position == record.position
                else None
            )
            if ours is None or not is_same(ours, record):
                await self._log.close(self.topic)
                raise Ahead(f"{self.topic} at position {record.position}")
            if record.position > self.published_position and await self._nothing_between(
                self.published_position, record.position
            ):
                self.published_position = record.position

    async def _nothing_between(self, after: int, before: int) -> bool:
        """Whether this route publishes nothing of the events between two positions."""
        while after < before - 1:
            for event in await self._log.read(after, min(BATCH, before - 1 - after)):
                if self._route.record(event):
                    return False
                after = event.position
        return True

    async def _publish(self, publisher: Publisher, events: list[StoredEvent], offset: int) -> int:
        pairs = [
            (event.position, record) for event in events if (record := self._route.record(event))
        ]
        while pairs:
            with _published(self.topic, events):
                count, last = await publisher.publish(self.topic, [record for _, record in pairs])
            if last + 1 - count != offset:
                raise Unavailable(
                    "Kafka",
                    f"the end of {self.topic}, which lost records or had another writer",
                )
            self.published_position, offset = pairs[count - 1][0], last + 1
            pairs = pairs[count:]
        # the last may have no record on this route
        self.published_position = max(self.published_position, events[-1].position)
        if time.monotonic() - self._remembered_at > LAZY:
            await self._remember(offset)
        return offset

    async def _remember(self, offset: int) -> None:
        """Where the next start begins to compare the topic with the log; it may be behind."""
        if self._remembered == self.published_position:
            return
        position = self.published_position
        await self._pool.execute(
            (
                "INSERT INTO relays VALUES ($1, $2, $3) ON CONFLICT (route) DO UPDATE SET "
                "position = $2, next_offset = $3"
            ),
            self.topic,
            position,
            offset,
        )
        self._remembered, self._remembered_at = position, time.monotonic()


@contextmanager
def _published(topic: str, events: Sequence[StoredEvent]) -> Iterator[None]:
    """Each event in its own trace; asked of none if nothing is traced."""
    with ExitStack() as stack:
        for event in events if tracing() else ():
            told = {"messaging.system": "kafka", "messaging.destination.name": topic}
            told |= {"kaohe.event": event.type}
            stack.enter_context(span("publish", SpanKind.PRODUCER, event.metadata["trace"], told))
        yield


async def lost_tail(
    log: Log, bus: Bus, service: str, verifier: RecordVerifier
) -> list[StoredEvent]:
    """The events that the service published beyond the log's head, in order; the way back after a
    log was restored from an old copy.
    """
    head, lost = await log.head(), dict[int, StoredEvent]()
    async for records in bus.rest(topic_of(service), 0):
        lost |= {
            event.position: event
            for event, _ in await verifier.genuine(records)
            if event.position > head
        }
    return [lost[position] for position in sorted(lost)]
