"""Inboxes: foreign topics. Records are untrusted and identified by offset; each is answered by
events, exactly once. The offset is committed in the transaction of the answer; a record that
cannot be processed is answered as failed, so that nothing behind it waits (decision 29).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from libs.events.append import append, check
from libs.events.application import Application, Cause, Command, UnitOfWork
from libs.events.clock import Clock
from libs.events.envelope import KafkaRecord
from libs.events.errors import Conflict, Unavailable
from libs.events.figures import Level
from libs.events.kafka import FOLLOWER_WAIT_MS, Bus
from libs.events.pools import CONNECTION_ERRORS, Pool, connection_errors, unavailable, worked_with
from libs.events.reader import SYSTEM, Fenced
from libs.events.records import NewUnit
from libs.events.store import LOOK
from libs.events.value import Act

BATCH = 200


@dataclass(frozen=True)
class Inbox:
    """`name` is data, as a reader's. `receive` decides like a policy, on bytes that nobody vouches
    for; `failed` answers a record on which it raised, or whose answer could not be written, and
    gets the error.
    """

    name: str
    topic: str
    receive: Callable[[UnitOfWork, KafkaRecord], Awaitable[None]]
    failed: Callable[[UnitOfWork, KafkaRecord, Exception], Awaitable[None]]


class Receiver:
    """Works for one inbox: a record, its answer, the next."""

    def __init__(self, inbox: Inbox, application: Application, pool: Pool, clock: Clock) -> None:
        self._inbox, self._application, self._pool, self._clock = inbox, application, pool, clock
        self.name, self.topic, self.next_offset = inbox.name, inbox.topic, 0
        self.level = Level()
        self._stored = 0  # the next offset in its row: behind by records that needed no answer

    async def follow(self, bus: Bus) -> None:
        """Answers the records of its topic, until cancelled. Raises Unavailable; Fenced where
        another replica is at work.
        """
        await self.resume()
        limit = BATCH
        async with bus.reading(
            self._inbox.topic, self.next_offset, FOLLOWER_WAIT_MS
        ) as subscription:
            while True:
                try:
                    records = await subscription.next(limit, LOOK)
                except ValueError:
                    # the client cannot read one of them, and drops those before it: again from
                    # there, one by one
                    records = [] if limit > 1 else [KafkaRecord(b"", b"", (), self.next_offset)]
                    limit = 0
                for record in records:
                    await self.answer(record)
                await self.store()
                self.level.heard(subscription.left())
                if not limit:
                    subscription.seek(self.next_offset)
                limit = 1 if not limit or (limit == 1 and records) else BATCH

    async def resume(self) -> None:
        """Loads the next offset from the inbox's row among the readers; made on first use. Raises
        Unavailable.
        """
        name, topic = self._inbox.name, self._inbox.topic
        with connection_errors("a position"):
            await self._pool.execute(
                "INSERT INTO readers VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING", name, topic
            )
            self._stored = await self._pool.fetchval(
                "SELECT next_offset FROM readers WHERE name = $1", name
            )
        self.next_offset = self._stored

    async def answer(self, record: KafkaRecord) -> None:
        """Appends the events that answer the record, and commits its offset, in one transaction.
        Where none do, nothing is written: the next answer commits its offset too, or `store`.
        Raises Unavailable, Fenced.
        """
        fault: Exception | None = None
        while True:
            try:
                unit = await self._decide(record, fault)
                if unit.events:
                    await self._write(record.offset + 1, unit)
                self.next_offset = record.offset + 1
                return
            except Conflict:
                # somebody else wrote to one of the streams: decide again on what is there now
                continue
            except (Unavailable, Fenced):
                raise
            except CONNECTION_ERRORS as error:
                raise unavailable(error, "an append") from error
            except Exception as error:
                if fault:
                    raise  # not even that it failed can be written down
                fault = error

    async def _decide(self, record: KafkaRecord, fault: Exception | None) -> NewUnit:
        work = UnitOfWork(self._application, Command(Act(by=SYSTEM, at=self._clock.now())))
        await (
            self._inbox.failed(work, record, fault) if fault else self._inbox.receive(work, record)
        )
        expected = work.expected()
        events = await self._application.codec.encode(
            work.collect(), Cause(self._application.ids.new())
        )
        return NewUnit(expected, events)

    async def store(self) -> None:
        """Commits the offset of what needed no answer. Raises Unavailable, Fenced."""
        if self.next_offset != self._stored:
            try:
                await self._write(self.next_offset, None)
            except CONNECTION_ERRORS as error:
                raise unavailable(error, "a position") from error

    async def _write(self, next_offset: int, unit: NewUnit | None) -> None:
        move = (
            "UPDATE readers SET position = $2, next_offset = $2 WHERE name = $1 AND next_offset "
            "= $3 RETURNING true"
        )
        async with worked_with(self._pool) as connection, connection.transaction():
            if not await connection.fetchval(move, self._inbox.name, next_offset, self._stored):
                raise Fenced(self._inbox.name)
            # last: it takes the append lock, which nothing but the commit may follow
            if unit:
                check(unit)
                answer = (await append(connection, [unit], self._clock.now()))[0]
                if isinstance(answer, Exception):
                    raise answer
        self._stored = next_offset
        self._application.log.ring()
