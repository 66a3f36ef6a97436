"""Pools of PostgreSQL connections with the settings that every service needs."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import asyncpg

from libs.events.errors import Unavailable
from libs.events.figures import Distribution
from libs.events.hosts import connect

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    PoolConnectionProxy = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy
else:  # asyncpg's classes take no parameters at run time
    PoolConnectionProxy = asyncpg.pool.PoolConnectionProxy
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

CONNECTION_ERRORS = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # between the server's last words and the end of the connection
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby: the primary is elsewhere
    asyncpg.LockNotAvailableError,
)

# seconds until a server that cannot even say that a statement took too long is taken for dead
SILENCE = 12.0
ANSWER = 2.0  # seconds until it is away for somebody who waits for it (decision 62)
CONNECT = 2.0  # seconds until it is away for somebody who needs a new connection
WORK = 60.0  # seconds that a loop may take for a batch
SETTINGS = {
    "application_name": "kaohe",
    # a stopped client would hold the append lock for ever
    "idle_in_transaction_session_timeout": "2s",
    "lock_timeout": "5s",
    "statement_timeout": "10s",
    "jit": "off",
    # of a page that the disk is asked for: what lists walk is in memory, or on an SSD
    "random_page_cost": "1.1",
}


IDLE = 20.0  # seconds after which a connection that nobody used is closed: each is a process


class MeasuredPool(asyncpg.Pool):
    """Knows how long those waited who asked it for a connection. What is asked of the pool itself
    is asked by its loops.
    """

    def __init__(self, dsn: str, **arguments: Any) -> None:
        super().__init__(
            dsn,
            max_queries=50_000,
            loop=None,
            connection_class=asyncpg.Connection,
            record_class=asyncpg.Record,
            **arguments,
        )
        self.waits, self.given_up = Distribution(), 0

    async def _acquire(self, timeout: float | None) -> PoolConnectionProxy:  # noqa: ASYNC109
        began = time.perf_counter()
        try:
            return await super()._acquire(timeout)  # type: ignore[misc,no-any-return]
        except BaseException:
            self.given_up += 1
            raise
        finally:
            self.waits.add(time.perf_counter() - began)

    async def execute(self, query: str, *arguments: Any, **more: Any) -> Any:
        async with worked_with(self) as connection:
            return await connection.execute(query, *arguments, **more)

    async def fetch(self, query: str, *arguments: Any, **more: Any) -> Any:
        async with worked_with(self) as connection:
            return await connection.fetch(query, *arguments, **more)

    async def fetchrow(self, query: str, *arguments: Any, **more: Any) -> Any:
        async with worked_with(self) as connection:
            return await connection.fetchrow(query, *arguments, **more)

    async def fetchval(self, query: str, *arguments: Any, **more: Any) -> Any:
        async with worked_with(self) as connection:
            return await connection.fetchval(query, *arguments, **more)


async def open_pool(dsn: str, size: int = 8) -> MeasuredPool:
    """A pool whose connections come up lazily: a service starts, and says it is not ready, while
    its database is away.
    """
    pool = MeasuredPool(
        dsn,
        connect=connect,
        min_size=0,
        max_size=size,
        timeout=CONNECT,
        command_timeout=SILENCE,
        max_inactive_connection_lifetime=IDLE,
        reset=_nothing,
        server_settings=SETTINGS,
    )
    await pool
    return pool


TURN = 5.0  # seconds in which one's turn comes, also in a crowd, if the database answers at all


class NoTurn(TimeoutError):
    """All connections were in use for TURN seconds, or nobody who had one was answered, or no new
    one could be made.
    """


class Crowd:
    """Those who wait for a connection of a pool. They go on waiting while others are answered, and
    no longer than those who ask where nobody is.
    """

    def __init__(self) -> None:
        self._answered = 0.0  # when somebody was, last
        self._waiting: set[asyncio.Timeout] = set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """For waiting until a connection is free, which is no outage: no clock of an answer runs
        yet. Raises NoTurn.
        """
        began = time.monotonic()
        limit = asyncio.timeout(TURN)
        try:
            async with limit:
                self._waiting.add(limit)
                yield
        except TimeoutError as error:
            if not limit.expired():  # no connection could be made
                self.unanswered(began)
            raise NoTurn from error
        finally:
            self._waiting.discard(limit)

    def answered(self) -> None:
        self._answered = time.monotonic()

    def unanswered(self, since: float) -> None:
        """Somebody gave up who had asked at this moment of `time.monotonic`. Where another was
        answered meanwhile, the crowd waits for ANSWER from then on.
        """
        if self._answered < since:
            self._tell()
        else:
            left = self._answered + ANSWER - time.monotonic()
            asyncio.get_running_loop().call_later(left, self._tell_after, self._answered)

    def _tell_after(self, answered: float) -> None:
        if self._answered == answered:  # nobody since
            self._tell()

    def _tell(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._waiting:
            with suppress(RuntimeError):  # its time is over already
                self._waiting.pop().reschedule(now)


_crowds: "WeakKeyDictionary[Pool, Crowd]" = WeakKeyDictionary()


def _crowd_of(pool: Pool) -> Crowd:
    if (crowd := _crowds.get(pool)) is None:
        crowd = _crowds[pool] = Crowd()
    return crowd


@asynccontextmanager
async def _asking(crowd: Crowd, seconds: float) -> AsyncIterator[None]:
    """Who waits behind one that takes longer than ANSWER is told then, if nobody is answered."""
    began = time.monotonic()
    later = asyncio.get_running_loop().call_later(ANSWER, crowd.unanswered, began)
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        crowd.unanswered(began)
        raise
    finally:
        later.cancel()
    crowd.answered()


def worked_with(pool: Pool) -> AbstractAsyncContextManager[Connection]:
    """A connection for the work of a loop, which nobody waits for."""
    return borrowed(pool, WORK)


@asynccontextmanager
async def borrowed(pool: Pool, seconds: float | None = None) -> AsyncIterator[Connection]:
    """A connection for that long, else for ANSWER seconds, once it is one's turn. One that has not
    answered by then is given up: a polite cancellation would wait for its answer (decision 24).
    """
    crowd = _crowd_of(pool)
    async with AsyncExitStack() as stack:
        async with crowd.turn():
            connection = await stack.enter_async_context(pool.acquire())
        try:
            async with _asking(crowd, ANSWER if seconds is None else seconds):
                yield connection
        except (asyncio.CancelledError, *CONNECTION_ERRORS):
            give_up(connection)
            raise


class PinnedConnection:
    """One pooled connection held between calls, by its only user: saves 5 % of an append."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._crowd = pool, _crowd_of(pool)
        self._kept: PoolConnectionProxy | None = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Connection]:
        """The connection for ANSWER seconds, given up as `borrowed` gives one up; the next call
        makes a new one.
        """
        try:
            if self._kept is None:
                async with self._crowd.turn():
                    self._kept = await self._pool.acquire()
            async with _asking(self._crowd, ANSWER):
                yield self._kept
        except (asyncio.CancelledError, *CONNECTION_ERRORS):
            kept, self._kept = self._kept, None
            if kept:
                give_up(kept)
            raise

    async def give_back(self) -> None:
        kept, self._kept = self._kept, None
        if kept:
            await self._pool.release(kept)


def give_up(connection: Connection) -> None:
    """Nobody has it after this."""
    with suppress(asyncpg.InterfaceError):  # its pool has taken it back already
        connection.terminate()


async def _nothing(_: object) -> None:
    """No session state is ever set outside a transaction, so that resetting it would be a round
    trip for nothing.
    """


@contextmanager
def connection_errors(waited_for: str) -> Iterator[None]:
    """Raises Unavailable in place of a connection error."""
    try:
        yield
    except CONNECTION_ERRORS as error:
        raise unavailable(error, waited_for) from error


def unavailable(error: BaseException, waited_for: str) -> Unavailable:
    return Unavailable("database", f"{waited_for} ({type(error).__name__})")
