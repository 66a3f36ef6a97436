"""Every kind of fault, done to a stack that is in use and undone again."""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx

from deploy.embedded.process import StackError
from deploy.installation.clocks import now, set_clock
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import Bus, KafkaSettings
from tests.chaos.evidence import Strangers
from tests.chaos.killer import Killer
from tests.chaos.outages import Stack
from tests.conformance.faults import Mode

LASTS = (0.5, 4.0)  # seconds
JUMP = timedelta(minutes=10)
SPOKEN = ("personnel", "review")  # the services whose topics say something meanwhile
DISK = 4 * 2**30


@dataclass
class Place:
    """The stack that suffers; `disk` is where its servers' data lies, if that may be filled."""

    stack: Stack
    told: dict[str, Any]
    killer: Killer
    random: Random
    disk: Path | None = None
    strangers: Strangers = field(default_factory=Counter)

    def lasts(self) -> None:
        time.sleep(self.random.uniform(*LASTS))

    def process(self) -> int:
        """Any: of a service, portal or issuer, or of a server."""
        pids = self.killer.pids() | self.stack.servers.pids
        return pids[self.random.choice(sorted(pids))]


def kill(place: Place) -> None:
    with suppress(ProcessLookupError):
        os.kill(place.process(), signal.SIGKILL)


def stop(place: Place) -> None:
    """It stands still, and goes on as if no time had passed."""
    pid = place.process()
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        place.lasts()
        os.kill(pid, signal.SIGCONT)


def partition(place: Place) -> None:
    """Nobody reaches any server."""
    _through(place, Mode.RESET, *place.stack.levers)


def reset(place: Place) -> None:
    """Connections are cut once; whoever connects anew is let in."""
    for lever in _one(place):
        place.stack.levers[lever].becomes(Mode.RESET)
        place.stack.levers[lever].becomes(Mode.PASS)


def black_hole(place: Place) -> None:
    _through(place, Mode.BLACKHOLE, *_one(place))


def lost_answer(place: Place) -> None:
    """Every second answer: what was asked for is done."""
    _through(place, Mode.LOSTACK, *_one(place), chance=0.5)


def slow(place: Place) -> None:
    _through(place, Mode.SLOW, *_one(place))


def _one(place: Place) -> list[str]:
    return [place.random.choice(sorted(place.stack.levers))]


def _through(place: Place, mode: Mode, *names: str, chance: float = 1.0) -> None:
    levers = [place.stack.levers[name] for name in names]
    for lever in levers:
        lever.becomes(mode, chance)
    place.lasts()
    for lever in levers:
        lever.becomes(Mode.RESET)  # what was swallowed is not owed
        lever.becomes(Mode.PASS)


def disk_full(place: Place) -> None:
    """No byte is left where the servers' data lies."""
    assert place.disk
    ballast = place.disk / "ballast"
    with ballast.open("wb") as file, suppress(OSError):
        while free := shutil.disk_usage(place.disk).free:
            os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), free)
    place.lasts()
    ballast.unlink()


def clock_jump(place: Place) -> None:
    set_clock(place.told, datetime.fromisoformat(now(place.told)) + JUMP)


def duplicate(place: Place) -> None:
    """A true record stands there once more."""
    _told_by_strangers(place, lambda last: last)


def poison(place: Place) -> None:
    """Bytes that are no record."""
    _told_by_strangers(place, lambda _: KafkaRecord(b"", secrets.token_bytes(8), ()))


def forged(place: Place) -> None:
    """The next position, with the signature of another."""
    _told_by_strangers(place, _with_next_position)


def _with_next_position(record: KafkaRecord) -> KafkaRecord:
    headers = [
        (name, str(int(value) + 1).encode() if name == "ce_position" else value)
        for name, value in record.headers
    ]
    return replace(record, headers=tuple(headers))


def _told_by_strangers(place: Place, made: Callable[[KafkaRecord], KafkaRecord]) -> None:
    service = place.random.choice(SPOKEN)
    place.strangers[service] += 1  # it may stand there without our hearing of it
    asyncio.run(_publish(place.told["kafka"], topic_of(service), made))


async def _publish(broker: str, topic: str, made: Callable[[KafkaRecord], KafkaRecord]) -> None:
    bus = Bus(KafkaSettings(broker))
    _, records = await bus.tail(topic, max(0, await bus.end(topic) - 50))
    own = [each for each in records if dict(each.headers).get("ce_position", b"").isdigit()]
    publisher = bus.publisher()
    try:
        await publisher.publish(topic, [made(own[-1])] if own else [])
    finally:
        await publisher.end()


KINDS: dict[str, Callable[[Place], None]] = {
    each.__name__: each
    for each in (
        kill,
        stop,
        partition,
        reset,
        black_hole,
        lost_answer,
        slow,
        disk_full,
        clock_jump,
        duplicate,
        poison,
        forged,
    )
}


class Saboteur(threading.Thread):
    """So many faults, as many of each kind as of another, spread over so many answers. `done`: what
    was done; `failed`: what could not be, with its reason, because the stack was still suffering.
    """

    def __init__(
        self, place: Place, kinds: Sequence[str], faults: int, answers: Callable[[], int], of: int
    ) -> None:
        super().__init__()
        self._place, self._kinds, self._faults = place, kinds, faults
        self._answers, self._of, self._enough = answers, of, threading.Event()
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def run(self) -> None:
        for n, kind in zip(range(self._faults), self._turns(), strict=False):
            while self._answers() < n * self._of / self._faults and not self._enough.is_set():
                time.sleep(0.02)
            if self._enough.is_set():
                return
            try:
                KINDS[kind](self._place)
                self.done[kind] += 1
            except (StackError, Unavailable, httpx.HTTPError, OSError) as error:
                self.failed[f"{kind}: {type(error).__name__}"] += 1

    def _turns(self) -> Iterator[str]:
        while True:
            yield from self._place.random.sample(self._kinds, len(self._kinds))

    def stop(self) -> None:
        self._enough.set()
        self.join()

    def all_live(self) -> bool:
        return self._place.killer.all_live()


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A file system of its own in memory, which may be filled; None for whoever is not root."""
    if os.geteuid():
        yield None
        return
    folder = tempfile.mkdtemp(prefix="kaohe-disk-")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=711", "kaohe-chaos", folder]
    subprocess.run(mount, check=True)
    try:
        yield Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        Path(folder).rmdir()
