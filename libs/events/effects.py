"""Effects: what a service does in the world because of its own events, at least once, keyed by the
event's id.

An effect is idempotent: it looks first whether it was done (Message-ID, object key, an outcome in
the stream), acts, and appends the outcome as an event. Raise Unavailable only if the dependency is
down; a single failure is an outcome event.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from libs.events.application import Application
from libs.events.bell import Bell
from libs.events.pools import Pool, connection_errors
from libs.events.reader import LAZY
from libs.events.records import StoredEvent
from libs.events.store import LOOK, Log

E = TypeVar("E")
Effect = Callable[[E, StoredEvent], Awaitable[None]]


class Effects:
    def __init__(self, name: str) -> None:
        self.name = name
        self.kinds: dict[str, type] = {}
        self._effects: dict[str, Effect[Any]] = {}

    def on(self, kind: type[E]) -> Callable[[Effect[E]], Effect[E]]:
        def register(effect: Effect[E]) -> Effect[E]:
            topic: str = kind.TOPIC  # type: ignore[attr-defined]
            self.kinds[topic], self._effects[topic] = kind, effect
            return effect

        return register

    async def follow(self, application: Application, pool: Pool, log: Log, bell: Bell) -> None:
        """Carries out effects of what is appended, until cancelled. Raises Unavailable."""
        watch = bell.watch()
        position = stored = await self._resume(pool)
        while True:
            if batch := await log.follow(position, 100):
                for at in batch:
                    if await self.act(application, at):
                        await self._remember(pool, at.position)
                        stored = at.position
                position = batch[-1].position
            elif position == stored:
                await watch.wait(LOOK)
            elif not await watch.wait(LAZY):
                await self._remember(pool, position)
                stored = position

    async def act(self, application: Application, at: StoredEvent) -> bool:
        """Carries out the effect of an event; False: it has none. Raises what the effect raises."""
        effect = self._effects.get(at.type)
        if effect:
            await effect((await application.codec.decode([at]))[0], at)
        return effect is not None

    async def _resume(self, pool: Pool) -> int:
        with connection_errors("a position"):
            await pool.execute(
                "INSERT INTO readers VALUES ($1, 'effects', 0, 0) ON CONFLICT DO NOTHING", self.name
            )
            return int(
                await pool.fetchval("SELECT position FROM readers WHERE name = $1", self.name) or 0
            )

    async def _remember(self, pool: Pool, position: int) -> None:
        with connection_errors("a position"):
            await pool.execute(
                "UPDATE readers SET position = $2 WHERE name = $1 AND position < $2",
                self.name,
                position,
            )
