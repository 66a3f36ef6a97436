"""The whole system, as `./kaohe up` starts it, in a folder of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.stage import DemoUser, Teller
from deploy.embedded.places import Home
from deploy.embedded.process import LAUNCH
from deploy.installation.tokens import access_token
from tests.patience import PATIENCE
from tests.servers import ROOT


class Silent(Teller):
    def act(self, *_: Any, **__: Any) -> None:
        pass

    def note(self, text: str) -> None:
        pass

    def chapter(self, title: str) -> None:
        pass


class System:
    def __init__(self, home: Home) -> None:
        self.home = home

    @property
    def told(self) -> dict[str, Any]:
        """Where everything is; while something is started again, as soon as it is."""
        end = time.monotonic() + PATIENCE
        while (found := self.home.endpoints) is None:
            assert time.monotonic() < end, "the system is not up"
            time.sleep(0.05)
        return found

    @property
    def urls(self) -> dict[str, str]:
        return {name: service["url"] for name, service in self.told["services"].items()}

    def actor(self, role: str, **claims: str) -> DemoUser:
        return DemoUser(role, access_token(self.told, role, **claims), self.urls, Silent())


RUNNING = pytest.StashKey[System]()


@pytest.fixture(scope="session")
def system(pytestconfig: pytest.Config) -> System:
    """One a run, however many conftests hand it on."""
    if RUNNING not in pytestconfig.stash:
        stack = ExitStack()
        pytestconfig.add_cleanup(stack.close)
        pytestconfig.stash[RUNNING] = stack.enter_context(running())
    return pytestconfig.stash[RUNNING]


@contextmanager
def running() -> Iterator[System]:
    with tempfile.TemporaryDirectory(prefix="kaohe-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        home, log = Home(Path(folder) / "home"), Path(folder) / "log"
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")
        } | {"PYTHONPATH": str(ROOT)}
        command = [
            *LAUNCH,
            "as_is",
            "SIGTERM",
            sys.executable,
            "-P",
            "-m",
            "deploy.embedded.supervisor",
            str(home.path),
        ]
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        while home.endpoints is None:
            if process.poll() is not None:  # the supervisor knows when a start is in vain
                pytest.fail(f"the system did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield System(home)
        process.terminate()
        process.wait(PATIENCE)
