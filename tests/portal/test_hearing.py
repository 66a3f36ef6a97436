"""The services' topics are read from their end, whatever becomes of the broker meanwhile."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from libs.events.envelope import to_record, topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import Bus, KafkaSettings
from libs.events.records import StoredEvent
from services.portal.web.hearing import hearing
from services.portal.web.live import Audience, Listener, Live
from tests.conformance.two_services import topics
from tests.patience import PATIENCE
from tests.servers import Embedded

pytestmark = [pytest.mark.servers, pytest.mark.slow]
OURS, SERVICE = UUID(int=1), "enterprise"
META = (
    b'{"id":"00000000-0000-7000-8000-000000000001","schema":1,"correlation":"c",'
    b'"causation":null,"trace":"t"}'
)


@pytest.fixture(scope="module")
def mortal() -> Iterator[Embedded]:
    """A broker of one's own, started again whenever it dies."""
    servers = Embedded()
    yield servers
    servers.stop()


async def tell(bus: Bus, position: int) -> None:
    """A fact of ours on the topic, as soon as the broker takes it."""
    event = StoredEvent(
        position, uuid4(), 1, "enterprise.X.Y", OURS, b"{}", META, datetime.now(UTC)
    )
    publisher, end = bus.publisher(), time.monotonic() + PATIENCE
    try:
        while True:
            try:
                await publisher.publish(topic_of(SERVICE), [to_record(SERVICE, event, "http://e")])
                return
            except Unavailable:
                assert time.monotonic() < end, "the broker does not come back"
    finally:
        await publisher.end()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def an_open_page(bus: Bus) -> AsyncIterator[Listener]:
    live = Live(is_on=True)
    async with hearing(bus, live, (SERVICE,)):
        with live.listening(Audience(owner=OURS), b"") as listener:
            yield listener


async def hears(bus: Bus, listener: Listener, position: int) -> None:
    """What is told from the moment at which it reads the topic's end."""
    async with asyncio.timeout(PATIENCE):
        while listener.waiting.get(SERVICE, -1) < position:
            await tell(bus, position)
            await asyncio.sleep(0.2)


async def killed(servers: Embedded) -> int:
    pid = servers.pids["kafka"]
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_pages_hear_again_when_the_broker_is_back(mortal: Embedded) -> None:
    kafka = str(mortal.endpoints["kafka"])
    bus = Bus(KafkaSettings(kafka))
    await topics(kafka, topic_of(SERVICE))
    await tell(bus, 1)
    async with an_open_page(bus) as heard:
        await hears(bus, heard, 2)
        before = await killed(mortal)
        async with an_open_page(bus) as opened_while_away:
            await asyncio.sleep(1)
            assert opened_while_away.waiting == {}
            await until(lambda: mortal.pids.get("kafka", before) != before)
            await hears(bus, heard, 3)
            await hears(bus, opened_while_away, 4)


async def test_what_was_told_before_is_told_to_no_page(mortal: Embedded) -> None:
    kafka = str(mortal.endpoints["kafka"])
    bus = Bus(KafkaSettings(kafka))
    await topics(kafka, topic_of(SERVICE))
    await tell(bus, 9)
    async with an_open_page(bus) as heard:
        await hears(bus, heard, 5)
        assert heard.waiting == {SERVICE: 5}
