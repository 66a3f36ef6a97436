"""Reads the services' topics from their end: what open pages are told comes from there. No offset
is kept; while the broker is away nothing is told, and afterwards every page looks again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from libs.events.envelope import readable, topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import FOLLOWER_WAIT_MS, Bus
from services.portal.web.live import Live

BATCH, WAIT = 500, 2.0  # records; seconds
PAUSE = 2.0  # seconds after which a broker that is away is asked again
log = structlog.get_logger()


@asynccontextmanager
async def hearing(bus: Bus, live: Live, services: tuple[str, ...]) -> AsyncIterator[None]:
    """Tells `live` what stands on the services' topics, until the end."""
    tasks = [asyncio.create_task(_hear(bus, live, each), name=f"hears {each}") for each in services]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hear(bus: Bus, live: Live, service: str) -> None:
    was_away = False
    while True:
        try:
            async with bus.reading(topic_of(service), 0, FOLLOWER_WAIT_MS) as subscription:
                subscription.seek(await subscription.end())
                if was_away:
                    log.info("live again", service=service)
                    live.missed(service)
                was_away = False
                while True:
                    for record in await subscription.next(BATCH, WAIT):
                        if event := readable(record):
                            live.told(service, event)
        except Unavailable as error:
            if not was_away:
                log.warning("not live", service=service, exc_info=error)
            was_away = True
        await asyncio.sleep(PAUSE)
