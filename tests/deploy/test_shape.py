"""The measure of calm: small files, small functions, over everything that runs in production."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
LONGEST_FUNCTION, LONGEST_FILE, MEDIAN_FILE = 30, 400, 120
CODE = sorted(path for folder in ("libs", "services") for path in (ROOT / folder).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Name and length of each, from `def` to its last line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_longer_than_thirty_lines() -> None:
    long = [f"{path.relative_to(ROOT)}: {name}, {length}" for path in CODE for name, length in functions(path.read_text())
            if length > LONGEST_FUNCTION]  # fmt: skip
    assert long == []


def test_a_function_of_thirty_one_lines_is_noticed() -> None:
    body = "\n".join(["class A:", "    async def f(self):", *["        pass"] * 30])
    assert list(functions(body)) == [("f", 31)]


def test_no_file_is_longer_than_four_hundred_lines_and_half_of_them_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): lines(path) for path in CODE}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}
    assert median(length for length in lengths.values() if length) < MEDIAN_FILE
