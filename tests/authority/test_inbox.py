"""An inbox on a real topic and a real log: each record answered once, whatever it is, whoever
reads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.events.application import Application, UnitOfWork
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.inbox import Inbox, Receiver
from libs.events.kafka import Bus, KafkaSettings
from libs.events.keyring import MemoryKeyRing
from libs.events.reader import Fenced
from tests.conformance.stage import Stage, assert_whole, staged
from tests.conformance.two_services import topics
from tests.events.commands import asked
from tests.events.ledger import Ledger
from tests.patience import PATIENCE

pytestmark = [pytest.mark.servers]
BOOK = UUID(int=7)
NOTHING = b"-"


class Reading:
    """A topic of its own, and answers kept in one ledger."""

    def __init__(self, stage: Stage, kafka: str) -> None:
        self.stage, self.bus = stage, Bus(KafkaSettings(kafka))
        self.service = f"inbox-{uuid4().hex[:8]}"
        self.topic = topic_of(self.service)
        self.application = Application(stage.log, MemoryKeyRing(), RandomIds(), pool=stage.pool)
        # happens between deciding and writing
        self.before: Callable[[], Awaitable[None]] | None = None

    def receiver(self) -> Receiver:
        inbox = Inbox("test.inbox", self.topic, self._receive, self._failed)
        return Receiver(inbox, self.application, self.stage.pool, SystemClock())

    async def note(self, unit: UnitOfWork, text: str) -> None:
        book = await unit.find(Ledger, BOOK) or unit.add(Ledger.open(unit.act, BOOK, "x"))
        book.note(unit.act, text)

    async def _receive(self, unit: UnitOfWork, record: KafkaRecord) -> None:
        if record.value == NOTHING:
            return  # it needs no answer
        # raises on what is no text
        await self.note(unit, f"{record.offset} {record.value.decode()}")
        if self.before:
            happens, self.before = self.before, None
            await happens()

    async def _failed(self, unit: UnitOfWork, record: KafkaRecord, error: Exception) -> None:
        await self.note(unit, f"{record.offset} failed: {type(error).__name__}")

    async def notes(self) -> list[str]:
        book = await self.application.find(Ledger, BOOK)
        return list(book.notes) if book else []

    async def send(self, *values: bytes | None) -> None:
        publisher = self.bus.publisher()
        await publisher.publish(
            self.topic, [KafkaRecord(b"k", cast(bytes, value), ()) for value in values]
        )
        await publisher.end()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.receiver().follow(self.bus))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(PATIENCE):
            while len(found := await self.notes()) < count:
                await asyncio.sleep(0.05)
        return found


@pytest.fixture
async def reading(database: str, kafka: str) -> AsyncIterator[Reading]:
    async with staged(database) as stage:
        made = Reading(stage, kafka)
        await topics(kafka, made.topic)
        yield made


async def test_each_record_is_answered_once_also_by_the_next_who_reads(reading: Reading) -> None:
    await reading.send(b"a", b"b")
    async with reading.at_work():
        await reading.until(2)
    await reading.send(b"c")
    async with reading.at_work():
        assert await reading.until(3) == ["0 a", "1 b", "2 c"]
    assert await assert_whole(reading.stage.pool) == 4


async def test_a_record_that_raises_is_answered_as_failed_and_nothing_waits_behind_it(
    reading: Reading,
) -> None:
    await reading.send(b"a", b"\xff", None, b"", b"b")
    async with reading.at_work():
        assert await reading.until(5) == ["0 a", "1 failed: UnicodeDecodeError", "2 ", "3 ", "4 b"]


async def test_the_place_behind_what_needs_no_answer_is_written_once_for_all_of_it(
    reading: Reading,
) -> None:
    await reading.send(*[NOTHING] * 500)
    ask = "SELECT next_offset FROM readers WHERE name = 'test.inbox'"
    async with reading.at_work(), asyncio.timeout(PATIENCE):
        while await reading.stage.pool.fetchval(ask) != 500:
            await asyncio.sleep(0.05)
    await reading.send(b"a", NOTHING)
    async with reading.at_work():
        assert await reading.until(1) == ["500 a"]
    writes = "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'readers'"
    assert await reading.stage.pool.fetchval(writes) < 100


async def test_place_and_answer_are_one_write(reading: Reading) -> None:
    """Whoever woke up late finds the place moved, and writes nothing."""
    late, quick = reading.receiver(), reading.receiver()
    await late.resume()
    await quick.resume()
    await quick.answer(KafkaRecord(b"k", b"a", (), 0))
    with pytest.raises(Fenced):
        await late.answer(KafkaRecord(b"k", b"a", (), 0))
    assert await reading.notes() == ["0 a"]


async def test_what_was_decided_on_an_older_state_is_decided_again(reading: Reading) -> None:
    receiver = reading.receiver()
    await receiver.resume()
    await receiver.answer(KafkaRecord(b"k", b"a", (), 0))

    async def another() -> None:
        unit = UnitOfWork(reading.application, asked())
        await reading.note(unit, "another")
        await reading.application.save(unit, await unit.load(Ledger, BOOK))

    reading.before = another
    await receiver.answer(KafkaRecord(b"k", b"b", (), 1))
    assert await reading.notes() == ["0 a", "another", "1 b"]


async def test_what_the_log_refuses_is_answered_as_failed(reading: Reading) -> None:
    receiver = reading.receiver()
    await receiver.resume()
    await receiver.answer(KafkaRecord(b"k", b"x" * 300_000, (), 0))
    assert await reading.notes() == ["0 failed: TooLarge"]


class Unspeakable(str):
    """A header's name in bytes that are no text, as clients of other languages can write it."""

    def encode(self, *_: Any) -> bytes:
        return b"\xff\xfe"


async def test_a_record_that_the_client_cannot_read_stops_nobody(reading: Reading) -> None:
    await reading.send(b"a")
    producer = AIOKafkaProducer(bootstrap_servers=reading.bus.settings.bootstrap)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(2, 0, False, -1, -1, -1, 1 << 20)
        batch.append(key=b"k", value=b"b", timestamp=None, headers=[])
        batch.append(key=b"k", value=b"c", timestamp=None, headers=[(Unspeakable("x"), b"y")])
        batch.append(key=b"k", value=b"d", timestamp=None, headers=[])
        batch.close()
        await (await producer.send_batch(batch, reading.topic, partition=0))
    finally:
        await producer.stop()
    await reading.send(b"e", b"f")
    async with reading.at_work():
        assert await reading.until(6) == ["0 a", "1 b", "2 ", "3 ", "4 e", "5 f"]


async def test_a_topic_made_anew_is_read_from_its_beginning(reading: Reading) -> None:
    receiver = reading.receiver()
    await receiver.resume()
    await receiver.answer(KafkaRecord(b"k", b"x", (), 40))
    await reading.send(b"a")
    async with reading.at_work():
        assert await reading.until(2) == ["40 x", "0 a"]
