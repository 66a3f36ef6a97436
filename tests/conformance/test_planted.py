"""Bugs that are planted are found: each makes the test named beside it fail, which passes without
it.
"""

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.conformance.plants import PLANTS, VARIABLE, Plant, plant_what_is_named
from tests.servers import ROOT

FOUND_BY = {
    "lock and read in one": "tests/conformance/test_store.py"
    "::test_writers_of_several_processes_stand_in_one_order",
    "overtaking batch": "tests/conformance/test_bus.py"
    "::test_a_broker_away_for_longer_than_the_client_waits_gets_everything_in_order",
    "offset first": "tests/conformance/test_bus.py"
    "::test_a_reaction_that_meets_a_command_is_decided_again",
    "no look-up": "tests/events/test_application.py"
    "::test_a_creation_s_repeat_points_to_the_same_item",
    "stale round": "tests/enterprise/test_enterprise.py"
    "::test_a_decision_on_another_round_changes_nothing",
}
TESTS = ("pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conformance.plants")


@pytest.fixture(scope="module")
def environment(postgres: str, kafka: str) -> dict[str, str]:
    """So that the tests in the tests use the servers that are there already."""
    return os.environ | {"PYTHONPATH": str(ROOT), "KAOHE_POSTGRES": postgres, "KAOHE_KAFKA": kafka}


def python(environment: dict[str, str], *module: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", *module],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_bug_that_can_be_planted_has_its_test() -> None:
    assert FOUND_BY.keys() == PLANTS.keys()


def test_without_a_name_nothing_is_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests of FOUND_BY, where the whole run has them, pass without a bug."""
    monkeypatch.delenv(VARIABLE, raising=False)
    places = [(each.owner, each.name) for plants in PLANTS.values() for each in plants]
    before = [vars(owner)[name] for owner, name in places]
    plant_what_is_named()
    assert [vars(owner)[name] for owner, name in places] == before


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.parametrize("bug", FOUND_BY)
def test_a_planted_bug_is_found(environment: dict[str, str], bug: str) -> None:
    done = python(environment | {VARIABLE: bug}, *TESTS, FOUND_BY[bug])
    assert (done.returncode, "1 failed" in done.stdout) == (1, True), done.stdout


@pytest.mark.parametrize("bug", PLANTS)
def test_what_a_bug_takes_the_place_of_stands_where_it_looks_for_it(bug: str) -> None:
    for each in PLANTS[bug]:
        assert each.new() is not vars(each.owner)[each.name]


class Moved:
    """Production, after somebody worked on it."""

    async def tell(self, events: list[int]) -> None: ...


def awaited(_: Any) -> Any:
    async def tell(self: Any, events: list[int], offset: int) -> None: ...

    return tell


@pytest.mark.parametrize(("name", "error"), [("told", KeyError), ("tell", TypeError)])
def test_a_bug_whose_place_is_gone_is_not_planted(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Plant(Moved, name, awaited).new()


def test_a_bug_that_nobody_knows_is_not_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a typo")
    with pytest.raises(KeyError, match="a typo"):
        plant_what_is_named()
