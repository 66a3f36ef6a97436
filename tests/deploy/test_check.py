"""What `./kaohe check` runs, so that it says what is missing and little else."""

import pytest

from deploy.cli import contracts, quality
from deploy.embedded.process import StackError
from deploy.installation.places import ROOT
from tests.contracts.documents import documents


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The steps, in no order; each passes."""
    steps: list[tuple[str, ...]] = []

    def run(*step: str) -> int:
        steps.append(step)
        return 0

    monkeypatch.setattr(quality, "_run", run)
    return steps


def test_the_quick_check_of_a_service_runs_its_own_tests_and_those_of_words(
    ran: list[tuple[str, ...]],
) -> None:
    assert quality.check(quick="enterprise") == 0
    [tests] = [step for step in ran if step[0] == "pytest"]
    chosen = {"tests/enterprise", "tests/packets", quality.WORDS}
    assert chosen | {"--show-capture=no"} <= set(tests)
    assert all((ROOT / path).exists() for path in chosen)


@pytest.mark.parametrize("static", [False, True])
def test_the_static_check_runs_no_test(ran: list[tuple[str, ...]], static: bool) -> None:
    assert quality.check(static=static) == 0
    tools = {step[0] for step in ran}
    assert tools == {"ruff", "mypy", "lint_imports"} | (set() if static else {"pytest"})


def test_the_quick_check_of_a_service_says_also_what_is_stale_of_its_contracts(
    ran: list[tuple[str, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, whole = list[str | None](), documents()

    def made(only: str | None = None) -> dict[str, str]:
        asked.append(only)
        return whole | {"openapi/enterprise.json": "{}"}

    monkeypatch.setattr(contracts, "documents", made)
    assert quality.check(quick="enterprise") == 1
    assert (asked, ran != []) == (["enterprise"], True)
    assert "stale: contracts/openapi/enterprise.json" in capsys.readouterr().out


def test_a_service_that_cannot_be_imported_fails_the_check(
    ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contracts, "documents", None)
    assert quality.check(quick="enterprise") == 1
    assert ran


def test_of_one_service_its_own_documents_are_made_and_those_of_all_together() -> None:
    made, whole = contracts.documents("review"), documents()
    assert made.items() <= whole.items()
    own = ("openapi/", "events/enterprise.", "events/review.")
    assert {path.partition(".")[0] for path in made if path.startswith(own)} == {
        "openapi/review",
        "events/review",
    }
    assert contracts.differing(made, "review") == []
    assert contracts.differing(whole | {"events/review.A/v1.schema.json": ""}, "review") == [
        "events/review.A/v1.schema.json"
    ]


def test_the_whole_check_leaves_that_to_the_tests_and_looks_at_imports(
    ran: list[tuple[str, ...]],
) -> None:
    assert quality.check() == 0
    assert {step[0] for step in ran} == {"ruff", "mypy", "lint_imports", "pytest"}


def test_a_service_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(StackError, match="one of enterprise, personnel"):
        quality.check(quick="enterprises")


@pytest.mark.parametrize(
    ("arguments", "side_by_side"),
    [
        ((), True),
        (("tests/filing", "-k", "person", "-x"), True),
        (("tests/filing/test_forms.py::test_one",), False),
        (("-n0",), False),
        (("-n", "3"), False),
        (("-s",), False),
        (("--pdb",), False),
    ],
)
def test_files_are_tested_side_by_side_unless_the_arguments_want_it_otherwise(
    ran: list[tuple[str, ...]], arguments: tuple[str, ...], side_by_side: bool
) -> None:
    assert quality.test(*arguments) == 0
    [(tool, *given)] = ran
    assert (tool, set(quality.SIDE_BY_SIDE) <= set(given)) == ("pytest", side_by_side)
    assert given[len(given) - len(arguments) :] == list(arguments)


def test_an_expression_of_marks_that_is_given_takes_the_place_of_ours(
    ran: list[tuple[str, ...]],
) -> None:
    quality.test("-m", "slow")
    assert ran[0].count("-m") == 1
