"""How those that follow a log let facts gather when it is busy: one wake-up, one transaction and
one produce request for what comes in the same moment.
"""

import asyncio
import time
from collections import deque

ROW = 2  # batches after which there was more each time: whoever follows is slower than facts come
BURST, WINDOW = 5, 0.1  # batches within so many seconds
GATHERING = 0.02  # seconds of a rest


class Pace:
    """Of one follower. Where facts come now and then each is taken at once."""

    def __init__(self) -> None:
        self._row = 0
        self._batches: deque[float] = deque(maxlen=BURST)

    async def rest(self) -> None:
        """After a batch: for a moment, where the log is busy."""
        self._row += 1
        self._batches.append(time.monotonic())
        burst = len(self._batches) == BURST and self._batches[-1] - self._batches[0] < WINDOW
        if burst or self._row > ROW:
            await asyncio.sleep(GATHERING)

    def has_all(self) -> None:
        """There is nothing more at the moment."""
        self._row = 0
