"""All check rules: which function is which rule. A rule is found by its name, in whichever module
of this package it stands; one that several services evaluate over different contents has a
function in each (E05, E24).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules

from libs.events.refusal import Finding, Severity
from libs.events.value import Value
from libs.filing import reference, rules

Check = Callable[..., Sequence[Finding]]
RULE = re.compile(r"[a-z]\d\d[ab]?")
TEST = re.compile(r"^(?:async )?def test_([a-z]\d\d[ab]?)_is_(broken|kept)_\w+", re.MULTILINE)
TESTS = Path(__file__).parents[3] / "tests" / "filing" / "rules"


class RuleEntry(Value):
    """One rule: when it is evaluated, by whom, with which projections of others' facts, and by
    which functions (`module.name`).
    """

    rule: str
    severity: Severity
    point: str
    services: tuple[str, ...]
    needs: tuple[str, ...]
    functions: tuple[str, ...]


@cache
def checks() -> dict[str, tuple[Check, ...]]:
    """The functions of each rule that has any, by rule id."""
    found: dict[str, list[Check]] = {code: [] for code in reference.rules()}
    for code, check in _functions():
        found[code].append(check)
    return {code: tuple(each) for code, each in found.items() if each}


@cache
def entries() -> tuple[RuleEntry, ...]:
    """Every rule of the book, in its order; `functions` is empty where none stands yet."""
    return tuple(
        RuleEntry(
            rule=code,
            severity=rule.severity,
            point=rule.point,
            services=rule.evaluated_by,
            needs=rule.needs,
            functions=tuple(
                f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
                for check in checks().get(code, ())
            ),
        )
        for code, rule in reference.rules().items()
    )


@cache
def shown_by() -> dict[str, dict[str, list[str]]]:
    """Rule id → `broken` and `kept` → names of the tests that show it."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(TESTS.glob("test_*.py")):
        for test in TEST.finditer(path.read_text()):
            name = test[0].rpartition(" ")[2]
            found.setdefault(rule_id(test[1]), {"broken": [], "kept": []})[test[2]].append(
                f"{path.stem}.{name}"
            )
    return found


def rule_id(name: str) -> str:
    """`a10b` is A10b."""
    return name[0].upper() + name[1:]


def page() -> str:
    """docs/rules.md."""
    tests = shown_by()
    rows = [_row(entry, tests.get(entry.rule, {"broken": [], "kept": []})) for entry in entries()]
    return "\n".join((*HEAD, *rows, ""))


HEAD = (
    "# Check rules",
    "",
    (
        "Generated from the catalogue, the functions and their tests; a test keeps it so. "
        "Severity: B blocks, W warns and is acknowledged at"
    ),
    (
        "the next sending, R is a finding for the reviewer. Functions stand in "
        "`libs/filing/rules`, tests in `tests/filing/rules`."
    ),
    "",
    (
        "| rule | must hold | severity | point | service | facts of others | function | broken "
        "by | kept by |"
    ),
    "|---|---|---|---|---|---|---|---|---|",
)


def _row(entry: RuleEntry, tests: dict[str, list[str]]) -> str:
    must = reference.rules()[entry.rule].predicate.replace("|", "\\|")
    cells = (
        entry.services,
        entry.needs,
        *(
            [f"`{each}`" for each in names]
            for names in (entry.functions, tests["broken"], tests["kept"])
        ),
    )
    return (
        f"| {entry.rule} | {must} | {entry.severity} | {entry.point} | "
        f"{' | '.join('<br>'.join(cell) for cell in cells)} |"
    )


def _functions() -> Iterator[tuple[str, Check]]:
    for module in sorted(each.name for each in iter_modules(rules.__path__)):
        loaded = import_module(f"{rules.__name__}.{module}")
        for name, function in getmembers(loaded, isfunction):
            if RULE.fullmatch(name) and function.__module__ == loaded.__name__:
                yield rule_id(name), function
