"""Services of the stack are forked from a process that has read their code: each is what `python
-m` would have started, and none holds what another was told.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

import pytest

from deploy.embedded.children import Children
from deploy.embedded.forks import LOST, ForkedProcess, ForkServer
from deploy.embedded.forkserver import Fork
from deploy.embedded.outside import outside
from deploy.embedded.places import PORTAL, SERVICES, Home
from deploy.embedded.process import StackError
from tests.patience import PATIENCE

TELLS = """
import json, os, sys, threading
with open(os.environ["TO"], "w") as told:
    json.dump({"name": __name__, "arguments": sys.argv[1:], "environment": dict(os.environ),
               "group": os.getpgid(0) == os.getpid(), "read": len(sys.stdin.read())}, told)
print("said")
sys.exit(int(os.environ["CODE"]))
"""
WAITS = "import time\ntime.sleep(600)\n"
Asking = Callable[..., Fork]


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    """Asks for a module of these lines."""

    def fork(name: str, *arguments: str, **environment: str) -> Fork:
        log = tmp_path / f"{name}.log"
        return Fork(name, arguments, environment, str(log), "SIGTERM")

    for name, code in (("tells", TELLS), ("waits", WAITS), ("broken", "1 / 0\n")):
        (tmp_path / f"{name}.py").write_text(code)
    return fork


@pytest.fixture
async def forks(tmp_path: Path) -> AsyncIterator[ForkServer]:
    path = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    server = ForkServer(tmp_path / "forks.log", ["json", "broken"], {"PYTHONPATH": path})
    yield server
    await server.stop()


def children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


async def test_a_fork_is_what_python_m_would_have_started(
    forks: ForkServer, asking: Asking, tmp_path: Path
) -> None:
    told = tmp_path / "told.json"
    process = await forks.fork(asking("tells", "a", "b", TO=str(told), CODE="3"))
    assert await process.wait() == process.returncode == 3
    assert json.loads(told.read_text()) == {
        "name": "__main__",
        "arguments": ["a", "b"],
        "environment": {"TO": str(told), "CODE": "3"},
        "group": True,
        "read": 0,
    }
    assert (tmp_path / "tells.log").read_text() == "said\n"


async def test_what_cannot_be_read_says_so_in_the_log_of_whoever_runs_it(
    forks: ForkServer, asking: Asking, tmp_path: Path
) -> None:
    process = await forks.fork(asking("broken"))
    assert await process.wait() == 1
    assert "ZeroDivisionError" in (tmp_path / "broken.log").read_text()


async def test_a_fork_that_is_killed_has_ended_by_that_signal(
    forks: ForkServer, asking: Asking
) -> None:
    process = await forks.fork(asking("waits"))
    process.kill()
    assert await process.wait() == -SIGKILL


async def test_forks_end_with_the_fork_server_and_the_next_one_has_another(
    forks: ForkServer, asking: Asking
) -> None:
    first, second = await asyncio.gather(*(forks.fork(asking("waits")) for _ in range(2)))
    os.kill(_parent(first), SIGKILL)
    assert await first.wait() == await second.wait() == LOST
    third = await forks.fork(asking("waits"))
    assert third.returncode is None
    third.send_signal(SIGTERM)
    assert await third.wait() == -SIGTERM


async def test_a_fork_that_nobody_waits_for_any_more_is_ended_and_the_next_one_is_its_own(
    forks: ForkServer, asking: Asking, tmp_path: Path
) -> None:
    await forks.start()
    given_up = asyncio.create_task(forks.fork(asking("waits")))
    await asyncio.sleep(0)  # it has asked
    given_up.cancel()
    told = tmp_path / "told.json"
    process = await forks.fork(asking("tells", TO=str(told), CODE="3"))
    assert await process.wait() == 3
    assert forks._process
    async with asyncio.timeout(PATIENCE):
        while children(forks._process.pid):
            await asyncio.sleep(0.05)


async def test_a_start_that_is_given_up_stops_what_was_asked_for(
    forks: ForkServer, asking: Asking
) -> None:
    await forks.start()
    given_up = asyncio.create_task(forks.fork(asking("waits")))
    await asyncio.sleep(0)  # it has asked
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    await forks.stop()


async def test_a_fork_server_that_ends_before_it_forks_says_where_its_log_is(
    tmp_path: Path, asking: Asking
) -> None:
    (tmp_path / "ends.py").write_text("import os\nos._exit(1)\n")
    server = ForkServer(
        tmp_path / "forks.log", ["ends"], {"PYTHONPATH": f"{tmp_path}:{Path.cwd()}"}
    )
    with pytest.raises(StackError, match=r"forks\.log"):
        await server.fork(asking("waits"))
    await server.stop()


async def test_nobody_who_serves_is_told_who_owns_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor how the administrator comes in: only the steps before it are (decision 55)."""
    monkeypatch.setenv("KAOHE_POSTGRES", "postgresql://kaohe:secret@db/postgres")
    monkeypatch.setenv("ENTERPRISE_DB__OWNER_DSN", "postgresql://enterprise_owner:secret@db/e")
    home = Home(tmp_path / "home")
    home.make()
    children = Children(home, outside())
    asked: list[Fork] = []

    async def fork(each: Fork) -> Any:
        asked.append(each)
        raise StackError("")

    monkeypatch.setattr(children.forks, "fork", fork)
    for name in (*SERVICES, PORTAL, "issuer", "mail"):
        with pytest.raises(StackError):
            await children.starting(name)()
    assert {each.name for each in asked} == {*SERVICES, PORTAL, "issuer", "mail"}
    for each in asked:
        owners = [v for v in each.environment.values() if "_owner:" in v or "//kaohe:" in v]
        assert owners == [], each.name


def _parent(process: ForkedProcess) -> int:
    return int(Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
