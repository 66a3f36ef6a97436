"""What is counted where it happens, at the price of an addition; who wants figures reads it."""

import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
MOMENT = 10.0  # seconds
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class Distribution:
    """How many values were at most as large as each bound, and their sum."""

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds, self.sum = bounds, 0.0
        self._counts = [0] * (len(bounds) + 1)

    def add(self, value: float) -> None:
        self._counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    @property
    def upto(self) -> Sequence[int]:
        """By bound, and last of all values."""
        return list(accumulate(self._counts))


@dataclass
class LogFigures:
    """Of the calls that append, each with as many units as waited."""

    seconds: Distribution = field(default_factory=Distribution)
    units: Distribution = field(default_factory=lambda: Distribution(SIZES))
    events: int = 0
    failed: int = 0
    from_memory: int = 0  # reads of followers
    from_database: int = 0


class Level:
    """How far somebody is behind what they follow."""

    def __init__(self) -> None:
        self.behind: int | None = None  # records, as last heard of a topic; None: not heard yet
        self._had_all = time.monotonic()

    def reached(self) -> None:
        """There is nothing more at the moment."""
        self.behind, self._had_all = 0, time.monotonic()

    def heard(self, left: int | None) -> None:
        """So many records are left; None: nobody says."""
        if left == 0:
            self.reached()
        elif left is not None:
            self.behind = left

    @property
    def seconds(self) -> float:
        """Since it last had all; 0 where that is but a moment, as of whoever rests at the end and
        looks every few seconds.
        """
        passed = time.monotonic() - self._had_all
        return passed if passed > MOMENT else 0.0
