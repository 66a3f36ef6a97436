"""A bell: many wait, whoever has news rings. Ringing means "look again", never what to find."""

import asyncio
from contextlib import suppress


class Bell:
    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    def watch(self) -> "Watch":
        """From now on no ring is missed, also one between looking and waiting."""
        return Watch(self)

    async def wait(self, seconds: float) -> None:
        """Until the next ring, or that long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._next.wait()


class Watch:
    def __init__(self, bell: Bell) -> None:
        self._bell, self._event = bell, bell._next

    async def wait(self, seconds: float) -> bool:
        """Until a ring since the last wait, or that long; whether it rang."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        rang, self._event = self._event.is_set(), self._bell._next
        return rang
