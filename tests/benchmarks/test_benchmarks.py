"""Every benchmark runs from the command line, says what it promises, and leaves nothing running.
One starts the whole system itself; the others that need it share one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stack import GIVEN
from tests.journeys.conftest import running
from tests.servers import ROOT

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Of a system that runs."""
    with running() as system:
        yield system.home.path


def figures(name: str, *small: str, home: Path | None = None) -> dict[str, Any]:
    """The one JSON document that it prints."""
    command = [sys.executable, "-P", "-m", "deploy.cli", "bench", name, "--json", *small]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | ({GIVEN: str(home)} if home else {})
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["benchmark"] == name
    return found


def test_append_compares_with_raw_inserts_and_the_library() -> None:
    found = figures("append", "--rounds=1", "--seconds=0.05")
    assert list(found)[-4:] == [
        "ratio_to_raw_insert",
        "ratio_to_eventsourcing",
        "ratio_to_raw_insert_16",
        "ratio_to_eventsourcing_16",
    ]
    assert (
        found["ratio_to_raw_insert"].keys()
        == found["ratio_to_eventsourcing"].keys()
        == {"1", "4", "16"}
    )


def test_replay_compares_with_the_library_and_with_row_by_row() -> None:
    found = figures("replay", "--rounds=1", "--seconds=0.05", "--streams=20")
    assert found["aggregate_events_per_second"].keys() == {"ours", "typed", "plain"}
    assert found["ratio_to_eventsourcing"] > 0
    assert found["ratio_to_row_by_row"] > 0


def test_http_compares_with_bare_routes() -> None:
    found = figures("http", "--callers=2", "--rounds=1", "--seconds=0.2")
    assert found["requests"].keys() == {
        "bare_nothing",
        "bare_insert",
        "bare_select",
        "save",
        "read",
    }
    assert all(
        each["per_second"] > 0 and each["p50_ms"] <= each["p99_ms"]
        for each in found["requests"].values()
    )
    assert found["ratio"]["save_to_bare_insert"] > 0


def test_latency_compares_with_a_kafka_round_trip_and_a_commit(home: Path) -> None:
    found = figures("latency", "--rounds=2", home=home)
    assert found["decisions"] == 2
    assert found["send_to_decision_applied"]["p50_ms"] > found["kafka_round_trip"]["p50_ms"] > 0
    assert found["database_commit"]["p50_ms"] > 0


def test_a_crowd_is_answered_to_the_last_and_nobody_twice(home: Path) -> None:
    found = figures("crowd", "--enterprises=3", home=home)
    assert found["answers"] == {"200": 3}
    assert found["different_receipts"] == 3
    assert found["click_to_answer"]["p50_ms"] <= found["click_to_answer"]["p99_ms"]


def test_lists_compare_with_fifty_rows_in_order() -> None:
    found = figures("lists", "--enterprises=20")
    assert found["persons"] == 40
    assert found["pages"] > 100
    assert found["slowest_ratio"] >= found["median_ratio"] > 0


def test_scale_compares_an_installation_with_itself() -> None:
    found = figures("scale", "--events=5500,6000")
    costs = {"append", "command", "list", "list_own", "search", "search_rare", "generate"}
    assert found["ratio"].keys() == found["as_measured"].keys() == costs | {"rebuild"}
    assert found["events"] >= 6000
    assert found["national_enterprises"] == 27_000


def test_nothing_of_a_deadline_is_lost(home: Path) -> None:
    found = figures("deadline", "--enterprises=2", home=home)
    assert found["sent"] == found["in_log_and_on_topic"] == found["one_case_in_review"] == 6
    assert found["lost"] == found["twice"] == 0


def test_a_stack_that_does_not_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=f"{GIVEN}: no stack runs there"):
        figures("crowd", "--enterprises=1", home=tmp_path)
