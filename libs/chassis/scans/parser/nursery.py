"""The process that has a child read each file: started with nothing of the service but one socket,
its only argument is what its children do.

    python -I -S -c "…; main('libs.chassis.scans.parser.work')"

Over the socket comes a request for each file with three descriptors: the file, where the answer
goes, and who waits for how it ended. The nursery itself reads no byte of a file.
"""

import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

from libs.chassis.scans.parser import confinement
from libs.chassis.scans.parser.limits import WALL_SECONDS

REQUEST = 4096  # bytes
IDLE = 20.0  # seconds without a file
OUT_OF_MEMORY, BROKEN = 70, 71  # exit statuses
ENDED = struct.Struct("=iiq")  # exit status, signal, most memory it had in bytes

Work = Callable[[bytes, int, int], None]  # request, the file, where the answer goes


@dataclass
class Child:
    pid: int
    ended: int  # becomes readable when it ends
    waiting: int  # who is told
    until: float


def main(work: str, idle: float = IDLE) -> None:
    """Until the service's end of the socket is closed, or no file came for a while."""
    module = import_module(work)
    module.warm_up()
    confinement.gain_nothing()
    fonts = confinement.see_fonts_only()
    control = socket.socket(fileno=0)
    children: dict[int, Child] = {}
    while True:
        patience = _patience(children) if children else idle
        ready, _, _ = select.select([control.fileno(), *children], [], [], patience)
        if not (ready or children):
            break
        if control.fileno() in ready:
            request, descriptors, _, _ = socket.recv_fds(control, REQUEST, 3)
            if not request:
                break
            child = _born(module.work, request, descriptors, fonts)
            children[child.ended] = child
        for child in list(children.values()):
            if child.ended in ready:
                _tell(children.pop(child.ended))
            elif time.monotonic() > child.until:
                os.kill(child.pid, signal.SIGKILL)
    for child in children.values():
        os.kill(child.pid, signal.SIGKILL)


def _patience(children: Mapping[int, Child]) -> float:
    """Until the first of them has had its time."""
    return max(0.01, min(each.until for each in children.values()) - time.monotonic())


def _born(
    work: Work,
    request: bytes,
    descriptors: list[int],
    fonts: bool,
) -> Child:
    """A child with this file. The nursery keeps only what it tells the service by."""
    reading, writing, waiting = descriptors
    pid = os.fork()
    if pid == 0:
        _live(work, request, reading, writing, fonts)
    os.close(reading)
    os.close(writing)
    return Child(pid, os.pidfd_open(pid), waiting, time.monotonic() + WALL_SECONDS)


def _live(
    work: Work,
    request: bytes,
    reading: int,
    writing: int,
    fonts: bool,
) -> None:
    """The whole life of a child; walls first, then the file."""
    status = BROKEN
    try:
        confinement.die_with_parent()
        confinement.keep_two(reading, writing)
        confinement.limit()
        confinement.compute_only(fonts)
        work(request, 0, 1)
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _tell(child: Child) -> None:
    """How it ended, to whom waits for it."""
    _, status, used = os.wait4(child.pid, 0)
    os.close(child.ended)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
    by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    with suppress(OSError):  # nobody may wait any more
        os.write(child.waiting, ENDED.pack(code, by, used.ru_maxrss << 10))
    os.close(child.waiting)


if __name__ == "__main__":
    main(sys.argv[1])
