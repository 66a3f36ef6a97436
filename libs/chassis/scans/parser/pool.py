"""The service's side: files are handed to a process of their own, some at once, and what comes back
is believed no further than its shape.

A file goes over as a memory file that nobody can change, the answer comes back as another. Who
waits is told by the nursery how the child ended: that, not what the child says, tells which limit
it met.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from fcntl import F_ADD_SEALS, F_SEAL_GROW, F_SEAL_SHRINK, F_SEAL_WRITE, fcntl
from threading import Lock
from typing import Any

import structlog

from libs.chassis.process import alone
from libs.chassis.scans.parser.limits import MEMORY, WALL_SECONDS, Fault, Unacceptable
from libs.chassis.scans.parser.nursery import ENDED, IDLE, OUT_OF_MEMORY
from libs.events.errors import NotFound, Unavailable

THREADS, MOST_WAITING = 2, 64
NO_PAGE = "no_page"
PATIENCE = WALL_SECONDS + 10  # after which the nursery itself is given up
WORK = "libs.chassis.scans.parser.work"
NURSERY = "libs.chassis.scans.parser.nursery"
READERS = "the process that reads them"
TIMED_OUT = (signal.SIGXCPU, signal.SIGKILL)
log = structlog.get_logger()

Answer = tuple[Mapping[str, Any], bytes]


class Parser:
    """Reads files of strangers, each in a process that has its bytes and nothing else."""

    def __init__(
        self, threads: int = THREADS, most_waiting: int = MOST_WAITING, work: str = WORK
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="files")
        self._most, self._waiting = threads + most_waiting, 0
        self._nursery = Nursery(work)

    async def clean(self, mime: str, data: bytes) -> bytes:
        """What a file shows and nothing else, in the same format. Raises Unacceptable, Unavailable
        where too many wait already.
        """
        return (await self._ask({"call": "clean", "mime": mime}, data))[1]

    async def count(self, mime: str, data: bytes) -> int:
        """Its pages. Raises Unacceptable, Unavailable."""
        said, _ = await self._ask({"call": "count", "mime": mime}, data)
        return int(said["pages"])

    async def picture(self, mime: str, data: bytes, number: int, width: int) -> bytes:
        """A page as WebP. Raises NotFound for one that there is not, Unacceptable, Unavailable."""
        asked = {"call": "picture", "mime": mime, "number": number, "width": width}
        return (await self._ask(asked, data))[1]

    async def _ask(self, asked: Mapping[str, Any], data: bytes) -> Answer:
        """In a thread, which waits for the child. Raises NotFound, Unacceptable, Unavailable."""
        if self._waiting >= self._most:
            raise Unavailable("scans", "others that are being read")
        self._waiting += 1
        reading = self._pool.submit(self._nursery.ask, asked, data)
        reading.add_done_callback(lambda _: self._left())
        said, made = await asyncio.wrap_future(reading)
        fault = said.get("fault")
        if fault == NO_PAGE:
            raise NotFound
        if fault:
            raise Unacceptable(Fault(fault))
        return said, made

    def _left(self) -> None:
        """Somebody else may come in."""
        self._waiting -= 1


class Nursery:
    """The process that a child is born from for each file; begun when the first file comes, and
    again after it ended, because none came for a while or because it was lost.
    """

    def __init__(self, work: str = WORK, idle: float = IDLE) -> None:
        self._work, self._idle, self._lock = work, idle, Lock()
        self._control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, asked: Mapping[str, Any], data: bytes) -> Answer:
        """What a child says of the file, and the bytes that it made of it. Raises Unavailable."""
        try:
            return self._asked(asked, data)
        except TimeoutError as error:
            raise Unavailable("scans", READERS) from error
        except (OSError, EOFError):  # it may just have ended, for want of files
            pass
        try:
            return self._asked(asked, data)
        except (OSError, EOFError) as error:
            raise Unavailable("scans", READERS) from error

    def _asked(self, asked: Mapping[str, Any], data: bytes) -> Answer:
        """Raises OSError or EOFError where the process does not answer."""
        control = self._started()
        file, answer = _sealed(data), os.memfd_create("answer")
        mine, its = socket.socketpair()
        try:
            with mine, its:
                request = json.dumps(asked).encode()
                socket.send_fds(control, [request], [file, answer, its.fileno()])
                its.close()
                return _understood(_ended(mine), answer)
        except (OSError, EOFError):
            self._give_up(control)
            raise
        finally:
            os.close(file)
            os.close(answer)

    def _started(self) -> socket.socket:
        """The socket over which files go, of a process that was begun."""
        with self._lock:
            if self._control is None:
                self._control, its = socket.socketpair(
                    socket.AF_UNIX,
                    socket.SOCK_SEQPACKET,
                )
                with its:
                    told = (self._work, self._idle)
                    self.process = alone.begin(NURSERY, *told, packages=["PIL"], control=its)
            return self._control

    def _give_up(self, control: socket.socket) -> None:
        """It ends when this end is closed; the next file starts another."""
        with self._lock:
            control.close()
            if self._control is control:
                self._control = None


def _sealed(data: bytes) -> int:
    """A file in memory that nobody can change any more."""
    file = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]
    os.lseek(file, 0, os.SEEK_SET)
    fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK)
    return file


def _ended(waiting: socket.socket) -> tuple[int, int, int]:
    """How the child ended. Raises OSError, also after PATIENCE; EOFError: nobody says."""
    waiting.settimeout(PATIENCE)
    said = waiting.recv(ENDED.size)
    if len(said) < ENDED.size:
        raise EOFError
    status, by, memory = ENDED.unpack(said)
    return status, by, memory


def _understood(ended: tuple[int, int, int], answer: int) -> Answer:
    """What a child says, or which limit it ran into. A parser that is out of memory aborts: then
    it had much of it. Raises Unavailable for a mistake of our own.
    """
    status, by, memory = ended
    if by in TIMED_OUT:
        return {"fault": Fault.TIME}, b""
    if status == OUT_OF_MEMORY or (by and memory > MEMORY // 2):
        return {"fault": Fault.MEMORY}, b""
    if by:  # a parser gave up, or was brought down
        log.warning("a parser ended by a signal", signal=by)
        return {"fault": Fault.UNREADABLE}, b""
    if status:
        raise Unavailable("scans", READERS)
    said, _, made = _contents(answer).partition(b"\n")
    return json.loads(said), made


def _contents(file: int) -> bytes:
    """All of it: it is no longer than MOST_OUTPUT."""
    with os.fdopen(os.dup(file), "rb") as opened:
        opened.seek(0)
        return opened.read()
