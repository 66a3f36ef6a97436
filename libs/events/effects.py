"""Effects: what a service does in the world because of its own events, at least once, keyed by the
event's id.

An effect is idempotent: it looks first whether it was done (Message-ID, object key, an outcome in
the stream), acts, and appends the outcome as an event. Raise Unavailable only if the dependency is
down; a single failure is an outcome event. What raises anything else, or takes its process with it,
is parked after MOST_ATTEMPTS, so that the others go on; `./kaohe redrive` tries it again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog

from libs.events.application import Application
from libs.events.bell import Bell
from libs.events.errors import Unavailable
from libs.events.figures import Level
from libs.events.pace import Pace
from libs.events.parking import park, release
from libs.events.pools import CONNECTION_ERRORS, Connection, Pool, connection_errors, worked_with
from libs.events.reader import LAZY
from libs.events.records import StoredEvent
from libs.events.spans import SpanKind, span
from libs.events.store import LOOK, Log

SCHEMA = """
CREATE TABLE IF NOT EXISTS effect_attempts (
    effects  text   NOT NULL,
    position bigint NOT NULL,
    attempts int    NOT NULL,
    PRIMARY KEY (effects, position)
);
"""
BEGIN = """
INSERT INTO effect_attempts VALUES ($1, $2, 1)
ON CONFLICT (effects, position) DO UPDATE SET attempts = effect_attempts.attempts + 1
RETURNING attempts
"""
BATCH = 100
MOST_ATTEMPTS = 5
PAUSE = 1.0  # seconds between them
ENDED_EACH_TIME = "its process ended each time"
INFRASTRUCTURE = (Unavailable, *CONNECTION_ERRORS)

E = TypeVar("E")
Effect = Callable[[E, StoredEvent], Awaitable[None]]
log = structlog.get_logger()


class Effects:
    def __init__(self, name: str) -> None:
        self.name = name
        self.kinds: dict[str, type] = {}
        self._effects: dict[str, Effect[Any]] = {}
        self.position, self.level = 0, Level()

    def on(self, kind: type[E]) -> Callable[[Effect[E]], Effect[E]]:
        def register(effect: Effect[E]) -> Effect[E]:
            topic: str = kind.TOPIC  # type: ignore[attr-defined]
            self.kinds[topic], self._effects[topic] = kind, effect
            return effect

        return register

    async def follow(self, application: Application, pool: Pool, own: Log, bell: Bell) -> None:
        """Carries out effects of what is appended, until cancelled. Raises Unavailable."""
        watch, pace = bell.watch(), Pace()
        self.position = stored = await self._resume(pool)
        while True:
            if batch := await own.follow(self.position, BATCH):
                for at in batch:
                    if at.type in self._effects:
                        await self._carry_out(application, pool, at)
                        stored = at.position
                self.position = batch[-1].position
                if len(batch) < BATCH:
                    self.level.reached()
                    await pace.rest()
                continue
            pace.has_all()
            self.level.reached()
            if self.position == stored:
                await watch.wait(LOOK)
            elif not await watch.wait(LAZY):
                await self._remember(pool, self.position)
                stored = self.position

    async def act(self, application: Application, at: StoredEvent) -> bool:
        """Carries out the effect of an event; False: it has none. Raises what the effect raises."""
        effect = self._effects.get(at.type)
        if effect:
            told = {"kaohe.event": at.type, "kaohe.position": at.position}
            with span(self.name, SpanKind.CONSUMER, at.metadata["trace"], told):
                await effect((await application.codec.decode([at]))[0], at)
        return effect is not None

    async def redrive(
        self, application: Application, pool: Pool, facts: Sequence[StoredEvent]
    ) -> int:
        """Carries out effects that were parked; how many are done now. What fails again stays.
        Raises Unavailable.
        """
        done = 0
        for at in facts:
            try:
                await self.act(application, at)
            except INFRASTRUCTURE:
                raise
            except Exception as error:
                log.error("an effect failed again", effects=self.name, exc_info=error)
                continue
            async with worked_with(pool) as connection:
                done += await release(connection, self.name, at.position)
        return done

    async def _carry_out(self, application: Application, pool: Pool, at: StoredEvent) -> None:
        """Once, or as often as it may fail; then it is parked. An attempt counts before it begins,
        so that one counts that ends the process. Raises Unavailable.
        """
        reason = ENDED_EACH_TIME
        while await self._begun(pool, at) <= MOST_ATTEMPTS:
            try:
                await self.act(application, at)
            except INFRASTRUCTURE:
                await self._not_counted(pool, at)
                raise
            except Exception as error:
                log.error("an effect failed", effects=self.name, exc_info=error)
                reason = type(error).__name__
                await asyncio.sleep(PAUSE)
            else:
                await self._end(pool, at)
                return
        await self._end(pool, at, parked=reason)

    async def _begun(self, pool: Pool, at: StoredEvent) -> int:
        """Which attempt this is."""
        with connection_errors("an attempt"):
            return int(await pool.fetchval(BEGIN, self.name, at.position))

    async def _not_counted(self, pool: Pool, at: StoredEvent) -> None:
        """A dependency is away: that is no fault of the event."""
        with connection_errors("an attempt"):
            await pool.execute(
                "UPDATE effect_attempts SET attempts = attempts - 1 "
                "WHERE effects = $1 AND position = $2",
                self.name,
                at.position,
            )

    async def _end(self, pool: Pool, at: StoredEvent, parked: str = "") -> None:
        """It is done, or given up: the next one comes."""
        with connection_errors("a position"):
            async with worked_with(pool) as connection, connection.transaction():
                if parked:
                    await park(connection, self.name, at, parked)
                await connection.execute(
                    "DELETE FROM effect_attempts WHERE effects = $1 AND position = $2",
                    self.name,
                    at.position,
                )
                await self._remember(connection, at.position)

    async def _resume(self, pool: Pool) -> int:
        with connection_errors("a position"):
            await pool.execute(
                "INSERT INTO readers VALUES ($1, 'effects', 0, 0) ON CONFLICT DO NOTHING", self.name
            )
            return int(
                await pool.fetchval("SELECT position FROM readers WHERE name = $1", self.name) or 0
            )

    async def _remember(self, to: Pool | Connection, position: int) -> None:
        with connection_errors("a position"):
            await to.execute(
                "UPDATE readers SET position = $2 WHERE name = $1 AND position < $2",
                self.name,
                position,
            )
