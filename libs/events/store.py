"""The log of one service in PostgreSQL: appended by group commit, read by stream or by position."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg

from libs.events.append import (
    Answer,
    Appended,
    append,
    append_all,
    check,
    committed_position,
    recorded,
)
from libs.events.bell import Bell
from libs.events.clock import Clock
from libs.events.errors import Unavailable
from libs.events.figures import LogFigures
from libs.events.grouped import Grouped
from libs.events.hosts import connect
from libs.events.pools import (
    CONNECTION_ERRORS,
    Connection,
    PinnedConnection,
    Pool,
    borrowed,
    unavailable,
)
from libs.events.records import CommandRow, NewUnit, StoredEvent
from libs.events.scoped import STREAMS_OF_ASKERS, Scoped, reader
from libs.events.tail import Tail

SCHEMA = Path(__file__).with_name("log.sql").read_text()
# The log is written by its functions alone, which do it as its owner, whatever the caller's path:
# who calls them has no INSERT, and who may not call them takes no append lock (decision 55).
BY_FUNCTION = """
ALTER FUNCTION append_all(timestamptz, new_event[], new_command[])
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION append(timestamptz, new_event[], new_command[])
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
REVOKE EXECUTE ON FUNCTION append_all, append FROM PUBLIC;
"""
# Answers to repeated commands go after a time, counted by the log's own; nobody deletes one that is
# younger than LEAST_KEPT, whatever he asks for (decision 69). Rows lie in their order, so that an
# index of blocks is enough.
LEAST_KEPT = "7 days"
FORGET_COMMANDS = f"""
CREATE INDEX commands_by_age ON commands USING brin (recorded_at) WITH (pages_per_range = 32);
CREATE FUNCTION forget_commands(keep interval, most int) RETURNS int LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last timestamptz;
    forgotten int;
BEGIN
    SELECT recorded_at INTO last FROM public.events ORDER BY position DESC LIMIT 1;
    DELETE FROM public.commands WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM public.commands
        WHERE recorded_at < last - greatest(keep, interval '{LEAST_KEPT}') LIMIT most
    ));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;
REVOKE EXECUTE ON FUNCTION forget_commands FROM PUBLIC;
"""
COLUMNS = "position, stream_id, version, type, owner, data, meta, recorded_at"
STREAMS = f"""SELECT number, {COLUMNS}
FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY AS asked(id, after, upto, number)
CROSS JOIN LATERAL (
    SELECT * FROM events WHERE stream_id = id AND version > after AND version <= upto
) AS found ORDER BY number, version"""
BATCH = 128  # units in one call
# seconds after which a follower at the head asks PostgreSQL without a notification
LOOK = 5.0
# of notices that a listener, whoever it is, does not take: followers look by themselves (LOOK)
QUEUE_IS_FULL = asyncpg.ProgramLimitExceededError
NOTIFY_PAUSE = 0.05  # seconds between two notifications

T = TypeVar("T")
Waiting = tuple[NewUnit, "asyncio.Future[Appended]"]
Part = tuple[UUID, int, int]  # of a stream: after a version, up to another
AskedPart = tuple[Scoped, Part]  # with who alone is to see it


class Log:
    """`run()` is the process's one appender task; without it nothing is appended."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool, self._clock = pool, clock
        self._pinned = PinnedConnection(pool)  # the appender's
        self._waiting: deque[Waiting] = deque()
        self._parts = Grouped(self._read_parts)
        self._parts_of_askers = Grouped(self._read_parts_of_askers)
        self._in_flight: list[Waiting] = []
        self._work = asyncio.Event()
        self._tail = Tail()
        self._asked_at = 0.0  # when PostgreSQL was last asked what follows the tail; 0: ask now
        self._asking = asyncio.Lock()
        self.process = uuid4().hex  # by which a process knows its own notifications
        self.bell = Bell()  # rings when there is news, of whatever process
        self.appended = Bell()  # rings after the appends of this process
        self.figures = LogFigures()

    async def append(self, unit: NewUnit) -> Appended:
        """All of the unit or nothing, durable when this returns. Raises Conflict, Repeated,
        NotAppended, Unavailable.
        """
        check(unit)
        answer: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, answer))
        self._work.set()
        return await answer

    async def stream(self, id: UUID, upto: int | None = None, after: int = 0) -> list[StoredEvent]:
        """The stream's events in order, as many as there are up to a version; empty if there is no
        such stream, or none that whoever reads now may see (decision 55).
        """
        part = (id, after, upto if upto is not None else 2**31 - 1)
        asker = reader()
        return await (self._parts_of_askers((asker, part)) if asker else self._parts(part))

    async def _read_parts(self, parts: Sequence[Part]) -> list[list[StoredEvent]]:
        return await self._read_each(len(parts), STREAMS, *_columns(parts))

    async def _read_parts_of_askers(self, asked: Sequence[AskedPart]) -> list[list[StoredEvent]]:
        """All of a process ask by the same role."""
        askers = [asker.enterprise for asker, _ in asked]
        parts = _columns([part for _, part in asked])
        role = asked[0][0].role
        return await self._read_each(len(asked), STREAMS_OF_ASKERS, role, askers, *parts)

    async def _read_each(self, size: int, query: str, *given: object) -> list[list[StoredEvent]]:
        found: list[list[StoredEvent]] = [[] for _ in range(size)]
        for number, *row in await self._read_with_retry(lambda c: c.fetch(query, *given)):
            found[number - 1].append(StoredEvent(*row))
        return found

    async def at(self, id: UUID, version: int) -> StoredEvent | None:
        return next(iter(await self.stream(id, version, version - 1)), None)

    async def read(self, after: int, limit: int) -> list[StoredEvent]:
        """The next events of all streams in position order."""
        query = f"SELECT {COLUMNS} FROM events WHERE position > $1 ORDER BY position LIMIT $2"
        return [
            StoredEvent(*row)
            for row in await self._read_with_retry(lambda c: c.fetch(query, after, limit))
        ]

    async def follow(self, after: int, limit: int) -> list[StoredEvent]:
        """As `read`, for those that follow the log: from memory where the tail holds what is next.
        At the head it asks PostgreSQL only where another writer may have appended.
        """
        if found := self._tail.after(after, limit):
            self.figures.from_memory += 1
            return found
        if found is None:
            self.figures.from_database += 1
            rows = await self.read(after, limit)
            if self._tail.head is None and len(rows) < limit:
                self._tail.start(after + len(rows))
            return rows
        async with self._asking:
            if self._tail.head == after and time.monotonic() - self._asked_at > LOOK:
                self._asked_at = time.monotonic()
                rows = await self.read(after, limit)
                if not self._tail.extend(rows) or len(rows) == limit:
                    self._asked_at = 0.0
                return rows
        return self._tail.after(after, limit) or []

    async def head(self) -> int:
        return int(
            await self._read_with_retry(
                lambda c: c.fetchval("SELECT coalesce(max(position), 0) FROM events")
            )
        )

    def ring(self) -> None:
        """This process has appended by a transaction of its own."""
        self.heard()
        self.appended.ring()

    def heard(self) -> None:
        """There may be news that the tail does not hold."""
        self._asked_at = 0.0
        self.bell.ring()

    def doubt(self) -> None:
        """The connection was lost: another server may answer next, which has lost what this one
        held last.
        """
        self._tail.head, self._asked_at = None, 0.0

    async def close(self, topic: str) -> None:
        """No process appends from now on: this topic is ahead of the log (see Relay)."""
        await self._read_with_retry(
            lambda c: c.execute("INSERT INTO closed VALUES ($1) ON CONFLICT DO NOTHING", topic)
        )

    async def reopen(self, topic: str) -> None:
        await self._read_with_retry(
            lambda c: c.execute("DELETE FROM closed WHERE topic = $1", topic)
        )

    async def is_open(self) -> bool:
        return not await self._read_with_retry(
            lambda c: c.fetchval("SELECT EXISTS (SELECT FROM closed)")
        )

    @property
    def waiting(self) -> int:
        """Units that wait for the next call."""
        return len(self._waiting)

    async def command(self, id: UUID) -> CommandRow | None:
        query = (
            "SELECT id, fingerprint, status, location, stream_id, version, position FROM "
            "commands WHERE id = $1"
        )
        row = await self._read_with_retry(lambda c: c.fetchrow(query, id))
        return CommandRow(*row) if row else None

    async def run(self) -> None:
        """Appends what waits, in one call each time; ends only by cancellation."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                while batch := self._next_batch():
                    self._in_flight = batch
                    await self._append(batch)
        finally:
            for _, answer in (*self._in_flight, *self._waiting):
                if not answer.done():
                    answer.set_exception(Unavailable("log", "an append; the service is stopping"))
            self._waiting.clear()
            await self._pinned.give_back()

    def _next_batch(self) -> list[Waiting]:
        """First come, first served; a unit that shares a stream or a command id with one before it
        waits for the next call.
        """
        batch: list[Waiting] = []
        later: list[Waiting] = []
        taken: set[UUID] = set()
        while self._waiting and len(batch) < BATCH:
            unit, answer = self._waiting.popleft()
            names = [stream for stream, _ in unit.expected]
            if unit.command:
                names.append(unit.command.id)
            (batch if taken.isdisjoint(names) else later).append((unit, answer))
            taken.update(names)
        self._waiting.extendleft(reversed(later))
        return batch

    async def _append(self, batch: list[Waiting]) -> None:
        began = time.perf_counter()
        try:
            answers = await self._append_with_retry([unit for unit, _ in batch])
            self._appended(batch, answers, time.perf_counter() - began)
        except Exception as error:
            self.figures.failed += 1
            if isinstance(error, Unavailable):  # the next call would wait as long again
                batch = [*batch, *self._waiting]
                self._waiting.clear()
            elif len(batch) > 1:
                for each in batch:  # one by one, so that a bad unit fails alone
                    await self._append([each])
                return
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_exception(answer) if isinstance(
                    answer, Exception
                ) else future.set_result(answer)
        self.appended.ring()
        self.bell.ring()

    def _appended(
        self, batch: Sequence[Waiting], answers: Sequence[Answer], seconds: float
    ) -> None:
        pairs = zip(batch, answers, strict=True)
        self.figures.events += sum(
            len(unit.events) for (unit, _), answer in pairs if isinstance(answer, Appended)
        )
        self.figures.units.add(len(batch))
        self.figures.seconds.add(seconds)

    async def _append_with_retry(self, units: list[NewUnit]) -> list[Answer]:
        """Tried again once after a lost connection. Had the first call been committed after all,
        the second finds its units there (decision 3). What is appended at the first call goes into
        the tail (decision 39).
        """
        at = self._clock.now()
        for attempt in (1, 2):
            try:
                async with self._pinned.held() as connection:
                    if attempt == 1:
                        answers = await self._at_first(connection, units, at)
                        if not self._tail.extend(recorded(units, answers, at)):
                            self._asked_at = 0.0
                        return answers
                    self._asked_at = 0.0
                    answers = await append(connection, units, at)
                    pairs = zip(units, answers, strict=True)
                    return [
                        (isinstance(a, Exception) and await committed_position(connection, unit))
                        or a
                        for unit, a in pairs
                    ]
            except CONNECTION_ERRORS as error:
                self.doubt()
                if attempt == 2 or isinstance(error, TimeoutError):
                    raise unavailable(error, "an append") from error
        raise AssertionError

    async def _at_first(
        self, connection: Connection, units: list[NewUnit], at: datetime
    ) -> list[Answer]:
        with suppress(asyncpg.IntegrityConstraintViolationError):
            return await append_all(connection, units, at)
        return await append(connection, units, at)

    async def _read_with_retry(self, question: Callable[[Connection], Awaitable[T]]) -> T:
        """A read, tried again once on a connection that turned out to be dead."""
        for attempt in (1, 2):
            try:
                async with borrowed(self._pool) as connection:
                    return await question(connection)
            except CONNECTION_ERRORS as error:
                self.doubt()
                if attempt == 2 or isinstance(error, TimeoutError):
                    raise unavailable(error, "a read of the log") from error
        raise AssertionError


def _columns(parts: Sequence[Part]) -> list[list[Any]]:
    return [list(column) for column in zip(*parts, strict=True)]


async def create(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Creates the log in an empty database; the caller is its owner, who never writes."""
    await connection.execute(SCHEMA)


async def listen(dsn: str, log: Log) -> None:
    """Rings the log's bell for appends of other processes, until cancelled; a lost connection is
    made anew.
    """

    def hear(_connection: object, _pid: int, _channel: str, process: object) -> None:
        if process != log.process:
            log.heard()

    while True:
        with suppress(*CONNECTION_ERRORS):
            connection = await connect(
                dsn, timeout=2, server_settings={"application_name": "kaohe-listen"}
            )
            try:
                log.doubt()
                await connection.add_listener("appended", hear)
                while not connection.is_closed():
                    log.heard()
                    await asyncio.sleep(5)
            finally:
                connection.terminate()
        await asyncio.sleep(0.5)


async def notify(pool: Pool, log: Log) -> None:
    """Tells other processes of this one's appends (`Log.appended`; hearing of theirs must not make
    it tell): after the commit, not inside it, and at most once in NOTIFY_PAUSE.
    """
    watch = log.appended.watch()
    while True:
        if await watch.wait(60):
            with suppress(*CONNECTION_ERRORS, QUEUE_IS_FULL):
                await pool.execute(f"NOTIFY appended, '{log.process}'")
            await asyncio.sleep(NOTIFY_PAUSE)
