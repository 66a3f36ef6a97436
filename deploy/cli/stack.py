"""`up`, `down`, `reset`, `status`: the local stack."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
from cyclopts import App

from deploy.embedded.lock import running
from deploy.embedded.places import ALONE
from deploy.embedded.process import StackError
from deploy.installation import clocks
from deploy.installation.places import HOME, ROOT, endpoints
from libs.events.envelope import topic_of
from libs.events.pools import CONNECTION_ERRORS

COUNTS = """
SELECT (SELECT coalesce(max(position), 0) FROM events) AS head, (SELECT count(*) FROM parked)
    AS parked,
       (SELECT coalesce(max(position), 0) FROM relays WHERE route = $1) AS relayed
"""
FIRST_START = "2024-09-02T09:00:00+08:00"


def register(app: App) -> None:
    for command in (up, down, reset, status):
        app.command(command)


def up(*, servers: bool = False) -> int:
    """Start everything and wait until it answers; or the servers alone, with databases, topics and
    buckets, for a restore.
    """
    if _alone() and not servers:
        down()
    supervisor = running(HOME)
    if supervisor and _told_by(supervisor):
        print("已经启动 / already up")
    elif supervisor:
        _follow(_Started(supervisor), _shown)
    else:
        start(_shown, *([ALONE] if servers else []))
    return 0


def _alone() -> bool:
    """Whether servers run, and nothing on them."""
    told = HOME.endpoints
    return bool(running(HOME) and told and told.get("alone"))


def start(show: Callable[[str], None], *parts: str) -> None:
    """The supervisor in the background; `show` gets what it says meanwhile."""
    HOME.make()
    log = HOME.path / "log" / "supervisor.log"
    with log.open("wb") as file:
        command = [sys.executable, "-P", "-m", "deploy.embedded.supervisor", str(HOME.path)]
        command += parts
        child = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        _follow(child, show)
    except KeyboardInterrupt:  # half a stack is none
        child.terminate()
        child.wait()
        raise


class _Started:
    """A supervisor that another command started, and is not ready yet."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        return None if running(HOME) == self.pid else 1


def _follow(supervisor: "_Started | subprocess.Popen[bytes]", show: Callable[[str], None]) -> None:
    """Shows what it says until the stack is up. Raises StackError if it ends instead."""
    log, shown = HOME.path / "log" / "supervisor.log", ""
    while supervisor.poll() is None and not _told_by(supervisor.pid):
        show((said := log.read_text())[len(shown) :])
        shown = said
        time.sleep(0.05)
    show(log.read_text()[len(shown) :])
    if supervisor.poll() is not None:
        raise StackError(
            "系统没有启动成功，原因见上", f"the stack did not come up; see {log.relative_to(ROOT)}"
        )
    if not _alone():
        clocks.first(FIRST_START)


def _told_by(supervisor: int) -> bool:
    """Not what an earlier one left behind when it was killed."""
    told = HOME.endpoints
    return told is not None and told["supervisor"]["pid"] == supervisor


def down() -> int:
    """Stop everything; all data stays."""
    if pid := running(HOME):
        os.kill(pid, signal.SIGTERM)
        while running(HOME) == pid:
            time.sleep(0.05)
        print("stopped")
    else:
        print("was not up")
    return 0


def reset(*, yes: bool = False) -> int:
    """Stop everything and delete all data."""
    if not yes and not agreed(f"删除全部数据 delete all data in {HOME.path.name}? [y/N] "):
        print("没有删除 / nothing deleted")
        return 1
    down()
    shutil.rmtree(HOME.path, ignore_errors=True)
    return 0


def agreed(question: str) -> bool:
    """Whether whoever sits at the terminal says yes. Raises StackError where nobody does."""
    try:
        return input(question).strip().lower() == "y"
    except EOFError:
        raise StackError(
            "没有终端可以回答：确实要做请加 --yes", "nobody can answer: say --yes to go on"
        ) from None


def status(*, json_: bool = False) -> int:
    """Where everything is, and how it is."""
    found = asyncio.run(state())
    if json_:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    print(
        f"clock    {found['clock'] or 'not known: PostgreSQL is away'}\n"
        f"issuer   {found['issuer']}\nkafka    {found['kafka']['bootstrap']}"
    )
    print(
        f"s3       {found['s3']['endpoint']}\nmail     {found['mail']['http']}\nparked   "
        f"{found['parked']}"
    )
    print(f"portal   {found['portal']['url']}")
    for name, service in found["services"].items():
        well = "ready" if service["ready"] else f"NOT READY ({service['waits_for']})"
        print(
            f"{name:12} {service['url']}  {well}  log {service['head']}, on its topic "
            f"{service['relayed']}"
        )
    return 0


async def state() -> dict[str, Any]:
    told = endpoints()
    pids, services = told["pids"], told["services"]
    async with httpx.AsyncClient(timeout=5) as client:
        each = dict(
            zip(
                services,
                await asyncio.gather(*(_service(client, name, told) for name in services)),
                strict=True,
            )
        )
        portal = {
            "url": told["portal"]["url"],
            "ready": await _ready(client, told["portal"]["url"]),
            "pid": pids.get("portal"),
        }
    clock = await _clock(told)
    parked = sum(one.pop("parked") for one in each.values())
    return {
        "clock": clock,
        "issuer": told["issuer"],
        "parked": parked,
        "services": each,
        "kafka": {
            "bootstrap": told["kafka"],
            "broker": "Apache Kafka 4.3.1",
            "pid": pids.get("kafka"),
        },
        "s3": {"endpoint": told["s3"]["endpoint"], "pid": pids.get("seaweedfs")},
        "mail": told["mail"] | {"pid": pids.get("mail")},
        "postgres": {"pid": pids.get("postgres")},
        "issuer_pid": pids.get("issuer"),
        "portal": portal,
        "supervisor": told["supervisor"],
    }


async def _clock(told: dict[str, Any]) -> str | None:
    """The time that all services show; None while their database is away."""
    with contextlib.suppress(*CONNECTION_ERRORS):
        return await asyncio.to_thread(clocks.now, told)
    return None


async def _service(client: httpx.AsyncClient, name: str, told: dict[str, Any]) -> dict[str, Any]:
    place, pid = told["services"][name], told["pids"].get(name)
    waits_for = await _waits_for(client, place["url"])
    counts = await _counts(place["database"], topic_of(name))
    return {
        "url": place["url"],
        "ready": not waits_for,
        "waits_for": waits_for,
        "database": place["database"],
        "topic": topic_of(name),
        "pids": {"api": pid, "worker": pid},
    } | counts


async def _ready(client: httpx.AsyncClient, url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return (await client.get(f"{url}/health/ready")).status_code == 200
    return False


async def _waits_for(client: httpx.AsyncClient, url: str) -> str:
    """What keeps a service from being ready, as it says itself; empty: nothing."""
    try:
        told = (await client.get(f"{url}/health/ready")).json()
        checks = told["checks"].items()
    except (httpx.HTTPError, ValueError, KeyError):
        return "no answer"
    waited = [f"{name}: {check['says']}" for name, check in checks if not check["ok"]]
    return "; ".join(waited) or ("" if told["ready"] else "it is ending")


async def _counts(dsn: str, topic: str) -> dict[str, int]:
    """Of a log and its relay; -1 while the database is away."""
    counts = {"head": -1, "relayed": -1, "parked": 0}
    with contextlib.suppress(*CONNECTION_ERRORS, asyncpg.PostgresError):
        connection = await asyncpg.connect(dsn, timeout=5)
        try:
            row = await connection.fetchrow(COUNTS, topic)
            counts |= dict(row) if row else {}
        finally:
            connection.terminate()
    return counts


def _shown(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
