"""In place of a parser, in the process that reads one file: what it could do if a file took it
over. Each probe answers what came of it.
"""

import ctypes
import json
import os
import resource
import socket
import subprocess
from collections.abc import Callable
from typing import Any


def warm_up() -> None:
    """Nothing."""


def work(request: bytes, reading: int, writing: int) -> None:
    probe = json.loads(request)["call"]
    if probe == "clean":
        os.write(writing, b'{"fault": "time", "said": %s}\n' % json.dumps(tried()).encode())
    elif probe == "count":
        os.write(writing, b'{"pages": %d}\n' % spend(os.read(reading, 99).decode()))


def tried() -> dict[str, Any]:
    descriptors = [number for number in range(64) if is_open(number)]
    attempts: dict[str, Callable[[], object]] = {
        "socket": socket.socket,
        "socket pair": socket.socketpair,
        "fork": os.fork,
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "signal": lambda: os.kill(1, 0),
        "reading": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "memory of another": lambda: os.open("/proc/1/environ", os.O_RDONLY),
        "writing": lambda: os.open("/tmp/probe", os.O_WRONLY | os.O_CREAT),
        "more memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    }
    return {
        "environment": {**os.environ},
        "descriptors": descriptors,
        **{name: outcome(attempt) for name, attempt in attempts.items()},
    }


def outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, ValueError, MemoryError) as error:
        return type(error).__name__
    return "done"


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def spend(what: str) -> int:
    if what == "time":
        while True:
            pass
    if what == "memory":
        return len(bytes(400 << 20))
    if what == "crash":
        ctypes.string_at(0)
    if what == "mistake":
        raise ValueError
    return 1
