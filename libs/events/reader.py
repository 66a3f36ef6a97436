"""Readers: a log's or a topic's facts, each exactly once, into projections and policies.

A reader's memory is its row in PostgreSQL, moved in the transaction of what it applied; that row,
locked, fences a replica that woke up late. A fact is applied only if its position is exactly the
last one + 1: lower was seen, higher is a gap and waits (decisions 1 and 2). Facts for which it has
no function move it in memory first, and its row a little later: passed over again after a crash,
they change nothing (decision 39).
"""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from libs.events.aggregate import Aggregate
from libs.events.append import append, check
from libs.events.application import Application, Cause, Codec, Command, UnitOfWork
from libs.events.bell import Bell
from libs.events.clock import Clock
from libs.events.errors import Conflict, NotAppended, Unavailable
from libs.events.figures import Level
from libs.events.parking import park, parked_owners, release
from libs.events.policy import Policy
from libs.events.pools import (
    CONNECTION_ERRORS,
    Connection,
    Pool,
    connection_errors,
    unavailable,
    worked_with,
)
from libs.events.projection import Layout, Projection, flush
from libs.events.readmodel import Change, RowStep
from libs.events.records import NewEvent, NewUnit, StoredEvent
from libs.events.spans import SpanKind, span
from libs.events.stepping import StepFailed
from libs.events.value import Act, Actor
from libs.events.versions import layout

SCHEMA = """
CREATE TABLE IF NOT EXISTS readers (
    name        text   PRIMARY KEY,
    source      text   NOT NULL,
    position    bigint NOT NULL,
    next_offset bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS undeclared (
    reader         text   NOT NULL,
    type           text   NOT NULL,
    first_position bigint NOT NULL,
    seen           bigint NOT NULL,
    PRIMARY KEY (reader, type)
);
"""
MOVE = """UPDATE readers SET position = $2, next_offset = $3
WHERE name = $1 AND position = $4 RETURNING true"""
# Facts whose reactions a restored log has, while its readers' rows are older: `recover` fills it.
REACTED = "CREATE TABLE reacted (fact uuid PRIMARY KEY);"
WITHOUT_UNDECLARED = "DROP TABLE undeclared;"
# what was decided cannot be written
UNFIT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    NotAppended,
    StepFailed,
)
SYSTEM = Actor(user="policy", role="SYSTEM")
LAZY = 0.5  # seconds for which a position that only passed facts over may be ahead of its row


class Fenced(Exception):
    """Lost a race: another replica moved this reader's position; resume from its row."""


class Poison(Exception):
    """The pure part raised on this fact."""

    def __init__(self, at: StoredEvent, reason: str) -> None:
        super().__init__(f"{at.type} at {at.position}: {reason}")
        self.at, self.reason = at, reason


@dataclass
class Plan:
    """What a batch comes to, before anything is written."""

    changes: list[Change | RowStep] = field(default_factory=list)
    events: list[NewEvent] = field(default_factory=list)
    expected: dict[UUID, int] = field(default_factory=dict)
    parked: list[tuple[StoredEvent, str]] = field(default_factory=list)


class Reader:
    """Follows a source into a projection, a policy, or both; types that neither has a function for
    are passed over. The name is the stored position's key: renaming restarts at 0 against full
    tables.
    """

    def __init__(
        self,
        name: str,
        source: str,
        *,
        projection: Projection | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.name, self.source, self.projection, self.policy = name, source, projection, policy
        self.kinds: dict[str, type] = (projection.kinds if projection else {}) | (
            policy.kinds if policy else {}
        )


class Applier:
    """Applies facts for one reader: decides first, then writes everything in one short
    transaction.
    """

    def __init__(
        self,
        reader: Reader,
        application: Application,
        pool: Pool,
        clock: Clock,
        written: Bell,
        *,
        lazy: float | None = None,
    ) -> None:
        """`lazy`: as LAZY, where others are told from the row how far this reader is."""
        self._lazy = lazy
        self.reader, self._application, self._pool, self._clock, self._written = (
            reader,
            application,
            pool,
            clock,
            written,
        )
        self.position, self.next_offset = 0, 0
        self.level = Level()
        self._stored, self._stored_at = 0, 0.0  # the position in its row, and since when
        self._parked = True  # whether something of this reader's may be parked
        self._layout: Layout | None = None  # of tables that are those of an earlier version
        self._reacted: Collection[UUID] = ()  # facts that a restored log has the reactions to

    async def resume(self) -> None:
        """Loads the reader's position from its row; made on first use. Raises Unavailable."""
        name, source = self.reader.name, self.reader.source
        with connection_errors("a position"):
            await self._pool.execute(
                "INSERT INTO readers VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING", name, source
            )
            row = await self._pool.fetchrow(
                "SELECT position, next_offset FROM readers WHERE name = $1", name
            )
            if self.reader.policy:
                rows = await self._pool.fetch("SELECT fact FROM reacted")
                self._reacted = {each["fact"] for each in rows}
            if self.reader.projection:
                async with worked_with(self._pool) as connection:
                    self._layout = await layout(connection, self.reader.projection)
        assert row
        self.position, self.next_offset = row["position"], row["next_offset"]
        self._stored, self._stored_at, self._parked = self.position, time.monotonic(), True

    @property
    def lazy(self) -> float:
        return LAZY if self._lazy is None else self._lazy

    @property
    def is_ahead(self) -> bool:
        """Of its row, by facts that were passed over."""
        return self.position != self._stored

    async def store(self) -> None:
        """Writes the reader's position to its row. Raises Fenced, Unavailable."""
        if not self.is_ahead:
            return
        with connection_errors("a position"):
            moved = await self._pool.fetchval(
                MOVE, self.reader.name, self.position, self.next_offset, self._stored
            )
        if not moved:
            raise Fenced(self.reader.name)
        self._stored, self._stored_at = self.position, time.monotonic()

    async def apply(self, batch: Sequence[StoredEvent], next_offset: int) -> None:
        """Applies facts at the positions that follow the reader's, in one transaction; a fact that
        cannot be applied is parked. Raises Unavailable; Fenced where another replica was quicker.
        """
        if not any(at.type in self.reader.kinds for at in batch):
            await self._pass_over(batch[-1].position, next_offset)
            return
        bad: dict[int, str] = {}
        while True:
            try:
                plan = await self._decide(batch, bad, await self._owners_behind())
                await self._write(plan, batch[-1].position, next_offset)
            except Poison as poison:
                bad[poison.at.position] = poison.reason
            except Conflict:
                # somebody else wrote to one of the streams: decide again on what is there now
                continue
            except UNFIT as error:
                if len(batch) > 1:
                    await self._one_by_one(batch, next_offset)
                    return
                bad[batch[0].position] = type(error).__name__
            except CONNECTION_ERRORS as error:
                raise unavailable(error, f"a batch of {self.reader.name}") from error
            else:
                self.position, self.next_offset = batch[-1].position, next_offset
                self._stored, self._stored_at = self.position, time.monotonic()
                self._written.ring()
                if plan.events:
                    self._application.log.ring()
                return

    async def _pass_over(self, position: int, next_offset: int) -> None:
        self.position, self.next_offset = position, next_offset
        if time.monotonic() - self._stored_at > self.lazy:
            await self.store()

    async def _owners_behind(self) -> Collection[UUID]:
        """Only this reader parks, so once nothing is parked nothing need be asked."""
        if not self._parked:
            return ()
        owners = await parked_owners(self._pool, self.reader.name)
        self._parked = bool(owners)
        return owners

    async def redrive(self, facts: Sequence[StoredEvent]) -> int:
        """Applies parked facts again, in order, each in its own transaction, up to the first that
        still fails; returns how many were applied. Raises Unavailable.
        """
        for number, fact in enumerate(facts):
            if not await self._again(fact):
                return number
        return len(facts)

    async def _again(self, fact: StoredEvent) -> bool:
        while True:
            try:
                plan = await self._decide([fact], {}, ())
                async with worked_with(self._pool) as connection, connection.transaction():
                    if await release(connection, self.reader.name, fact.position):
                        await self._write_plan(connection, plan)
                return True
            except Conflict:
                continue
            except (Poison, *UNFIT):
                return False
            except CONNECTION_ERRORS as error:
                raise unavailable(error, f"a batch of {self.reader.name}") from error

    async def _one_by_one(self, batch: Sequence[StoredEvent], next_offset: int) -> None:
        for fact in batch:
            await self.apply([fact], next_offset if fact is batch[-1] else self.next_offset)

    async def _decide(
        self, batch: Sequence[StoredEvent], bad: dict[int, str], owners: Collection[UUID]
    ) -> Plan:
        plan, behind = Plan(), set(owners)
        streams: dict[UUID, tuple[int, Aggregate]] = {}
        for at in batch:
            if at.type not in self.reader.kinds:
                continue
            if at.owner in behind or at.position in bad:
                plan.parked.append(
                    (at, bad.get(at.position, "waits behind an earlier fact of the same owner"))
                )
                behind.add(at.owner)
            else:
                await self._consider(at, plan, streams)
        changed = {event.stream for event in plan.events}
        plan.expected = {
            stream: before for stream, (before, _) in streams.items() if stream in changed
        }
        return plan

    async def _consider(
        self, at: StoredEvent, plan: Plan, streams: dict[UUID, tuple[int, Aggregate]]
    ) -> None:
        """Adds to the plan what one fact comes to. Infrastructure errors propagate; any other
        exception parks the event (Poison). A policy acts at the recorded time of its cause
        (decision 4).
        """
        try:
            event = await read_fact(self.reader.kinds[at.type], at, self._application.codec)
            if self.reader.projection:
                plan.changes += self.reader.projection.changes(event, at)
            if self.reader.policy and not (self._reacted and at.id in self._reacted):
                work = UnitOfWork(
                    self._application, Command(Act(by=SYSTEM, at=at.recorded_at)), streams
                )
                with reaction(self.reader, at) as cause:
                    await self.reader.policy.react(work, event, at)
                plan.events += await self._application.codec.encode(work.collect(), cause)
        except (Unavailable, *CONNECTION_ERRORS):
            raise
        except Exception as error:
            raise Poison(at, f"{type(error).__name__}") from error

    async def _write(self, plan: Plan, position: int, next_offset: int) -> None:
        async with worked_with(self._pool) as connection, connection.transaction():
            if not await connection.fetchval(
                MOVE, self.reader.name, position, next_offset, self._stored
            ):
                raise Fenced(self.reader.name)
            await self._write_plan(connection, plan)

    async def _flush(self, connection: Connection, changes: Sequence[Change | RowStep]) -> None:
        projection = self.reader.projection
        assert projection
        if self._layout is not None:  # the next version may stand there since
            self._layout = await layout(connection, projection)
        await flush(connection, projection, changes, self._layout)

    async def _write_plan(self, connection: Connection, plan: Plan) -> None:
        for at, reason in plan.parked:
            self._parked = True
            await park(connection, self.reader.name, at, reason)
        if plan.changes:
            await self._flush(connection, plan.changes)
        if plan.events:  # last: it takes the append lock, which nothing but the commit may follow
            unit = NewUnit(tuple(plan.expected.items()), tuple(plan.events))
            check(unit)
            answer = (await append(connection, [unit], self._clock.now()))[0]
            if isinstance(answer, Exception):
                raise answer


@contextmanager
def reaction(reader: Reader, at: StoredEvent) -> Iterator[Cause]:
    """A policy at work on a fact, as the cause of what it decides, in the fact's trace."""
    meta = at.metadata
    told = {"kaohe.reader": reader.name, "kaohe.event": at.type, "kaohe.position": at.position}
    with span(reader.name, SpanKind.CONSUMER, meta["trace"], told) as trace:
        yield Cause(UUID(meta["correlation"]), causation=at.id, trace=trace)


async def read_fact(kind: type, at: StoredEvent, codec: Codec) -> Any:
    """The event of a record: one's own with its personal data opened, or the published part of a
    neighbour's. Raises ValidationError for bytes that are not of its kind.
    """
    if issubclass(kind, Aggregate.Event):
        return (await codec.decode([at]))[0]
    return kind.model_validate_json(at.data, extra="ignore")  # type: ignore[attr-defined]
