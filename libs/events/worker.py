"""The worker of one service: relay, readers and effects, run by one leader; standbys wait for its
lock.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
import structlog

from libs.events.errors import Unavailable
from libs.events.hosts import connect
from libs.events.pools import CONNECTION_ERRORS
from libs.events.reader import Fenced
from libs.events.relay import Ahead

# The lock that the leader's session holds: only whoever may lead can take it.
SCHEMA = """
CREATE FUNCTION try_to_lead() RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT pg_try_advisory_lock(4158)';
REVOKE EXECUTE ON FUNCTION try_to_lead FROM PUBLIC;
"""
ASK = "SELECT public.try_to_lead()"
BACKOFF = (0.1, 5.0)  # seconds: first, longest
log = structlog.get_logger()


@dataclass
class LoopState:
    """How a loop is doing; the health page reads it."""

    why: str = ""  # empty: well
    since: float = field(default_factory=time.monotonic)

    def becomes(self, why: str) -> None:
        if why != self.why:
            self.why, self.since = why, time.monotonic()


Loop = Callable[[], Awaitable[None]]


class Worker:
    """Loops by name. A loop whose dependency is gone backs off and counts as alive; any other
    error ends the process (crash-only).
    """

    def __init__(self, leader_dsn: str, loops: dict[str, Loop]) -> None:
        self._dsn, self._loops = leader_dsn, loops
        self.states = {name: LoopState("standby") for name in loops}
        self.leads = False

    async def run(self) -> None:
        while True:
            with suppress(*CONNECTION_ERRORS):
                connection = await connect(
                    self._dsn, timeout=2, server_settings={"idle_session_timeout": "5s"}
                )
                try:
                    await self._lead(connection)
                finally:
                    self.leads = False
                    await _closed(connection)
            await asyncio.sleep(0.5)

    async def _lead(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Holds a session lock and runs the loops as long as the session lives; a process that
        stops for 5 s loses both.
        """
        while not await connection.fetchval(ASK, timeout=2):
            await asyncio.sleep(0.5)
        self.leads = True
        loops = [
            asyncio.create_task(self._keep(name, loop), name=name)
            for name, loop in self._loops.items()
        ]
        try:
            while not any(task.done() for task in loops):
                await connection.fetchval("SELECT 1", timeout=2)
                await asyncio.wait(loops, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
            for task in loops:
                if task.cancelled():  # a library's cancellation that got loose: nobody's wish
                    raise RuntimeError(f"{task.get_name()} was cancelled, and not by its worker")
                if task.done():
                    task.result()
        finally:
            for task in loops:
                task.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            for state in self.states.values():
                state.becomes("standby")

    async def _keep(self, name: str, loop: Loop) -> None:
        pause, state, told = BACKOFF[0], self.states[name], ""
        while True:
            began = time.monotonic()
            state.becomes("")
            try:
                await loop()
            except (Unavailable, Fenced, Ahead, *CONNECTION_ERRORS) as error:
                state.becomes(str(error) or type(error).__name__)
            if time.monotonic() - began > 2 * BACKOFF[1]:
                pause, told = BACKOFF[0], ""
            else:
                pause = min(2 * pause, BACKOFF[1])
            if state.why != told:  # once for each reason, not at every try
                log.warning("a loop waits", loop=name, why=state.why)
                told = state.why
            await asyncio.sleep(pause)


async def _closed(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    with suppress(Exception):
        async with asyncio.timeout(1):
            await connection.close()
    connection.terminate()
