"""One replica of a service at work: its log's relay and, if it has a source, a reader of that
topic.

`python -m tests.conformance.member` is its process; what it is comes as JSON in the variable
MEMBER. It has the bug that the tests have which started it (see `plants`).
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from deploy.embedded.outside import kafka_security
from deploy.embedded.process import LAUNCH
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.events.application import Application
from libs.events.bell import Bell
from libs.events.envelope import topic_of
from libs.events.following import Gap, follow_topic
from libs.events.kafka import Bus, KafkaSettings
from libs.events.keyring import MemoryKeyRing
from libs.events.pools import open_pool
from libs.events.reader import Applier
from libs.events.relay import Relay, whole_log
from libs.events.store import Log, listen, notify
from libs.events.verifying import RecordVerifier
from libs.events.worker import Loop, Worker
from tests.conformance import echo, plants
from tests.servers import ROOT
from tests.signing import known, signer_of

URL = "http://member.example"  # at which nobody answers


@dataclass(frozen=True)
class Member:
    name: str  # of the service
    dsn: str
    kafka: str
    source: str = ""  # the service whose topic it reads
    client: dict[str, Any] = field(default_factory=dict)  # more of aiokafka's arguments

    @property
    def topic(self) -> str:
        return topic_of(self.name)

    @property
    def bus(self) -> Bus:
        return Bus(KafkaSettings(self.kafka, f"kaohe-{self.name}", kafka_security() | self.client))

    async def serve(self) -> None:
        """Until cancelled."""
        pool = await open_pool(self.dsn)
        log, bus = Log(pool, SystemClock()), self.bus
        services = known(self.name, self.source)
        route = whole_log(self.name, URL, signer_of(self.name))
        relay = Relay(log, bus, pool, route, RecordVerifier(self.name, services, pool))
        loops: dict[str, Loop] = {"relay": lambda: relay.run(log.bell)}
        if self.source:
            application, gap = Application(log, MemoryKeyRing(), RandomIds()), Gap()
            applier = Applier(echo.reader(self.source), application, pool, SystemClock(), Bell())
            source = RecordVerifier(self.source, services, pool)
            loops["answers"] = lambda: follow_topic(applier, bus, gap, source)
        async with asyncio.TaskGroup() as group:
            for each in (
                listen(self.dsn, log),
                notify(pool, log),
                Worker(self.dsn, loops).run(),
            ):
                group.create_task(each)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """In this process."""
        serving = asyncio.create_task(self.serve())
        try:
            yield
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


class Process:
    """A member in a process of its own, which dies with this one. `keep` starts it again whenever
    it ends, as a supervisor does.
    """

    def __init__(self, member: Member) -> None:
        self.member, self.starts = member, 0
        self._start()

    def _start(self) -> None:
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "MEMBER": json.dumps(asdict(self.member)),
        }
        command = [
            *LAUNCH,
            "as_is",
            "SIGKILL",
            sys.executable,
            "-P",
            "-m",
            "tests.conformance.member",
        ]
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
        self.starts += 1

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            if self._process.poll() is not None:
                self._start()
            await asyncio.sleep(0.05)

    def send(self, signum: signal.Signals) -> None:
        self._process.send_signal(signum)

    async def dies(self) -> None:
        """By kill -9; returns when it is started again."""
        before = self.starts
        self._process.kill()
        while self.starts == before:
            await asyncio.sleep(0.05)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@asynccontextmanager
async def process(member: Member, *, kept: bool = True) -> AsyncIterator[Process]:
    made = Process(member)
    keeping = asyncio.create_task(made.keep() if kept else asyncio.sleep(0))
    try:
        yield made
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        made.kill()


if __name__ == "__main__":
    plants.plant_what_is_named()
    asyncio.run(Member(**json.loads(os.environ["MEMBER"])).serve())
