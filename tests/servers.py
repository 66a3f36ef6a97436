"""Real servers for tests: those given by the environment, else from containers when asked, else
the embedded stack; started once a run and gone with it.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from deploy.embedded.outside import outside
from deploy.embedded.places import Home
from deploy.embedded.process import LAUNCH
from tests.containers.engine import Containers, asked
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class S3:
    endpoint: str
    access_key: str
    secret_key: str


class Embedded:
    """PostgreSQL, Kafka and S3 of their own in a folder of their own, started when first asked
    for; they die with this process.
    """

    def __init__(self, place: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix="kaohe-", dir=place, ignore_cleanup_errors=True
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._said = ""

    @cached_property
    def endpoints(self) -> dict[str, Any]:
        if self._said:  # to whoever asked first; nobody else waits for it again
            pytest.fail(self._said)
        path = Path(self._folder.name)
        path.chmod(0o711)
        home = Home(path / "home")
        command = [
            *LAUNCH,
            "as_is",
            "SIGTERM",
            sys.executable,
            "-P",
            "-m",
            "deploy.embedded.supervisor",
            str(home.path),
            "postgres",
            "kafka",
            "seaweedfs",
        ]
        with (path / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment(ROOT), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        while (found := home.endpoints) is None:
            if self._process.poll() is not None:  # the supervisor knows when a start is in vain
                self._said = f"the servers did not start:\n{(path / 'log').read_text()}"
                pytest.fail(self._said)
            time.sleep(0.05)
        return found

    @property
    def pids(self) -> dict[str, int]:
        """Of each server as it runs now: one that died is started again."""
        told = Home(Path(self._folder.name) / "home").endpoints
        return dict(told["pids"]) if told else {}

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE)
        self._folder.cleanup()


def environment(root: Path) -> dict[str, str]:
    """Of a clone at `root`, without this one's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")} | {
        "PYTHONPATH": str(root)
    }


class Servers:
    """Those given by the environment, else ones of their own: from containers when asked
    (KAOHE_TEST_CONTAINERS=1), else embedded.
    """

    def __init__(self) -> None:
        self._given, self.own = outside(), Containers() if asked() else Embedded()

    @property
    def postgres(self) -> str:
        """DSN of a role that may create databases and roles."""
        return self._given.postgres or str(self.own.endpoints["postgres"])

    @property
    def kafka(self) -> str:
        return self._given.kafka or str(self.own.endpoints["kafka"])

    @property
    def s3(self) -> S3:
        return S3(*self._given.s3_parts) if self._given.s3 else S3(**self.own.endpoints["s3"])

    def stop(self) -> None:
        self.own.stop()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    found = Servers()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def postgres(servers: Servers) -> str:
    return servers.postgres


@pytest.fixture(scope="session")
def kafka(servers: Servers) -> str:
    return servers.kafka


@pytest.fixture(scope="session")
def s3(servers: Servers) -> S3:
    return servers.s3


@pytest.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """DSN of an empty database of its own, owned by the caller."""
    async with fresh_database(postgres) as dsn:
        yield dsn


class fresh_database:  # noqa: N801  used like a function
    def __init__(self, postgres: str) -> None:
        self._postgres, self._name = postgres, f"test_{uuid4().hex[:12]}"

    async def __aenter__(self) -> str:
        await self._do(f"CREATE DATABASE {self._name}")
        return urlunsplit(urlsplit(self._postgres)._replace(path=f"/{self._name}"))

    async def __aexit__(self, *_: object) -> None:
        await self._do(f"DROP DATABASE {self._name} WITH (FORCE)")

    async def _do(self, statement: str) -> None:
        connection = await asyncpg.connect(self._postgres)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
