"""The whole system for figures: as `./kaohe up` starts it, in a folder of its own, gone
afterwards; or the one that runs in the folder KAOHE_BENCH_HOME, which stays.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import httpx

from deploy.demo import filing, people
from deploy.demo.stage import DemoUser, Teller
from deploy.embedded.places import Home
from deploy.embedded.process import LAUNCH, StackError
from deploy.installation.tokens import access_token

ROOT = Path(__file__).parents[1]
PATIENCE = 300.0  # seconds for the start on a busy machine
GIVEN = "KAOHE_BENCH_HOME"
DRAWN: set[str] = set()  # credit codes of this run


class Silent(Teller):
    def act(self, *_: Any, **__: Any) -> None:
        pass

    def note(self, text: str) -> None:
        pass

    def chapter(self, title: str) -> None:
        pass


@contextmanager
def stack() -> Iterator[dict[str, Any]]:
    """Where everything is (see Home.endpoints)."""
    if given := os.environ.get(GIVEN):
        yield _running(Home(Path(given)))
        return
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-", ignore_cleanup_errors=True) as folder:
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
        try:
            yield _endpoints(home, process, log)
        finally:
            process.terminate()
            process.wait(60)


def _running(home: Home) -> dict[str, Any]:
    if (found := home.endpoints) is None:
        raise StackError(f"{GIVEN} 处没有运行的系统", f"{GIVEN}: no stack runs there")
    return found


def _endpoints(home: Home, process: "subprocess.Popen[bytes]", log: Path) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE
    while (found := home.endpoints) is None:
        if process.poll() is not None or time.monotonic() > end:
            raise StackError(f"the stack did not come up:\n{log.read_text()}")
        time.sleep(0.05)
    return found


def actor(told: dict[str, Any], role: str, **claims: str) -> DemoUser:
    urls = {name: service["url"] for name, service in told["services"].items()}
    return DemoUser(role, access_token(told, role, **claims), urls, Silent(), _client())


@cache
def _client() -> httpx.Client:
    """One for all actors: to read the authorities' certificates takes longer than a request."""
    return httpx.Client(timeout=PATIENCE)


def enterprise(told: dict[str, Any], random: Random) -> filing.DemoEnterprise:
    """Registered, nothing saved yet; of a million codes none is drawn twice."""
    while (uscc := people.credit_code(random)) in DRAWN:
        pass
    DRAWN.add(uscc)
    made = filing.make(actor(told, "ENT_CLERK", org=uscc), random, "郑州示范建筑设计有限公司", uscc)
    made.register()
    return made
