"""Bugs that are planted are found: each makes the test named beside it fail, which passes without
it.
"""

import os
import subprocess
import sys

import pytest

from libs.events.planted import NAMES
from tests.servers import ROOT

pytestmark = [pytest.mark.servers, pytest.mark.slow]
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
PROD = """
from libs.chassis.settings import Settings
Settings(service="s", profile="prod", db={"dsn": ""}, kafka={"bootstrap": ""}, auth={"issuer": "https://"},
         s3={"endpoint": "https://", "access_key": "", "secret_key": "", "bucket": ""},
         keyring={"dsn": "", "master_key_file": "/dev/null", "person_key_file": "/dev/null"})
"""


@pytest.fixture(scope="module")
def environment(postgres: str, kafka: str) -> dict[str, str]:
    """So that the tests in the tests use the servers that are there already."""
    return os.environ | {"PYTHONPATH": str(ROOT), "KAOHE_POSTGRES": postgres, "KAOHE_KAFKA": kafka}


def python(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_bug_that_can_be_planted_has_its_test() -> None:
    assert FOUND_BY.keys() == NAMES


def test_without_a_bug_these_tests_pass(environment: dict[str, str]) -> None:
    done = python(environment, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FOUND_BY.values())
    assert (done.returncode, f"{len(FOUND_BY)} passed" in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize("name", FOUND_BY)
def test_a_planted_bug_is_found(environment: dict[str, str], name: str) -> None:
    done = python(
        environment | {"KAOHE_PLANTED": name},
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        FOUND_BY[name],
    )
    assert (done.returncode, "1 failed" in done.stdout) == (1, True), done.stdout


def test_production_does_not_start_with_a_planted_bug(environment: dict[str, str]) -> None:
    done = python(environment | {"KAOHE_PLANTED": "offset first"}, "-c", PROD)
    assert "not in production: Kafka without TLS, planted bugs" in done.stderr
    assert "planted" not in python(environment, "-c", PROD).stderr


def test_a_bug_that_nobody_knows_is_not_planted(environment: dict[str, str]) -> None:
    assert (
        "nobody knows how to plant"
        in python(
            environment | {"KAOHE_PLANTED": "a typo"}, "-c", "import libs.events.planted"
        ).stderr
    )
