"""Servers from outside take the place of the stack's own: a second instance of each, which the
clone did not start.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.embedded.process import LAUNCH, reserve
from tests.deploy.clone import Clone
from tests.servers import ROOT, Embedded, environment

pytestmark = [pytest.mark.servers, pytest.mark.slow]
CLIENT = "kaohe-dev:a secret of the outside"


@dataclass(frozen=True)
class Outside:
    """Up: the servers, and the clone that was pointed at them."""

    clone: Clone
    settings: dict[str, str]


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, key = reserve(), tmp_path_factory.mktemp("issuer") / "key.pem"
    command = [
        *LAUNCH,
        "as_is",
        "SIGTERM",
        sys.executable,
        "-P",
        "-m",
        "deploy.issuer",
        "127.0.0.1",
        str(port),
        str(key),
    ]
    process = subprocess.Popen(
        command, env=environment(ROOT) | {"ISSUER_CLIENT": CLIENT.partition(":")[2]}
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def outside(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    servers = Embedded()
    found = servers.endpoints
    s3 = found["s3"]
    settings = {
        "KAOHE_POSTGRES": found["postgres"],
        "KAOHE_KAFKA": found["kafka"],
        "KAOHE_ISSUER": issuer,
        "KAOHE_ISSUER_CLIENT": CLIENT,
        "KAOHE_S3": s3["endpoint"].replace("://", f"://{s3['access_key']}:{s3['secret_key']}@"),
    }
    clone = Clone(tmp_path_factory.mktemp("clone"), **settings)
    clone.run("up")
    yield Outside(clone, settings)
    clone.run("down")
    servers.stop()


def test_the_stack_starts_no_server_that_is_given(outside: Outside) -> None:
    status = outside.clone.status
    assert [status[part]["pid"] for part in ("postgres", "kafka", "s3")] == [None, None, None]
    assert status["issuer_pid"] is None
    assert all(service["ready"] for service in status["services"].values())


@pytest.mark.parametrize("name", ["KAOHE_POSTGRES", "KAOHE_KAFKA", "KAOHE_S3", "KAOHE_ISSUER"])
def test_the_services_work_on_what_is_given(outside: Outside, name: str) -> None:
    status = outside.clone.status
    places = {
        "KAOHE_POSTGRES": status["services"]["review"]["database"],
        "KAOHE_KAFKA": f"kafka://{status['kafka']['bootstrap']}",
        "KAOHE_S3": status["s3"]["endpoint"],
        "KAOHE_ISSUER": status["issuer"],
    }
    given = outside.settings[name]
    assert (
        urlsplit(places[name]).port
        == urlsplit(given if "://" in given else f"kafka://{given}").port
    )


def test_facts_travel_over_the_outside_servers(outside: Outside) -> None:
    clone = outside.clone
    assert clone.run("clock", "advance", "1d")  # review's event, its topic, every other service
    status = clone.status["services"]
    assert status["review"]["head"] == status["review"]["relayed"] > 0


def test_the_outside_issuer_is_believed_and_its_client_is_needed(
    outside: Outside, tmp_path: Path
) -> None:
    clone = outside.clone
    url = clone.status["services"]["review"]["url"] + "/api/v1/cases"
    token = clone.run("token", "--role", "CITY_OFFICER", "--city", "410100").strip()
    assert httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    (tmp_path / ".kaohe").symlink_to(clone.home)
    nobody = {
        name: value for name, value in outside.settings.items() if name != "KAOHE_ISSUER_CLIENT"
    }
    assert "set KAOHE_ISSUER_CLIENT" in Clone(tmp_path, **nobody).refused(
        "token", "--role", "AUDITOR"
    )


def test_the_data_are_still_there_when_the_stack_comes_back(outside: Outside) -> None:
    before = outside.clone.status["services"]["review"]["head"]
    outside.clone.run("down")
    outside.clone.run("up")
    assert outside.clone.status["services"]["review"]["head"] == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAOHE_POSTGRES", "postgresql://kaohe:wrong@127.0.0.1:1/postgres"),
        ("KAOHE_KAFKA", "127.0.0.1:1"),
        ("KAOHE_S3", "http://key:secret@127.0.0.1:1"),
        ("KAOHE_S3", "127.0.0.1:1"),
    ],
)
def test_a_server_that_is_not_there_is_told_in_one_sentence(
    outside: Outside, tmp_path: Path, name: str, value: str
) -> None:
    clone = Clone(tmp_path, **outside.settings | {name: value})
    said = clone.fails("up")
    assert name in said
    assert "Traceback" not in said
    assert "wrong" not in said
    clone.waits_until(lambda: clone.processes() == [])
