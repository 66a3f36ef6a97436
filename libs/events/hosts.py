"""Connections to whichever of several PostgreSQL hosts is the primary."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import asyncpg

if TYPE_CHECKING:
    Connected = asyncpg.Connection[asyncpg.Record]
else:  # asyncpg's classes take no parameters at run time
    Connected = asyncpg.Connection

REFUSALS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


async def connect(dsn: str, **given: Any) -> Connected:
    """Asks all hosts of the DSN at once: asyncpg asks one after the other within one timeout, so
    that a dead one that says nothing would hide the one that was promoted. Raises as asyncpg does,
    for the host that failed last.
    """
    dsns = alone(dsn)
    if len(dsns) == 1:
        return await asyncpg.connect(dsn, **given)
    attempts = [asyncio.create_task(_connect(each, given)) for each in dsns]
    chosen: Connected | None = None
    try:
        for attempt in asyncio.as_completed(attempts):
            try:
                chosen = await attempt
            except REFUSALS as error:
                refusal = error
            else:
                return chosen
        raise refusal
    finally:
        for each in attempts:
            each.cancel()
            each.add_done_callback(partial(_left, chosen))


async def _connect(dsn: str, given: dict[str, Any]) -> Connected:
    return await asyncpg.connect(dsn, **given)


def alone(dsn: str) -> list[str]:
    """The DSN of each of its hosts."""
    parts = urlsplit(dsn)
    user, at, hosts = parts.netloc.rpartition("@")
    return [parts._replace(netloc=f"{user}{at}{host}").geturl() for host in hosts.split(",")]


def _left(chosen: Connected | None, attempt: "asyncio.Task[Connected]") -> None:
    """Nobody keeps a connection that came too late."""
    if not attempt.cancelled() and not attempt.exception() and attempt.result() is not chosen:
        attempt.result().terminate()
