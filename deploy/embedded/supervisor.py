"""`python -m deploy.embedded.supervisor HOME [PART...]`: the process that owns everything and
starts again whatever dies.

Without parts: servers, issuer, mail sink and services. With parts (postgres, kafka, seaweedfs):
only those, as tests want them. With `servers`: those with databases, topics and buckets, and
nothing that works on them. It holds the lock on HOME/lock; its children die with it
(launch.py), so that nothing is left over after kill -9.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.embedded.children import Children, Starting
from deploy.embedded.lock import locked
from deploy.embedded.outside import outside
from deploy.embedded.places import ALONE, PORTAL, SERVERS, SERVICES, Home, existing_services
from deploy.embedded.process import Server, StackError, said

STOPPING = {"postgres": signal.SIGINT}  # fast shutdown; all others by SIGTERM
# seconds: pauses before a restart; how long it must live for the pause to start over
FIRST, LONGEST, WELL = 0.1, 5.0, 10.0


class RestartedServer:
    """One child that is started again as often as it ends."""

    def __init__(self, name: str, start: Starting) -> None:
        self.name, self._start = name, start
        self.server: Server | None = None
        self.restarts = 0

    async def first(self) -> None:
        self.server = await self._start()

    async def keep(self, told: Callable[[], None]) -> None:
        """Never ends by itself; `told` is called when the child is up again."""
        pause = FIRST
        while self.server and self.server.process:
            began = time.monotonic()
            said(
                f"{self.name} ended (exit {await self.server.process.wait()}) and is started again"
            )
            pause = FIRST if time.monotonic() - began > WELL else min(2 * pause, LONGEST)
            self.server = await self._again(pause)
            self.restarts += 1
            told()

    async def _again(self, pause: float) -> Server:
        while True:
            await asyncio.sleep(pause)
            try:
                return await self._start()
            except Exception as error:  # whatever it is, it may pass
                said(
                    f"{self.name} does not come up yet: "
                    f"{(str(error) or type(error).__name__).splitlines()[0]}"
                )
            pause = min(2 * pause, LONGEST)

    async def stop(self) -> None:
        if self.server:
            await self.server.stop()


class Supervisor:
    def __init__(self, home: Home, parts: tuple[str, ...]) -> None:
        self._home, self._outside = home, outside()
        self._alone, self._parts = ALONE in parts, tuple(each for each in parts if each != ALONE)
        self._children = Children(home, self._outside)
        self._kept: list[RestartedServer] = []
        self._began = time.monotonic()

    async def up(self, stop: asyncio.Event) -> None:
        for name in (*SERVERS, "issuer", "mail", *SERVICES, PORTAL):
            Server(self._home.path, name, STOPPING.get(name, signal.SIGTERM), 8.0).end_orphan()
        starting, stopping = asyncio.create_task(self._start()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await self._keep(stopping)
        finally:
            starting.cancel()
            await asyncio.wait([starting])
            self._home.forget()
            await self._stop()

    async def _keep(self, stopping: "asyncio.Task[Any]") -> None:
        keeping = [asyncio.create_task(each.keep(self._tell)) for each in self._kept]
        await asyncio.wait([*keeping, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in keeping:
            task.cancel()
        await asyncio.wait(keeping)

    async def _start(self) -> None:
        local = [name for name in SERVERS if not self._parts or name in self._parts]
        taken = {
            "postgres": self._outside.postgres,
            "kafka": self._outside.kafka,
            "seaweedfs": self._outside.s3,
        }
        servers = [name for name in local if self._parts or not taken[name]]
        if self._parts:
            await self._all(servers)
        else:
            await self._children.forks.start()
            # tables are made while the broker comes up, which takes longest
            await self._all([name for name in servers if name == "postgres"])
            async with _together() as group:
                group.create_task(self._tables())
                group.create_task(self._all([name for name in servers if name != "postgres"]))
            await self._provisioned()
            if not self._alone:
                await self._everybody()
        self._tell()
        said("ready", self._began)

    async def _everybody(self) -> None:
        """What works on the servers."""
        await self._all(["mail"] if self._outside.issuer else ["mail", "issuer"])
        await self._all(existing_services())
        await self._all([PORTAL])

    async def _tables(self) -> None:
        await self._children.provision("databases")
        await self._children.migrate()
        said("tables", self._began)

    async def _provisioned(self) -> None:
        await self._children.provision("topics")
        if self._alone:
            await self._children.forks.stop()
        said("topics, buckets", self._began)

    async def _all(self, names: list[str]) -> None:
        """Side by side, as many as there are processors: each is quicker so on a busy machine."""
        slots = asyncio.Semaphore(max(2, os.cpu_count() or 2))
        async with _together() as group:
            for name in names:
                group.create_task(self._one(name, slots))

    async def _one(self, name: str, slots: asyncio.Semaphore) -> None:
        kept = RestartedServer(name, self._children.starting(name))
        self._kept.append(kept)
        async with slots:
            await kept.first()
        said(name, self._began)

    def _tell(self) -> None:
        pids = {
            each.name: each.server.process.pid
            for each in self._kept
            if each.server and each.server.process
        }
        restarts = sum(each.restarts for each in self._kept)
        self._home.tell(
            self._children.endpoints()
            | {"supervisor": {"pid": os.getpid(), "restarts": restarts}, "pids": pids}
            | ({"alone": True} if self._alone else {})
        )

    async def _stop(self) -> None:
        """Services first, then what they stand on."""
        for names in ((PORTAL,), SERVICES, ("issuer", "mail"), SERVERS):
            await asyncio.gather(*(each.stop() for each in self._kept if each.name in names))
        await self._children.forks.stop()


@asynccontextmanager
async def _together() -> AsyncIterator[asyncio.TaskGroup]:
    """One that fails takes the others down with it, and is what is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def run(home: Home, parts: tuple[str, ...]) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    await Supervisor(home, parts).up(stop)


def main() -> int:
    os.umask(0o077)
    home = Home(Path(sys.argv[1]).absolute())
    try:
        home.make()
        with locked(home):
            home.forget()
            asyncio.run(run(home, tuple(sys.argv[2:])))
    except StackError as error:
        said(f"kaohe: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
