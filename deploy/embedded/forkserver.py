"""`python -m deploy.embedded.forkserver MODULE...`: imports the modules once, then forks a process
for whoever asks on its standard input, a Unix socket.

    asked    a byte, and with it the descriptor of a file that holds a Fork as JSON
    told     `forked PID`, and when that process has ended `ended PID EXITCODE`, a line each

It does not read what it forks are told: their settings are in the child's memory only. It ends
when the other side closes, and with it its children (launch.py). The code of the services is read
once and lies in memory once (decision 81). One thread: a fork copies no lock that is held.
"""

import gc
import importlib
import json
import os
import runpy
import selectors
import socket
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.launch import call, with_parent

PR_SET_NAME = 15


@dataclass(frozen=True)
class Fork:
    """A module to be run as `python -m`, with the whole environment that it gets."""

    module: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    log: str  # path of what it prints
    signal: str  # that it gets when the fork server dies

    @property
    def name(self) -> str:
        """By which `ps` shows it."""
        return Path(self.log).stem


def serve(control: socket.socket) -> int | None:
    """In each child the descriptor of what it is told; in the fork server None, when nobody can
    ask any more.
    """
    with selectors.DefaultSelector() as watched:
        watched.register(control, selectors.EVENT_READ)
        while True:
            for key, _ in watched.select():
                if key.fileobj is not control:
                    watched.unregister(key.fd)
                    os.close(key.fd)
                    _ended(control, key.data)
                    continue
                asked, descriptors, _, _ = socket.recv_fds(control, 1, 1)
                if not asked:
                    return None
                pid = os.fork()
                if not pid:
                    return descriptors[0]
                os.close(descriptors[0])
                watched.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
                control.sendall(f"forked {pid}\n".encode())


def _ended(control: socket.socket, pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    control.sendall(f"ended {pid} {os.waitstatus_to_exitcode(status)}\n".encode())


def become(fork: Fork, parent: int) -> None:
    """This process runs the module from now on. Ends it if the fork server is gone already."""
    os.setpgid(0, 0)
    with open(os.devnull, "rb") as nothing, open(fork.log, "ab") as log:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.clear()
    os.environ.update(fork.environment)
    sys.argv = [fork.module, *fork.arguments]
    with_parent(fork.signal, parent)
    call("prctl", PR_SET_NAME, fork.name.encode(), 0, 0, 0)
    sys.modules.pop(fork.module, None)  # it is run anew, as `__main__`
    runpy.run_module(fork.module, run_name="__main__", alter_sys=True)


def main() -> None:
    for name in sys.argv[1:]:
        try:
            importlib.import_module(name)
        except Exception:  # whoever is forked to run it says so in a log of its own
            traceback.print_exc()
    gc.collect()
    gc.freeze()  # the collector writes to no page that children share
    parent = os.getpid()
    control = socket.socket(fileno=0)
    told = serve(control)
    control.detach()  # what it is told to read takes the descriptor's place
    if told is not None:
        with open(told, "rb") as file:
            fork = Fork(**json.load(file))
        become(fork, parent)


if __name__ == "__main__":
    main()
