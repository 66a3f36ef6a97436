"""`test`, `check`, `bench`: what a change must pass, and figures beside their peers."""

import importlib
import os
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from cyclopts import App, Parameter

from deploy.cli import contracts
from deploy.embedded.places import existing_services
from deploy.embedded.process import StackError
from deploy.installation.places import ROOT

CODE = ("libs", "services", "deploy", "tests", "benchmarks")
FAST = "not servers and not slow and not containers"
BRIEFLY = ("-q", "--tb=short", "--show-capture=no")  # what is missing, not what was logged
# one worker a core, each with servers of its own; tests/conftest.py says what stays together
WORKERS = min(4, max(2, os.cpu_count() or 1))
SIDE_BY_SIDE = (f"-n{WORKERS}", "--dist=loadfile", "--no-loadscope-reorder")
ALONE = ("-n", "--pdb", "--trace", "--collect-only", "--co", "-s", "--capture=no")
# tests of a service in folders of their own
ALSO: Mapping[str, Sequence[str]] = {"enterprise": ("packets",), "review": ("authority",)}
WORDS = "tests/deploy/test_words.py"  # of refusals and events, whichever service says them
FEW = "--maxfail=5"  # a service that does not start fails every test of its own with one reason
BENCHMARKS = (
    "append",
    "crowd",
    "deadline",
    "http",
    "latency",
    "lists",
    "portal",
    "replay",
    "scale",
)
Passed = Annotated[str, Parameter(allow_leading_hyphen=True)]  # to the tool, as it stands


def register(app: App) -> None:
    app.command(test)
    app.command(check)
    app.command(bench)


def test(*arguments: Passed) -> int:
    """All tests, or those the pytest arguments name; files side by side, unless one test is named
    or an argument wants them one after the other (`-n0`, `-s`, `--pdb`).
    """
    without = [] if os.environ.get("KAOHE_TEST_CONTAINERS") else ["-m", "not containers"]
    chosen = [] if "-m" in arguments else without
    alone = any(each.startswith(ALONE) or "::" in each for each in arguments)
    return _run("pytest", *([] if alone else SIDE_BY_SIDE), *chosen, *arguments)


def check(*, quick: str | None = None, static: bool = False) -> int:
    """Format, lint, types, imports, fast tests: before every commit. Says what it cost.

    Parameters
    ----------
    quick
        Only of this service and its tests, without the rules about imports; and whether contracts/
        is as the code is.
    static
        Only what runs no code: without the tests, for whoever runs all of them next.
    """
    if quick and quick not in existing_services():
        raise StackError(
            f"没有服务 {quick}",
            f"there is no service {quick}: one of {', '.join(existing_services())}",
        )
    code = _folders(quick) if quick else [name for name in CODE if (ROOT / name).is_dir()]
    packages = [option for name in code for option in ("-p", name.replace("/", "."))]
    steps: list[Sequence[str]] = [
        ("ruff", "format", "--check", "-q", *code),
        ("ruff", "check", "-q", *code),
        *([("mypy", *packages)] if quick else [("mypy",), ("lint_imports",)]),
    ]
    own = [name for name in code if name.startswith("tests")]
    folders = [FEW, *own, WORDS] if quick else []
    with ThreadPoolExecutor(1) as beside:  # the tests keep one core busy, all else another
        rest = beside.submit(lambda: [*map(_step, steps), *([_contracts(quick)] if quick else [])])
        tests = [] if static else [("pytest", *BRIEFLY, "-m", FAST, *folders)]
        status = int(any([*map(_step, tests), *rest.result()]))
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(each.ru_utime + each.ru_stime for each in spent)
    print(f"kaohe: {seconds:.0f} CPU seconds", file=sys.stderr, flush=True)
    return status


def _folders(service: str) -> list[str]:
    tests = [f"tests/{name}" for name in (service, *ALSO.get(service, ()))]
    return [f"services/{service}", *tests]


def _step(step: Sequence[str]) -> int:
    return _timed(" ".join(step[:2]), lambda: _run(*step))


def _contracts(service: str) -> int:
    """In this process, which has imported the most of it already."""
    try:
        return _timed("contracts --check", lambda: contracts.checked(service))
    except Exception:  # the code itself is broken: whoever mends it wants to see where
        traceback.print_exc()
        return 1


def _timed(name: str, run: Callable[[], int]) -> int:
    began = time.monotonic()
    status = run()
    outcome = "failed" if status else "passed"
    said = f"kaohe: {name} {outcome} after {time.monotonic() - began:.1f} s"
    print(said, file=sys.stderr, flush=True)
    return status


def bench(name: str = "", *arguments: Passed) -> int:
    """Figures beside their peers, in one run; without a name it says which there are."""
    if name not in BENCHMARKS:
        raise StackError(
            f"没有基准测试 {name}：{', '.join(BENCHMARKS)}",
            f"there is no benchmark {name}: one of {', '.join(BENCHMARKS)}",
        )
    module = importlib.import_module(f"benchmarks.{name}")
    return int(module.main(list(arguments)) or 0)


def _run(tool: str, *arguments: str) -> int:
    command = (
        ["-c", "from importlinter.cli import lint_imports_command as run; run()"]
        if tool == "lint_imports"
        else ["-m", tool]
    )
    return subprocess.run(
        [sys.executable, *command, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    ).returncode
