"""Mutation testing: does a test fail for every small change of the code?

    nice python -m tests.mutation [identifiers] [codec] [store] … [--sample=300]

Works on a copy, because the code is changed in place; generated tests run with fewer examples
there, and pytest without its plugins, which take longer to load than most tests to run. Nothing
needs a server; what waits for what will not come waits no longer than PATIENCE.
`--sample`: of a part with more changes than that, so many drawn with a fixed seed. Prints, per
part, the survivors and the share killed; exit status 1 below the floor.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).parents[1]
FLOOR = 0.85


class Part(NamedTuple):
    module: str
    tests: str  # the fast ones that are about it


CODEC = "tests/events/test_codec.py tests/events/test_personal.py"
TOKENS = "tests/chassis/test_auth.py tests/chassis/test_issuer_away.py"
ACCESS = " ".join(
    f"tests/chassis/test_{each}.py"
    for each in ("access", "reach", "problems", "quota", "in_memory")
)
STORE = "tests/events/test_store.py tests/events/test_followers.py tests/events/test_notices.py"
PARTS = {
    "identifiers": Part("libs/filing/identifiers.py", "tests/filing/test_identifiers.py"),
    "staffing": Part("libs/filing/staffing", "tests/filing/staffing"),
    "conclusion": Part("libs/filing/conclusion", "tests/filing/test_conclusion.py"),
    "codec": Part("libs/events/codec.py", CODEC),
    "envelope": Part("libs/events/envelope.py", "tests/events/test_envelope.py"),
    "auth": Part("libs/chassis/identity/auth.py", TOKENS),
    "keys": Part("libs/chassis/identity/issuer_keys.py", TOKENS),
    "access": Part("libs/chassis/identity/access.py", ACCESS),
    "store": Part("libs/events/store.py", STORE),
    "keyring": Part("libs/events/keyring.py", "tests/events/test_keys_in_memory.py"),
}
SETTINGS = """
[cosmic-ray]
module-path = "{module}"
timeout = 60.0
excluded-modules = []
test-command = "{python} -m pytest -c bare.ini --rootdir . -x -q {options} {tests}"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = [
    "core/ReplaceBinaryOperator_BitOr_.*",
    "core/ReplaceComparisonOperator_(Eq_Is|Is_Eq|NotEq_IsNot|IsNot_NotEq)",
    "core/ReplaceComparisonOperator_(Is|IsNot)_(Lt|LtE|Gt|GtE)",
]
# No changed behaviour: | stands in types; equal codes, members and small numbers are one object.
# Nor is there an order of what `is` compares: None has none, members only that of the alphabet.
"""


BARE = """[pytest]
markers =
    slow
    servers
pythonpath = .
"""
PLAIN = "-p no:cacheprovider"
WITH_LOOPS = (
    f"{PLAIN} -p pytest_asyncio.plugin -o asyncio_mode=auto "
    "-o asyncio_default_fixture_loop_scope=session -o asyncio_default_test_loop_scope=session"
)
CONFTEST = """from libs.chassis.process import logs
logs.set_up("tests")
"""
PATIENCE = 10.0  # seconds, in place of that of tests/patience.py


def main() -> int:
    sample = next(
        (int(each.partition("=")[2]) for each in sys.argv[1:] if each.startswith("--sample=")), None
    )
    parts = [each for each in sys.argv[1:] if not each.startswith("--")] or list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(Path(folder))
        return max([_judge(part, copy, sample) for part in parts], default=0)


def _copied(folder: Path) -> Path:
    copy = folder / "kaohe"
    for name in ("libs", "deploy", "services", "tests", "contracts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "bare.ini").write_text(BARE)
    (copy / "tests/patience.py").write_text(f"PATIENCE = {PATIENCE}\n")
    for path in (copy / "tests").rglob("test_*.py"):
        path.write_text(
            re.sub(
                r"max_examples=([\d_]+)",
                lambda found: f"max_examples={min(int(found[1]), 40)}",
                path.read_text(),
            )
        )
    return copy


def _judge(part: str, copy: Path, sample: int | None) -> int:
    module, tests = PARTS[part]
    session, is_pure = f"{part}.sqlite", module.startswith("libs/filing")
    (copy / "tests/conftest.py").write_text("" if is_pure else CONFTEST)
    settings = SETTINGS.format(
        module=module,
        tests=tests,
        python=sys.executable,
        options=PLAIN if is_pure else WITH_LOOPS,
    )
    (copy / f"{part}.toml").write_text(settings)
    _run(copy, "cosmic-ray", "init", f"{part}.toml", session)
    _run(copy, "cr-filter-operators", session, f"{part}.toml")
    if sample is not None:
        _leave_out(copy / session, sample)
    _run(copy, "cosmic-ray", "baseline", f"{part}.toml")  # tests that fail anyway kill nothing
    _run(copy, "cosmic-ray", "exec", f"{part}.toml", session)
    tested, survived = 0, 0
    for item, outcome in _results(copy, session):
        tested += 1
        if outcome["test_outcome"] == "survived":
            survived += 1
            _tell(item["mutations"][0], outcome["diff"])
    killed = (tested - survived) / tested
    print(f"{part}: {tested - survived} of {tested} mutants killed, {killed:.1%}", flush=True)
    return int(killed < FLOOR)


def _tell(change: dict[str, str], diff: str) -> None:
    """What survived, as the lines were and as they became."""
    print(f"survived: {change['module_path']}:{change['start_pos'][0]} {change['operator_name']}")
    for line in diff.splitlines():
        if re.match(r"[-+](?![-+]{2})", line):
            print(f"    {line}")


def _leave_out(session: Path, sample: int) -> None:
    """All but so many of the changes, the same ones every time."""
    with use_db(str(session)) as db:
        pending = sorted(db.pending_work_items, key=_place)
        for item in Random(0).sample(pending, max(len(pending) - sample, 0)):
            db.set_result(item.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


def _place(item: WorkItem) -> tuple[str, tuple[int, int], str, int]:
    change = item.mutations[0]
    return str(change.module_path), change.start_pos, change.operator_name, change.occurrence


def _results(
    copy: Path, session: str
) -> Iterator[tuple[dict[str, list[dict[str, str]]], dict[str, str]]]:
    for line in _run(copy, "cosmic-ray", "dump", session).splitlines():
        item, outcome = json.loads(line)
        if outcome and outcome["worker_outcome"] == "normal":
            yield item, outcome


def _run(copy: Path, *command: str) -> str:
    tool = Path(sys.executable).parent / command[0]
    plain = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [tool, *command[1:]], cwd=copy, check=True, capture_output=True, text=True, env=plain
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
