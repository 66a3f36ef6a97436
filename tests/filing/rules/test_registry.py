"""Every rule of the book has its function, a test that breaks it and one that keeps it; the page
of rules says so.
"""

import inspect
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from libs.events.refusal import Finding
from libs.filing import catalogue, reference
from libs.filing.rules import registry

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "rules.md"


def test_the_book_has_137_rules_and_the_registry_lists_each() -> None:
    assert [entry.rule for entry in registry.entries()] == list(reference.rules())
    assert len(registry.entries()) == 137


@pytest.mark.parametrize("rule", sorted(reference.rules()))
def test_a_rule_has_its_function_and_its_tests(rule: str) -> None:
    assert registry.checks().get(rule), "no function"
    shown = registry.shown_by().get(rule, {"broken": [], "kept": []})
    assert shown["broken"], "no test breaks it"
    assert shown["kept"], "no test keeps it"


@pytest.mark.slow
def test_every_test_of_a_rule_fails_without_the_rule() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tests.filing.rules.mutate_rules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


def test_no_test_speaks_of_a_rule_that_is_not_in_the_book() -> None:
    assert registry.shown_by().keys() <= reference.rules().keys()


def test_a_rule_takes_typed_content_and_facts_and_returns_findings() -> None:
    for rule, functions in registry.checks().items():
        for function in functions:
            hints = typing.get_type_hints(function)
            assert hints.pop("return") == list[Finding], rule
            assert hints.keys() == inspect.signature(function).parameters.keys(), rule
            assert typing.Any not in hints.values(), rule


def test_severity_and_point_are_the_books() -> None:
    by_rule = {entry.rule: entry for entry in registry.entries()}
    assert by_rule["E20"].point == catalogue.point("E20") == "import"
    assert by_rule["J03"].severity == catalogue.severity("J03")
    assert by_rule["P20"].needs == ("personnel.filed", "enterprise.certificates")
    assert by_rule["A10b"].services == ("assessment",)


def test_the_page_of_rules_is_generated_and_whole() -> None:
    assert PAGE.read_text() == registry.page()
