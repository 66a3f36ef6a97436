"""Tests take their servers from a Docker engine when asked: the log keeps its promises on a
PostgreSQL from a container.
"""

import os
import subprocess
import sys

import asyncpg
import pytest

from tests.containers.engine import Containers
from tests.servers import ROOT, Servers

pytestmark = pytest.mark.containers


def test_the_servers_of_the_tests_come_from_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAOHE_POSTGRES", raising=False)
    assert isinstance(Servers().own, Containers)


async def test_the_server_is_in_a_container(postgres: str) -> None:
    connection = await asyncpg.connect(postgres)
    try:
        assert await connection.fetchval("SELECT inet_server_addr() <> '127.0.0.1'")
    finally:
        await connection.close()


def test_the_store_keeps_its_promises_there(postgres: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/conformance/test_store.py",
    ]
    environment = {**os.environ, "KAOHE_POSTGRES": postgres, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
