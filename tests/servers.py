"""Real servers for tests: those given by the environment, else the embedded stack, started once a run and gone with it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from deploy.embedded.outside import outside
from deploy.embedded.places import Home
from deploy.embedded.process import LAUNCH

ROOT = Path(__file__).parents[1]
PATIENCE = 90.0  # seconds for the first start on a slow machine


@dataclass(frozen=True)
class S3:
    endpoint: str
    access_key: str
    secret_key: str


class Servers:
    """Started when first asked for."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kaohe-", ignore_cleanup_errors=True)
        self._process: subprocess.Popen[bytes] | None = None

    @cached_property
    def _own(self) -> dict[str, str | dict[str, str]]:
        path = Path(self._folder.name)
        path.chmod(0o711)
        home = Home(path / "home")
        command = [*LAUNCH, "as_is", "SIGTERM", sys.executable, "-P", "-m", "deploy.embedded.supervisor", str(home.path),
                   "postgres", "kafka", "seaweedfs"]  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")} | {"PYTHONPATH": str(ROOT)}
        with (path / "log").open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE
        while home.endpoints is None:
            if self._process.poll() is not None or time.monotonic() > end:
                pytest.exit(f"the servers did not start:\n{(path / 'log').read_text()}", 3)
            time.sleep(0.05)
        return home.endpoints

    @property
    def postgres(self) -> str:
        """DSN of a role that may create databases and roles."""
        return outside().postgres or str(self._own["postgres"])

    @property
    def kafka(self) -> str:
        return outside().kafka or str(self._own["kafka"])

    @property
    def s3(self) -> S3:
        if outside().s3:
            return S3(*outside().s3_parts)
        own = self._own["s3"]
        assert isinstance(own, dict)
        return S3(**own)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)
        self._folder.cleanup()


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
