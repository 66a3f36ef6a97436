"""What runs in production needs nothing that only tests need, and each command installs what it
runs.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.servers import ROOT

RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)", re.MULTILINE)
REPORTING = """#!/bin/sh
echo "${0##*/} $*" >> "${0%/*}/said"
"""


def pinned(lock: str) -> set[tuple[str, str]]:
    return set(PINNED.findall((ROOT / lock).read_text()))


def test_what_stands_in_both_locks_has_the_same_versions() -> None:
    runtime, dev = pinned(RUNTIME), pinned(DEV)
    both = {name for name, _ in runtime} & {name for name, _ in dev}
    assert {each for each in runtime if each[0] in both} == {
        each for each in dev if each[0] in both
    }
    assert both
    assert {"pytest", "mypy"} <= dict(dev).keys() - dict(runtime).keys()


def test_each_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        RUNTIME: project["project"]["dependencies"],
        DEV: project["dependency-groups"]["dev"],
    }
    for lock, wanted in asked.items():
        names = {re.split(r"[\[=<>; ]", each)[0] for each in wanted}
        assert names - {name for name, _ in pinned(lock)} == set()


def undeclared(folder: Path) -> dict[str, str]:
    """What is imported without a right to, by file."""
    told = subprocess.run(
        [sys.executable, "-m", "deptry", ".", "--no-ansi"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    return dict(re.findall(r"^([\w/.]+):\d+:\d+: \w+ '(\w+)' imported", told, re.MULTILINE))


def test_what_runs_imports_only_what_it_declares_and_nothing_of_the_tests() -> None:
    assert undeclared(ROOT) == {}


def test_an_import_without_a_right_to_it_is_named(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = {"libs/shared.py": "networkx", "services/served.py": "aiohttp"}
    for path, package in planted.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(f"import {package}, httpx")
    assert undeclared(tmp_path) == planted


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Whose packages were installed from an earlier lock, and whose programs only report."""
    shutil.copy(ROOT / "kaohe", tmp_path)
    (tmp_path / RUNTIME).write_text("uv==1\nfastapi==2\n")
    (tmp_path / DEV).write_text("pytest==3\n")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (tmp_path / ".venv" / "installed.lock").write_text("fastapi==1\n")
    for name in ("python", "uv"):
        (programs / name).write_text(REPORTING)
        (programs / name).chmod(0o755)
    return tmp_path


def run(clone: Path, command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")
    } | {"KAOHE_PYTHON": sys.executable}
    return subprocess.run(
        [clone / "kaohe", command, "--quick"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def installs(clone: Path, command: str) -> list[str]:
    """The locks from which the command installs, before it runs."""
    said = clone / ".venv" / "bin" / "said"
    said.unlink(missing_ok=True)
    done = run(clone, command)
    assert done.returncode == 0, done.stderr
    *before, last = said.read_text().splitlines()
    assert last == f"python -P -m deploy.cli {command} --quick"
    return [
        name.rpartition("/")[2]
        for line in before
        if line.startswith("uv pip sync")
        for name in line.partition("--require-hashes ")[2].split()
    ]


def test_a_command_installs_what_it_runs_and_the_tools_of_the_tests_come_with_a_test(
    clone: Path,
) -> None:
    assert installs(clone, "demo") == [RUNTIME]
    assert installs(clone, "demo") == []
    for command in ("check", "test", "bench"):
        assert installs(clone, command) == ([RUNTIME, DEV] if command == "check" else [])
    assert installs(clone, "demo") == []  # they stay


@pytest.mark.parametrize("changed", [RUNTIME, DEV])
def test_a_changed_lock_is_installed_whatever_is_run_next(clone: Path, changed: str) -> None:
    installs(clone, "check")
    (clone / changed).write_text(f"{(clone / changed).read_text()}another==1\n")
    assert installs(clone, "status") == [RUNTIME, DEV]


def test_nothing_is_installed_where_a_link_leads(clone: Path, tmp_path: Path) -> None:
    """Another clone's packages were emptied so, while it used them."""
    others = clone / ".venv"
    others.rename(tmp_path / "others")
    others.symlink_to(tmp_path / "others")
    done = run(clone, "demo")
    assert done.returncode == 1
    assert ".venv is a link" in done.stderr
    assert (tmp_path / "others" / "installed.lock").read_text() == "fastapi==1\n"
    assert not (tmp_path / "others" / "bin" / "said").exists()
