"""Reads that wait for a topic: what another service has just recorded is still on its way
(decision 13).

found = await eventually(lambda: Directory(pool).find(enterprise))
people = await eventually(lambda: saved(pool, ids), until=lambda them: len(them) == len(ids))
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
TRIES, PAUSE = 20, 0.05  # seconds between two looks: about one second in all


async def eventually(look: Callable[[], Awaitable[T]], until: Callable[[T], object] = bool) -> T:
    """What `look` reads as soon as `until` holds of it, polled for about a second; after that what
    was read last, of which `until` does not hold.
    """
    found = await look()
    for _ in range(TRIES):
        if until(found):
            break
        await asyncio.sleep(PAUSE)
        found = await look()
    return found
