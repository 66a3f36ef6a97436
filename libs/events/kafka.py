"""The bus, on Apache Kafka by aiokafka: the one module that knows the client. One partition a
topic, no consumer groups (decision 1).
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from libs.events.envelope import KafkaRecord
from libs.events.errors import Unavailable

# of a batch, as max.message.bytes of our topics; where a topic takes less, smaller ones are tried
MAX_BYTES, LEAST_BYTES = 2 * 1024 * 1024, 256 * 1024
# a fetch is answered at once when there is something, after so long when there is nothing; what
# else is asked on its connection waits behind it
WAIT_MS, FOLLOWER_WAIT_MS = 500, 2000
SILENCE = 10.0  # seconds without an acknowledgement, or an answer, after which a client is given up
ENDING = 5.0  # seconds for a client to end


@dataclass(frozen=True)
class KafkaSettings:
    bootstrap: str
    client: str = "kaohe"
    # aiokafka's names: security_protocol, sasl_mechanism, …
    security: dict[str, Any] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None

    def arguments(self) -> dict[str, Any]:
        tls = {"ssl_context": self.tls} if self.tls else {}
        return {
            "bootstrap_servers": self.bootstrap,
            "client_id": self.client,
            **self.security,
            **tls,
        }


class Publisher:
    """One producer, one batch outstanding. After any error it is ended hard and the next `publish`
    begins with a new one: the caller looks at the topic's true end first (`Bus.tail`) and goes on
    from there.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: AIOKafkaProducer | None = None
        self._bytes = MAX_BYTES

    async def publish(self, topic: str, records: Sequence[KafkaRecord]) -> tuple[int, int]:
        """Sends as many records, in order, as one batch holds: how many, and the offset of the
        last. Acknowledged when this returns. Raises Unavailable.
        """
        while True:
            try:
                return await self._publish(topic, records)
            except MessageSizeTooLargeError as error:  # nothing of it was taken
                if self._bytes <= LEAST_BYTES:
                    raise Unavailable("Kafka", f"{topic} to take a record as large") from error
                self._bytes //= 2

    async def _publish(self, topic: str, records: Sequence[KafkaRecord]) -> tuple[int, int]:
        producer = await self._ready()
        try:
            batch = producer.create_batch()
            count = 0
            for record in records:
                if (
                    batch.append(
                        key=record.key,
                        value=record.value,
                        timestamp=None,
                        headers=list(record.headers),
                    )
                    is None
                ):
                    break
                count += 1
            batch.close()
            async with asyncio.timeout(SILENCE):
                acknowledged = await (await self._sent(producer, batch, topic))
            return count, acknowledged.offset + count - 1
        except MessageSizeTooLargeError:
            await self.end()
            raise
        except (KafkaError, OSError, TimeoutError) as error:
            await self.end()
            raise Unavailable(
                "Kafka", f"records of {topic} to be taken ({type(error).__name__})"
            ) from error
        except BaseException:
            await self.end()
            raise

    async def _sent(self, producer: AIOKafkaProducer, batch: Any, topic: str) -> Any:
        while True:
            try:
                return await producer.send_batch(batch, topic, partition=0)
            except KafkaTimeoutError:
                # no room: nothing was queued, so the same batch goes to the same producer
                await asyncio.sleep(0.1)

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **self._settings.arguments(),
                enable_idempotence=True,
                acks="all",
                max_batch_size=self._bytes,
                max_request_size=MAX_BYTES,
                linger_ms=0,
            )
            try:
                async with asyncio.timeout(10):
                    await producer.start()
            except (KafkaError, OSError, TimeoutError) as error:
                await _hard(producer)
                raise Unavailable("Kafka", f"a connection ({type(error).__name__})") from error
            self._producer = producer
        return self._producer

    async def end(self) -> None:
        """Hard: a plain `stop()` hangs while the broker is away, and its leftover sender can write
        later.
        """
        producer, self._producer = self._producer, None
        if producer is not None:
            await _hard(producer)


async def _hard(producer: AIOKafkaProducer) -> None:
    sender = getattr(producer._sender, "sender_task", None)
    if sender is not None:
        sender.cancel()
    await _ended(producer.client.close())
    producer._closed = True


class Bus:
    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings

    def publisher(self) -> Publisher:
        return Publisher(self.settings)

    @asynccontextmanager
    async def reading(
        self, topic: str, offset: int, wait_ms: int = WAIT_MS
    ) -> AsyncIterator["Subscription"]:
        """Records of the topic from an offset on; where that is gone, from the first there is.
        Raises Unavailable also for a topic that may not be read or is not there: such a one would
        seem empty for ever.
        """
        consumer = AIOKafkaConsumer(
            **self.settings.arguments(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_partition_fetch_bytes=2 * MAX_BYTES,
            fetch_max_wait_ms=wait_ms,
        )
        partition = TopicPartition(topic, 0)
        try:
            async with asyncio.timeout(15):
                await consumer.start()
                consumer.assign([partition])
                consumer.seek(partition, offset)
                subscription = Subscription(consumer, partition)
                await subscription.end()
        except Unavailable:
            await _stopped(consumer)
            raise
        except (KafkaError, OSError, TimeoutError) as error:
            await _stopped(consumer)
            raise Unavailable("Kafka", f"topic {topic} ({type(error).__name__})") from error
        try:
            yield subscription
        finally:
            await _stopped(consumer)

    async def end(self, topic: str) -> int:
        """The offset after the topic's last record."""
        async with self.reading(topic, 0) as subscription:
            return await subscription.end()

    async def rest(self, topic: str, offset: int) -> AsyncIterator[list[KafkaRecord]]:
        """Batches of records from an offset on, to the topic's true end as it is now."""
        async with self.reading(topic, offset) as subscription:
            end = await subscription.end()
            while await subscription.position() < end:
                if records := await subscription.next(1000):
                    yield records
                else:
                    end = min(end, await subscription.end())  # it may have lost its tail meanwhile

    async def tail(self, topic: str, offset: int) -> tuple[int, list[KafkaRecord]]:
        """The topic's true end and its records from an offset on (from the last one, if the topic
        is shorter than that).
        """
        end = await self.end(topic)
        records = [
            record
            async for batch in self.rest(topic, max(0, min(offset, end - 1)))
            for record in batch
        ]
        return records[-1].offset + 1 if records else end, records


class Subscription:
    def __init__(self, consumer: AIOKafkaConsumer, partition: TopicPartition) -> None:
        self._consumer, self._partition = consumer, partition
        self._next = 0  # offset after the last record that was handed out
        self._asked_at, self._is_at_end = 0.0, False
        self._said_at: int | None = None  # when the broker last did, in milliseconds
        self._heard_at = time.monotonic()  # when it was last found to have

    def seek(self, offset: int) -> None:
        self._next = offset
        self._consumer.seek(self._partition, offset)

    async def next(self, limit: int, seconds: float = 0.5) -> list[KafkaRecord]:
        """The next records, or none after that long. Raises Unavailable."""
        self._asked_at = time.time()
        try:
            async with asyncio.timeout(30):
                got = await self._consumer.getmany(
                    self._partition, timeout_ms=int(seconds * 1000), max_records=limit
                )
        except (KafkaError, OSError, TimeoutError) as error:
            raise Unavailable(
                "Kafka", f"records of {self._partition.topic} ({type(error).__name__})"
            ) from error
        records = [
            KafkaRecord(
                m.key or b"",
                m.value or b"",
                tuple((name, value or b"") for name, value in m.headers),
                m.offset,
            )
            for m in got.get(self._partition, [])
        ]
        self._next = records[-1].offset + 1 if records else self._next
        self._is_at_end = not records
        self._must_hear(records)
        return records

    def _must_hear(self, records: Sequence[KafkaRecord]) -> None:
        """A consumer whose task of fetches has ended says nothing for ever, and no error. Raises
        Unavailable after SILENCE, also where it is the broker that says nothing.
        """
        said_at = self._consumer.last_poll_timestamp(self._partition)
        if records or said_at != self._said_at:
            self._said_at, self._heard_at = said_at, time.monotonic()
        elif time.monotonic() - self._heard_at > SILENCE:
            raise Unavailable("Kafka", f"an answer about {self._partition.topic}")

    def left(self, since: int | None = None) -> int | None:
        """Records that the topic had after those handed out, or from an offset on, as the broker
        last said; None where it has said nothing since it was last asked.
        """
        said_at = self._consumer.last_poll_timestamp(self._partition)  # milliseconds
        if said_at is None or said_at < int(self._asked_at * 1000):
            return None
        if since is None and self._is_at_end:
            return 0  # what may follow is no record
        end: int = self._consumer.highwater(self._partition)
        return max(0, end - (self._next if since is None else since))

    async def position(self) -> int:
        """The offset it goes on from; past what is no record too: markers of transactions, and
        what was aborted. Raises Unavailable: where the offset is gone, the broker says another.
        """
        async with self._told("the position"):
            return int(await self._consumer.position(self._partition))

    async def end(self) -> int:
        """The offset after the last record. A topic that may not be described would hang for ever:
        hence the timeout. Raises Unavailable.
        """
        async with self._told("the end"):
            ends: dict[TopicPartition, int] = await self._consumer.end_offsets([self._partition])
        return ends[self._partition]

    @asynccontextmanager
    async def _told(self, what: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(SILENCE):
                yield
        except (KafkaError, OSError, TimeoutError) as error:
            raise Unavailable(
                "Kafka", f"{what} of {self._partition.topic} ({type(error).__name__})"
            ) from error


async def _stopped(consumer: AIOKafkaConsumer) -> None:
    await _ended(consumer.stop())
    await _ended(consumer._client.close())  # it may have left its connection open


async def _ended(ending: Coroutine[Any, Any, None]) -> None:
    """Tried for so long, since nobody may take what is left to be sent. Gathered, that is in a task
    of its own: aiokafka cancels its fetches and awaits them, and one that pauses before its next
    try (the broker is away) hands that cancellation to whoever stops it.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(ENDING):
            await asyncio.gather(ending, return_exceptions=True)
