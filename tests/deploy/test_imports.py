"""The import rules bite: whatever is planted against them is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

LINT = "from importlinter.cli import lint_imports_command as run; run()"
PLANTED = {
    "services/assessment/records/domain/sending.py": (
        "import asyncpg",
        "The domain knows no web, no database, no bus and no clock",
    ),
    "services/enterprise/filings/commands.py": (
        "import services.enterprise.filings.routes",
        "In every room of a service imports point inward",
    ),
    "services/enterprise/legacy/domain.py": (
        "import services.enterprise.packets.commands",
        "The domain of a room asks nothing of any room's outer files",
    ),
    "services/personnel/people/lists.py": (
        "import services.personnel.people.facts",
        "In every room of a service imports point inward",
    ),
    "services/projects/projects/lists.py": (
        "import services.personnel.people.lists",
        "Services hear each other by topic, never by import",
    ),
    "services/review/conclusions/domain/signing.py": (
        "import services.review.cases.lists",
        "The domain of a room asks nothing of any room's outer files",
    ),
    "libs/events/relay.py": ("import fastapi", "The kernel of events knows no web"),
    "deploy/cli/replay.py": (
        "import libs.chassis.in_memory",
        "What runs in production knows nothing of tests",
    ),
    "deploy/keeping/topics.py": (
        "import deploy.cli.replay",
        "Commands stand above what they command",
    ),
    "libs/filing/filing.py": (
        "import libs.papers",
        "Services stand on the shared kernels, these on the event-sourcing kernel",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imports")
    for name in ("libs", "services", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def broken(folder: Path) -> list[str]:
    """Names of the contracts that do not hold."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    told = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return [line.partition(" BROKEN")[0] for line in told.splitlines() if " BROKEN" in line]


def test_every_planted_import_breaks_its_contract(copy: Path) -> None:
    assert broken(copy) == []
    for path, (line, _) in PLANTED.items():
        (copy / path).write_text(f"{line}\n{(copy / path).read_text()}")
    assert sorted(broken(copy)) == sorted({contract for _, contract in PLANTED.values()})
