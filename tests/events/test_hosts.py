"""A database on several hosts: one that says nothing holds nobody up."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.embedded.process import reserve
from libs.events.hosts import alone, connect
from libs.events.pools import open_pool


@contextmanager
def silent() -> Iterator[tuple[str, socket.socket]]:
    """A host that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield f"127.0.0.1:{listening.getsockname()[1]}", listening


def together(postgres: str, *first: str) -> str:
    """The DSN of hosts, the real one last."""
    parts = urlsplit(postgres)
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}@{','.join((*first, host))}").geturl()


def test_each_host_has_a_dsn_of_its_own() -> None:
    query = "sslmode=require&target_session_attrs=primary"
    assert alone(f"postgresql://a:b@one:5432,two:5433/log?{query}") == [
        f"postgresql://a:b@one:5432/log?{query}",
        f"postgresql://a:b@two:5433/log?{query}",
    ]
    assert alone("postgresql://one/log") == ["postgresql://one/log"]


@pytest.mark.servers
async def test_a_primary_answers_beside_a_host_that_says_nothing(postgres: str) -> None:
    with silent() as (host, listening):
        pool = await open_pool(together(postgres, host))
        try:
            assert await pool.fetchval("SELECT 1") == 1
        finally:
            await pool.close()
        taken, _ = listening.accept()
        with taken:
            taken.settimeout(10)
            while taken.recv(1000):  # ends: whoever was not chosen is left
                pass


@pytest.mark.servers
async def test_a_host_that_refuses_is_passed_over(postgres: str) -> None:
    connection = await connect(together(postgres, f"127.0.0.1:{reserve()}"), timeout=10)
    try:
        assert await connection.fetchval("SELECT 1") == 1
    finally:
        await connection.close()


async def test_where_nobody_answers_it_is_said() -> None:
    nobody = f"postgresql://a@127.0.0.1:{reserve()},127.0.0.1:{reserve()}/log"
    with pytest.raises(OSError):
        await connect(nobody, timeout=10)


@pytest.mark.servers
async def test_a_refusal_of_all_is_the_database_s_own(postgres: str) -> None:
    parts = urlsplit(together(postgres, urlsplit(postgres).netloc.rpartition("@")[2]))
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(parts._replace(path="/nowhere").geturl(), timeout=10)
