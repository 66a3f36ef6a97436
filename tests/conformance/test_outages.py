"""The servers themselves die, again and again, while facts are on their way: nothing is lost,
nothing doubled, the order stands.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from random import Random

import pytest

from tests.conformance.member import process
from tests.conformance.two_services import played
from tests.patience import PATIENCE
from tests.servers import Embedded

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def mortal() -> Iterator[Embedded]:
    """Servers of one's own, started again whenever they die."""
    servers = Embedded()
    yield servers
    servers.stop()


@pytest.mark.parametrize("server", ["kafka", "postgres"])
async def test_a_server_that_is_killed_loses_and_doubles_nothing(
    mortal: Embedded, server: str
) -> None:
    random, told = Random(1), mortal.endpoints
    async with (
        played(told["postgres"], told["kafka"]) as play,
        process(play.first),
        process(play.second),
    ):
        writing = asyncio.create_task(play.write(1200, random, pause=0.15))
        for _ in range(3):
            await asyncio.sleep(random.uniform(1.0, 3.0))
            await kill(mortal, server)
        await writing
        await play.carried()


async def kill(servers: Embedded, server: str) -> None:
    """And waits until it is up again."""
    before, end = servers.pids[server], time.monotonic() + PATIENCE
    os.kill(before, signal.SIGKILL)
    while servers.pids.get(server, before) == before:
        assert time.monotonic() < end, f"{server} does not come up again"
        await asyncio.sleep(0.05)
