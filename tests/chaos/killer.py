"""kill -9 of everything a stack consists of, one after the other in random order, again and
again.
"""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

# answers between two kills: a slow machine is not killed to a standstill, a fast one not spared
GAP = (3, 15)


class Killer(threading.Thread):
    """`answers`: how many have been given so far; `killed`: how often each was hit."""

    def __init__(self, home: Path, random: Random, answers: Callable[[], int]) -> None:
        super().__init__()
        self._home, self._random, self._answers, self._enough = (
            home,
            random,
            answers,
            threading.Event(),
        )
        self.killed: Counter[str] = Counter()

    def run(self) -> None:
        """Until told that it is enough, but everything once at least."""
        names = sorted(self.pids())
        while not self._enough.is_set():
            for name in self._random.sample(names, len(names)):
                self._wait(self._answers() + self._random.randint(*GAP))
                if not (self._enough.is_set() and self.killed[name]):
                    self._kill(name)

    def _wait(self, answers: int) -> None:
        while self._answers() < answers and not self._enough.is_set():
            time.sleep(0.02)

    def stop(self) -> None:
        self._enough.set()
        self.join()

    def pids(self) -> dict[str, int]:
        """Of all children of the supervisor, as far as it has told."""
        return dict(self._told()["pids"])

    def all_live(self) -> bool:
        told = self._told()
        return all(is_under(told["supervisor"]["pid"], pid) for pid in told["pids"].values())

    def _kill(self, name: str) -> None:
        told = self._told()
        pid = int(told["pids"][name])
        # else it is dead, and another process may have its number
        if is_under(told["supervisor"]["pid"], pid):
            os.kill(pid, signal.SIGKILL)
            self.killed[name] += 1

    def _told(self) -> dict[str, dict[str, int]]:
        return dict(json.loads((self._home / "endpoints.json").read_text()))


def is_under(supervisor: int, pid: int) -> bool:
    """Whether it is a child of the supervisor, or was forked for it."""
    above = parent(pid)
    return supervisor in (above, parent(above))


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0
