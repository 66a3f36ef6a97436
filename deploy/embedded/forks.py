"""The supervisor's side of the fork server: asks it for processes and hears when they end."""

import asyncio
import json
import os
import socket
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from signal import SIGKILL

from deploy.embedded.forkserver import Fork
from deploy.embedded.process import LAUNCH, StackError

LOST = -9  # the exit code of a child whose end nobody could tell


class ForkedProcess:
    """As asyncio.subprocess.Process, of a process that the fork server is the parent of."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    def ended(self, code: int) -> None:
        self.returncode = code
        self._ended.set()

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signal: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal)

    def kill(self) -> None:
        self.send_signal(SIGKILL)

    def orphaned(self) -> None:
        """Nobody will tell its exit code; it has ended when the kernel says so."""
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            self.ended(LOST)
            return
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            self.ended(LOST)

        loop.add_reader(descriptor, gone)


class ForkServer:
    """Started when it is first asked, and anew after it died; its children die with it."""

    def __init__(self, log: Path, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._log, self._modules, self._environment = log, modules, environment
        self._control: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._asked: deque[asyncio.Future[ForkedProcess]] = deque()
        self._alive: dict[int, ForkedProcess] = {}
        self._heard = b""

    async def start(self) -> None:
        """Returns at once: it reads the code while others start."""
        if self._control is not None:
            return
        self._control, other = socket.socketpair()
        self._control.setblocking(False)
        asyncio.get_running_loop().add_reader(self._control, self._hear, self._control)
        with other, self._log.open("ab") as log:  # closed on both sides where it cannot start
            self._process = await asyncio.create_subprocess_exec(
                *LAUNCH,
                *("as_is", "SIGTERM"),
                *(sys.executable, "-P", "-m", "deploy.embedded.forkserver", *self._modules),
                env=dict(self._environment),
                stdin=other.fileno(),
                stdout=log,
                stderr=log,
                process_group=0,
            )

    async def fork(self, asked: Fork) -> ForkedProcess:
        """The process that runs it. Raises StackError if the fork server ends before."""
        await self.start()
        assert self._control
        told = os.memfd_create("fork")
        try:
            os.write(told, json.dumps(asdict(asked)).encode())
            os.lseek(told, 0, os.SEEK_SET)
            socket.send_fds(self._control, [b"f"], [told])
        finally:
            os.close(told)
        process: asyncio.Future[ForkedProcess] = asyncio.get_running_loop().create_future()
        self._asked.append(process)
        return await process

    async def stop(self) -> None:
        """It ends, and whoever of its children is left."""
        if self._control is not None:
            self._lost(self._control)
        if self._process is not None:
            await self._process.wait()

    def _hear(self, control: socket.socket) -> None:
        try:
            heard = control.recv(4096)
        except ConnectionError:
            heard = b""
        if not heard:
            self._lost(control)
            return
        *lines, self._heard = (self._heard + heard).split(b"\n")
        for line in lines:
            what, pid, *code = line.decode().split()
            if what == "forked":
                self._forked(ForkedProcess(int(pid)))
            else:
                self._alive.pop(int(pid)).ended(int(code[0]))

    def _forked(self, process: ForkedProcess) -> None:
        self._alive[process.pid] = process
        asked = self._asked.popleft()
        if asked.cancelled():
            process.kill()  # nobody waits for it any more
        else:
            asked.set_result(process)

    def _lost(self, control: socket.socket) -> None:
        asyncio.get_running_loop().remove_reader(control)
        control.close()
        self._control, self._heard = None, b""
        for process in self._alive.values():
            process.orphaned()
        self._alive.clear()
        for asked in self._asked:
            if not asked.cancelled():
                asked.set_exception(
                    StackError("服务进程没有启动", f"the fork server ended. Its log {self._log}")
                )
        self._asked.clear()
