"""The local stack: started, looked at, hurt, stopped."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.deploy.clone import Clone

pytestmark = [pytest.mark.servers, pytest.mark.slow]
USCC = "91410100MA0123458P"


def test_everything_that_status_names_is_there(clone: Clone) -> None:
    status = clone.status
    services = status["services"]
    assert {"enterprise", "review"} <= set(services)
    assert all(
        service["ready"] and service["topic"] == f"kaohe.{name}.v1"
        for name, service in services.items()
    )
    pids = [status[part]["pid"] for part in ("kafka", "s3", "mail", "postgres", "supervisor")]
    pids += [status["issuer_pid"], *(service["pids"]["api"] for service in services.values())]
    assert set(pids) <= set(clone.processes())
    assert status["parked"] == 0


def test_the_first_start_is_on_the_second_of_september_2024(clone: Clone) -> None:
    assert clone.status["clock"].startswith("2024-09-02T09:")


def test_the_clock_advances_for_every_service(clone: Clone) -> None:
    before = clone.status["clock"]
    assert clone.run("clock", "advance", "10d").startswith("2024-09-12T09:")
    assert clone.status["clock"] > before
    assert "10d, 4h or 30m" in clone.refused("clock", "advance", "soon")


def test_a_token_of_the_stack_opens_a_service(clone: Clone) -> None:
    url = clone.status["services"]["review"]["url"] + "/api/v1/cases"
    token = clone.run("token", "--role", "CITY_OFFICER", "--city", "410100").strip()
    assert httpx.get(url).status_code == 401
    assert httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize("part", ["review", "kafka", "s3", "postgres", "mail"])
def test_what_is_killed_is_started_again(clone: Clone, part: str) -> None:
    before = clone.status
    clone.kill(pid(before, part))
    restarts = before["supervisor"]["restarts"]
    clone.waits_until(lambda: clone.told["supervisor"]["restarts"] > restarts)
    clone.waits_until(lambda: clone.well)
    after = clone.status
    assert pid(after, part) != pid(before, part)
    assert after["supervisor"]["restarts"] > restarts


def pid(status: dict[str, Any], part: str) -> int:
    services = status["services"]
    return int(services[part]["pids"]["api"] if part in services else status[part]["pid"])


def test_a_second_start_has_all_data(clone: Clone) -> None:
    clone.run("clock", "set", "2025-03-04")
    before = clone.status["services"]["review"]["head"]
    clone.run("down")
    clone.waits_until(lambda: clone.processes() == [])
    assert "the stack is not up" in clone.refused("status")
    clone.run("up")
    status = clone.status
    assert status["services"]["review"]["head"] == before
    assert status["clock"].startswith("2025-03-04T09:")


def test_nothing_is_left_of_a_killed_supervisor_and_nothing_is_lost(clone: Clone) -> None:
    before = clone.status
    clone.kill(before["supervisor"]["pid"])
    clone.waits_until(lambda: clone.processes() == [])
    assert "the stack is not up" in clone.refused("status")
    clone.run("up")
    assert clone.status["services"]["review"]["head"] == before["services"]["review"]["head"]


def test_two_clones_run_side_by_side(clone: Clone, tmp_path: Path) -> None:
    other = Clone(tmp_path / "路径 with blank")
    other.run("up")
    try:
        mine, others = clone.status, other.status
        assert mine["services"]["review"]["url"] != others["services"]["review"]["url"]
        assert mine["kafka"]["bootstrap"] != others["kafka"]["bootstrap"]
        other.run("reset", "--yes")
        other.waits_until(lambda: other.processes() == [])
        assert not other.home.exists()
        assert clone.well
    finally:
        other.run("down")
