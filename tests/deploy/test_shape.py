"""The measure of calm: small files, small functions, little on a line, over everything that runs
in production. Lines alone would reward packing, so syntax nodes are counted beside them.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from benchmarks.house import raising, sources

ROOT = Path(__file__).parents[2]
LONGEST_FUNCTION, LONGEST_FILE, MEDIAN_FILE = 40, 400, 120
LARGEST_FUNCTION = 320  # syntax nodes
DENSEST_LINE = {"libs": 7.4, "services": 7.5}  # syntax nodes, mean of all lines
CODE = sorted(path for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def nodes(tree: ast.AST) -> int:
    return sum(1 for _ in ast.walk(tree))


def functions(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    """Name, lines from `def` to its last line, and syntax nodes of each."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1, nodes(node)


def test_no_function_is_longer_than_forty_lines_or_does_more_than_fits_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name}, {length} lines, {size} nodes"
        for path in CODE
        for name, length, size in functions(parsed(path))
        if length > LONGEST_FUNCTION or size > LARGEST_FUNCTION
    ]
    assert long == []


def test_a_function_is_measured_by_lines_and_by_nodes() -> None:
    body = "\n".join(["class A:", "    async def f(self):", *["        pass"] * 40])
    assert [(name, length) for name, length, _ in functions(ast.parse(body))] == [("f", 41)]
    ((_, length, size),) = functions(ast.parse("def f(): return [" + "0," * 400 + "]"))
    assert (length, size > LARGEST_FUNCTION) == (1, True)


@pytest.mark.parametrize("folder", DENSEST_LINE)
def test_whoever_raises_says_so(folder: str) -> None:
    silent, total = raising(sources(ROOT, folder))
    assert silent == []
    assert total > 20  # it did look


@pytest.mark.parametrize("folder", DENSEST_LINE)
def test_a_line_holds_little(folder: str) -> None:
    code = [path for path in CODE if path.is_relative_to(ROOT / folder)]
    written = sum(1 for path in code for line in path.read_text().splitlines() if line.strip())
    mean = sum(nodes(parsed(path)) for path in code) / written
    most = DENSEST_LINE[folder]
    assert mean <= most, f"{folder}: {mean:.3f} nodes a line, {most} at most: say it in more lines"


def test_no_line_escapes_the_formatter() -> None:
    assert [str(path) for path in CODE if "# fmt: " in path.read_text()] == []


def test_no_file_is_longer_than_four_hundred_lines_and_half_of_them_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): lines(path) for path in CODE}
    long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
    assert not long, (
        f"{long}: a paragraph of an aggregate can be a base class in a file of its own, "
        "as libs/filing/subject.py is; its events keep their stored names"
    )
    assert median(length for length in lengths.values() if length) < MEDIAN_FILE
