"""A clone of the project beside this one: the same code, data of its own, driven by its command
line as a user does.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tests.patience import PATIENCE
from tests.servers import ROOT, environment

CODE = ("libs", "services", "deploy")
FEW = 2  # commands, for which nothing is prepared


class Prepared:
    """A process that has read the code and forks for each command; it ends with this object."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kaohe-said-")
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("prepared.py"))],
            env=environment,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._end = weakref.finalize(self, ended, self._process)

    @property
    def pid(self) -> int:
        return self._process.pid

    def done(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        assert self._process.stdin
        assert self._process.stdout
        output, errors = (Path(self._folder.name) / name for name in ("output", "errors"))
        self._process.stdin.write(json.dumps([str(output), str(errors), *arguments]) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        said = (output.read_text(), errors.read_text())
        return subprocess.CompletedProcess(arguments, status, *said)


def ended(process: "subprocess.Popen[str]") -> None:
    process.communicate()


class Clone:
    def __init__(self, path: Path, **settings: str) -> None:
        self.path, self.home = path, path / ".kaohe"
        path.mkdir(exist_ok=True)
        for name in CODE:
            if not (path / name).exists():
                (path / name).symlink_to(ROOT / name)
        self.environment = environment(path) | settings
        self._given = 0

    def run(self, *arguments: str) -> str:
        """What the command prints."""
        done = self.done(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fails(self, *arguments: str) -> str:
        """What a command prints that ends with 1."""
        done = self.done(*arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """What a command that must fail says about it."""
        done = self.done(*arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr

    def done(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The first commands as a user gives them; to import the code once more for each of the
        next would take most of their time.
        """
        self._given += 1
        if self._given > FEW:
            return self._prepared.done(*arguments)
        command = [sys.executable, "-P", "-m", "deploy.cli", *arguments]
        return subprocess.run(
            command,
            env=self.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @cached_property
    def _prepared(self) -> "Prepared":
        return Prepared(self.environment)

    @property
    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.run("status", "--json")))

    @property
    def told(self) -> dict[str, Any]:
        """Where everything is, as the supervisor tells it: what `status` reads too."""
        return dict(json.loads((self.home / "endpoints.json").read_text()))

    @property
    def well(self) -> bool:
        """`status` says so. It is a process of its own, so services are asked before."""
        return self._answers and all(
            service["ready"] for service in self.status["services"].values()
        )

    @property
    def _answers(self) -> bool:
        try:
            urls = [service["url"] for service in self.told["services"].values()]
            return all(httpx.get(f"{url}/health/ready", timeout=5).is_success for url in urls)
        except (OSError, httpx.HTTPError):  # no stack, or none that answers
            return False

    def processes(self) -> list[int]:
        """Everything that runs for this clone: by its environment, its command line or the folder
        it works in.
        """
        of_tests = {os.getpid()}
        if "_prepared" in vars(self):
            of_tests.add(self._prepared.pid)
        return [pid for pid in _pids() if pid not in of_tests and str(self.path) in _traces(pid)]

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    def waits_until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < end, (
                f"waited in vain; log: {(self.home / 'log' / 'supervisor.log').read_text()}"
            )
            time.sleep(0.1)


def _pids() -> Iterator[int]:
    yield from (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _traces(pid: int) -> str:
    found = b""
    for name in ("environ", "cmdline", "cwd"):
        try:
            place = Path(f"/proc/{pid}/{name}")
            found += os.fsencode(place.readlink()) if name == "cwd" else place.read_bytes()
        except OSError:
            continue
    return os.fsdecode(found)
