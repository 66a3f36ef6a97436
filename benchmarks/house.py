"""How the code reads, in figures: the table at the head of docs/house.md, measured on the tree.

    python -m benchmarks.house [ROOT] [--json] [--check]      ROOT: another clone; --check also runs
                                                              `./kaohe check` and counts its CPU

Everything but the last is counted in the syntax trees of libs and services, and where it says so
of deploy, benchmarks and tests. The column `then` is commit f1b6fbe, where the redesign began.
"""

import argparse
import ast
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import percentile
from deploy.installation.places import ROOT

Sources = Mapping[str, str]  # text by path below the root
PRODUCT = ("libs", "services")
EVERYTHING = (*PRODUCT, "deploy", "benchmarks", "tests")
WIDEST = 100
CONTRACTS = ("libs/published/",)
# measure → at commit f1b6fbe, aim
ROWS = {
    "parameters of evolving methods that are unused": ("290 of 545", "0"),
    "lines from an event's class past its decision to what it changes, median": ("164", "≤ 20"),
    "places where the formatter is off; lines over 100 characters in libs, services": (
        "303; 2,029",
        "0; 0",
    ),
    "syntax nodes a line, services; tests": ("9.3; 11.9", "≤ 7; ≤ 7"),
    "syntax nodes of a function, median; 95th percentile": ("54; 165", "–; ≤ 150"),
    "lines of a function, median; longest": ("4; 28", "≤ 6; ≤ 40"),
    "lines of a file, median; longest": ("84; 363", "< 120; ≤ 400"),
    "class names defined in several modules, published contracts aside": ("52", "≤ 15"),
    "raising public functions that say so, libs; services": ("17 of 47; 2 of 16", "all; all"),
    "CPU seconds of `./kaohe check`": ("190", "≤ 60"),
}


def sources(root: Path, *folders: str) -> Sources:
    """The Python files of these folders; data and virtual environments hold none."""
    paths = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return {str(path.relative_to(root)): path.read_text() for path in paths}


def unused_parameters(texts: Sources) -> tuple[int, int]:
    """Of the methods that evolve an aggregate: parameters that the body does not name, and all.
    An event taken whole is never unused: that it happened may be all that counts.
    """
    unused = total = 0
    for _, method in _evolving(texts):
        names = [each.arg for each in [*method.args.args, *method.args.kwonlyargs]][1:]
        used = {each.id for each in _below(method.body) if isinstance(each, ast.Name)}
        missing = [name for name in names if name not in used]
        total += len(names)
        unused += len(missing) if len(names) > 1 else 0
    return unused, total


def way_through_an_act(texts: Sources) -> list[int]:
    """Of each event that is decided in the file of its class: lines from the class to the first
    decision, and from there to the method that evolves it.
    """
    found = []
    for text, method in _evolving(texts):
        name = _event(method).split(".")[-1]
        tree = ast.parse(text)
        begun = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name]
        decided = _calls(tree, {name, method.name})
        if begun and decided:
            found.append(abs(decided[0] - begun[0]) + abs(method.lineno - decided[0]))
    return found


def nodes_a_line(texts: Sources) -> float:
    """Syntax nodes for each line that is not blank."""
    lines = sum(bool(line.strip()) for text in texts.values() for line in text.splitlines())
    return sum(_nodes(ast.parse(text)) for text in texts.values()) / max(lines, 1)


def long_lines(texts: Sources) -> int:
    """As the linter counts: a comment for the type checker is no part of the line."""
    lines = (line for text in texts.values() for line in text.splitlines())
    return sum(len(line.partition("  # type: ")[0]) > WIDEST for line in lines)


def unformatted(texts: Sources) -> int:
    """Places where the formatter is switched off."""
    return sum(text.count("# fmt: " + "skip") for text in texts.values())


def functions(texts: Sources) -> list[tuple[int, int]]:
    """Lines and syntax nodes of each."""
    return [
        ((each.end_lineno or each.lineno) - each.lineno + 1, _nodes(each))
        for text in texts.values()
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def files(texts: Sources) -> list[int]:
    """Lines of each file that is not empty."""
    return [len(text.splitlines()) for text in texts.values() if text.strip()]


def shared_names(texts: Sources) -> list[str]:
    """Class names that several modules define, contracts between services aside."""
    places: dict[str, set[str]] = {}
    for path, text in texts.items():
        if not path.startswith(CONTRACTS):
            for each in ast.walk(ast.parse(text)):
                if isinstance(each, ast.ClassDef):
                    places.setdefault(each.name, set()).add(path)
    return sorted(name for name, paths in places.items() if len(paths) > 1)


def raising(texts: Sources) -> tuple[list[str], int]:
    """Public functions that raise an exception and do not say so, and the number of all that
    raise. Routes aside: their docstrings are for clients, who are told the problems beside them.
    """
    silent, total = [], 0
    for path, text in texts.items():
        for each in _public(ast.parse(text)):
            if not _is_route(each) and any(
                isinstance(n, ast.Raise) and n.exc for n in ast.walk(each)
            ):
                total += 1
                if "rais" not in (ast.get_docstring(each) or "").lower():
                    silent.append(f"{path}: {each.name}")
    return silent, total


def measured(root: Path) -> dict[str, str]:
    """The rows of the table, without the cost of checking."""
    product, written = sources(root, *PRODUCT), sources(root, *EVERYTHING)
    served, tests = sources(root, "services"), sources(root, "tests")
    named = sources(root, *PRODUCT, "deploy", "benchmarks")
    lines, nodes = zip(*functions(product), strict=True)
    unused, parameters = unused_parameters(product)
    says = [raising(sources(root, folder)) for folder in PRODUCT]
    figures = (
        f"{unused} of {parameters}",
        f"{median(way_through_an_act(product)):.0f}",
        f"{unformatted(written)}; {long_lines(product):,}",
        f"{nodes_a_line(served):.1f}; {nodes_a_line(tests):.1f}",
        f"{median(nodes):.0f}; {percentile(nodes, 0.95):.0f}",
        f"{median(lines):.0f}; {max(lines)}",
        f"{median(files(product)):.0f}; {max(files(product))}",
        f"{len(shared_names(named))}",
        "; ".join(f"{total - len(silent)} of {total}" for silent, total in says),
    )
    return dict(zip(ROWS, figures, strict=False))


def cost_of_checking(root: Path) -> str:
    """CPU seconds of `./kaohe check`. Raises RuntimeError if it does not pass."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-P", "-m", "deploy.cli", "check"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout.decode()[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.0f}"


def table(figures: Mapping[str, str]) -> str:
    """In Markdown, each figure beside what it was and what it should be."""
    rows = [
        f"| {name} | {ROWS[name][0]} | {now} | {ROWS[name][1]} |" for name, now in figures.items()
    ]
    return "\n".join(["| measure | then | now | aim |", "|---|---|---|---|", *rows])


def _evolving(texts: Sources) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each method that changes an aggregate for an event, with the text of its file."""
    for text in texts.values():
        for each in ast.walk(ast.parse(text)):
            if isinstance(each, ast.FunctionDef) and _event(each):
                yield text, each


def _event(method: ast.FunctionDef) -> str:
    """The event that `@evolves(…)` names, or the library's `@event(…)` before; else nothing."""
    for each in method.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func) in ("evolves", "event"):
            return ast.unparse(each.args[0])
    return ""


def _calls(tree: ast.AST, names: set[str]) -> list[int]:
    """Lines of the calls of an attribute of one of these names, in order."""
    return sorted(
        each.lineno
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in names
    )


def _public(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of a module and methods of its classes whose names are not private."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            if not each.name.startswith("_"):
                yield each
        elif isinstance(each, ast.ClassDef) and not each.name.startswith("_"):
            yield from _public(each)


def _is_route(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(each).startswith("router.") for each in function.decorator_list)


def _below(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    return (each for statement in body for each in ast.walk(statement))


def _nodes(tree: ast.AST) -> int:
    return sum(1 for _ in ast.walk(tree))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.house", description="How the code reads, in figures."
    )
    parser.add_argument("root", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--check", action="store_true", help="run ./kaohe check and count its CPU")
    given = parser.parse_args(argv)
    figures: dict[str, Any] = measured(given.root)
    if given.check:
        figures[list(ROWS)[-1]] = cost_of_checking(given.root)
    print(json.dumps(figures, ensure_ascii=False) if given.json else table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
