"""What `./kaohe check` runs, so that it says what is missing and little else."""

import pytest

from deploy.cli import quality
from deploy.cli.places import ROOT
from deploy.embedded.process import StackError


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The steps, in no order; each passes."""
    steps: list[tuple[str, ...]] = []

    def run(*step: str) -> int:
        steps.append(step)
        return 0

    monkeypatch.setattr(quality, "_run", run)
    return steps


def test_the_quick_check_of_a_service_says_also_what_is_stale_in_contracts(
    ran: list[tuple[str, ...]],
) -> None:
    assert quality.check(quick="enterprise") == 0
    assert ("deploy.cli", "contracts", "--check") in ran
    [tests] = [step for step in ran if step[0] == "pytest"]
    chosen = {"tests/enterprise", "tests/packets", quality.WORDS}
    assert chosen | {"--show-capture=no"} <= set(tests)
    assert all((ROOT / path).exists() for path in chosen)


def test_the_whole_check_leaves_that_to_the_tests_and_looks_at_imports(
    ran: list[tuple[str, ...]],
) -> None:
    assert quality.check() == 0
    assert {step[0] for step in ran} == {"ruff", "mypy", "lint_imports", "pytest"}


def test_a_service_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(StackError, match="one of enterprise, personnel"):
        quality.check(quick="enterprises")
