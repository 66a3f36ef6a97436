import gc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from libs.chassis.process import logs
from tests.patience import as_promised, be_patient
from tests.servers import database, kafka, postgres, s3, servers

__all__ = ["as_promised", "database", "kafka", "postgres", "s3", "servers"]
ON_THE_SYSTEM = (
    "tests/journeys/",
    "tests/portal/test_chapter",
    "tests/portal/test_manual.py",
    "tests/http/test_everywhere.py",
    "tests/projects/test_http.py",
    "tests/security/test_no_plain_personal_data.py",
    "tests/security/test_roles_of_the_system.py",
)
LONGEST_FIRST = [{"servers", "slow"}, {"slow"}, {"servers"}, set[str]()]

# what a drawn case takes says how busy the machine is
settings.register_profile("any", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any")
be_patient()


@pytest.fixture(scope="session", autouse=True)
def _logs() -> None:
    """As services write them: one line, without what a test said."""
    logs.set_up("tests")


class SideBySide(LoadFileScheduling):  # type: ignore[misc]
    """Files go to workers whole, and all that ask the running system to one worker: there is one
    system.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "system" if nodeid.startswith(ON_THE_SYSTEM) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SideBySide | None:
    return SideBySide(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where files are tested side by side what takes long comes first, so that all workers end at
    about one time.
    """
    if hasattr(config, "workerinput"):
        turns: dict[Path, int] = {}
        for item in items:
            turns[item.path] = min(turns.get(item.path, 9), _turn(item))
        items.sort(key=lambda item: turns[item.path])
    elif strays := {item.path.name for item in items if _asks_the_system(item)}:
        raise pytest.UsageError(f"tests/conftest.py: ON_THE_SYSTEM lacks {sorted(strays)}")


def _asks_the_system(item: pytest.Item) -> bool:
    asks = "system" in getattr(item, "fixturenames", ())
    return asks and not item.nodeid.startswith(ON_THE_SYSTEM)


def _turn(item: pytest.Item) -> int:
    if item.nodeid.startswith(ON_THE_SYSTEM):
        return 0
    marks = {each.name for each in item.iter_markers()}
    return 1 + (LONGEST_FIRST.index(marks & {"servers", "slow"}))


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector need not look at it again and again (an
    eighth of the fast tests' time).
    """
    gc.freeze()
