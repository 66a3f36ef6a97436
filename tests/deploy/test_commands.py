"""The table of commands, by which only the module of the one that is named is imported."""

from importlib import import_module
from pathlib import Path

import pytest
from cyclopts import App

from deploy.cli import __main__ as cli
from tests.deploy.clone import Clone, Prepared
from tests.servers import ROOT

PLACE = ROOT / "deploy" / "cli"
MODULES = [path.stem for path in PLACE.glob("*.py") if "def register(" in path.read_text()]


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_registers_is_in_the_table(module: str) -> None:
    app = App(help_flags=[], version_flags=[])
    import_module(f"deploy.cli.{module}").register(app)
    assert set(app) == {name for name, at in cli.COMMANDS.items() if at == module}


def test_a_command_that_is_named_stands_beside_its_modules_only() -> None:
    assert set(cli.app_for(["clock", "show"])) == {"clock", "--help", "-h"}


@pytest.mark.parametrize("words", [(), ("--help",), ("nothing",)])
def test_where_none_is_named_there_are_all(words: tuple[str, ...]) -> None:
    assert set(cli.app_for(words)) >= set(cli.COMMANDS)


@pytest.mark.slow
def test_a_prepared_command_says_what_a_process_of_its_own_says(tmp_path: Path) -> None:
    """By which tests give all but the first commands (tests/deploy/clone.py)."""
    asked = [("status",), ("clock", "advance", "soon"), ("reset",), ("nothing",), ("down",)]
    asked += [("replay", "--check"), ("--help",)]
    prepared = Prepared(Clone(tmp_path).environment)
    for words in asked:
        own, forked = Clone(tmp_path).done(*words), prepared.done(*words)
        assert (own.returncode, own.stdout, own.stderr) == (
            forked.returncode,
            forked.stdout,
            forked.stderr,
        )
