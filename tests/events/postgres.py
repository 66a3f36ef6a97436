"""As much of PostgreSQL, in this process, as a log asks it; and what may happen to a question."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

import asyncpg

from libs.chassis.replicas.clock import SystemClock
from libs.events.append import ALL, EACH
from libs.events.pools import Pool
from libs.events.records import NewUnit
from libs.events.store import STREAMS, Log
from tests.patience import PATIENCE

A, B, C, COMMAND = (UUID(int=n) for n in range(1, 5))
LOST = asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


class Fault(NamedTuple):
    """Of one question: the error in place of its answer, and whether it was carried out."""

    error: Exception
    carried_out: bool = False


class Connection:
    def __init__(self, postgres: "Postgres") -> None:
        self._postgres = postgres

    async def fetch(self, query: str, *arguments: Any) -> Any:
        return await self._postgres.answer(query, *arguments)

    fetchval = fetchrow = execute = executemany = fetch

    def terminate(self) -> None:
        self._postgres.given_up += 1


class Acquiring:
    """As asyncpg's: waited for, or entered."""

    def __init__(self, postgres: "Postgres") -> None:
        self._postgres = postgres

    def __await__(self) -> Generator[Any, None, Connection]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Connection:
        return Connection(self._postgres)

    async def __aexit__(self, *_: object) -> None: ...


@dataclass(eq=False)
class Postgres:
    """A database that holds one log. `faults`: what happens to the next questions, one each (None:
    nothing); while it is not `let`, it answers nobody.
    """

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    faults: deque[Fault | None] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)  # units in each call that appended
    let: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: int = 0
    given_back: int = 0

    def __post_init__(self) -> None:
        self.let.set()

    def acquire(self) -> Acquiring:
        return Acquiring(self)

    async def release(self, _: Connection) -> None:
        self.given_back += 1

    async def execute(self, query: str, *arguments: Any) -> Any:
        return await self.answer(query, *arguments)

    async def answer(self, query: str, *arguments: Any) -> Any:
        self.asked.append(query)
        await self.let.wait()
        fault = self.faults.popleft() if self.faults else None
        if fault and not fault.carried_out:
            raise fault.error
        found = self._answer(query, *arguments)
        if fault:
            raise fault.error
        return found

    def _answer(self, query: str, *given: Any) -> Any:
        if query in (ALL, EACH):
            return self._append(query, *given)
        if query == STREAMS:
            return self._parts(*given)
        if "position > $1" in query:
            return self.rows[given[0] :][: given[1]]
        if "max(position)" in query:
            return len(self.rows)
        if "closed" in query:
            return self._closing(query, *given)
        if "stream_id = $1 AND version = $2" in query:
            found = next((row for row in self.rows if row[1:3] == given), None)
            told = found and {"position": found[0], "meta": found[6]}
            return told if query.startswith("SELECT position, meta ") else found
        return None

    def _append(
        self, query: str, at: datetime, events: list[tuple[Any, ...]], commands: list[Any]
    ) -> Any:
        if any("\0" in type for _, _, type, *_ in events):
            raise asyncpg.CharacterNotInRepertoireError("invalid byte sequence")
        refused = self._refused(events)
        if refused and query == ALL:
            raise asyncpg.UniqueViolationError("duplicate key value")
        head = len(self.rows)
        if not refused:
            self.calls.append(len({number for *_, number, _ in events}))
            self.rows += [(head + n, *row[:6], at) for n, row in enumerate(events, 1)]
        left_out = {"left_out": list(refused), "reasons": ["conflict"] * len(refused)}
        told = {"head": head, **left_out, "details": list(refused.values())}
        return head if query == ALL else told

    def _refused(self, events: list[tuple[Any, ...]]) -> dict[int, UUID]:
        """By number of the unit, its stream, which does not stand where the unit expects it."""
        last = {row[1]: row[2] for row in self.rows}
        return {
            number: stream for stream, *_, number, before in events if last.get(stream, 0) != before
        }

    def _parts(self, ids: list[UUID], after: list[int], upto: list[int]) -> list[tuple[Any, ...]]:
        assert max(upto) < 2**31  # as far as an integer of the database goes
        return [
            (number, *row)
            for number, asked in enumerate(zip(ids, after, upto, strict=True), 1)
            for row in self.rows
            if row[1] == asked[0] and asked[1] < row[2] <= asked[2]
        ]

    def _closing(self, query: str, *topic: str) -> bool:
        if query.startswith("INSERT"):
            self.closed.update(topic)
        elif query.startswith("DELETE"):
            self.closed.difference_update(topic)
        return bool(self.closed)


def log_of(postgres: Postgres) -> Log:
    return Log(cast(Pool, postgres), SystemClock())


@asynccontextmanager
async def appending(postgres: Postgres) -> AsyncIterator[Log]:
    """A log with its appender at work."""
    log = log_of(postgres)
    appender = asyncio.create_task(log.run())
    try:
        yield log
    finally:
        appender.cancel()
        with suppress(asyncio.CancelledError):
            await appender


async def outcomes(log: Log, *units: NewUnit) -> list[object]:
    async with asyncio.timeout(PATIENCE):
        return list(
            await asyncio.gather(*(log.append(each) for each in units), return_exceptions=True)
        )
