"""Three real brokers in one KRaft cluster, each of which can die alone: three copies of everything,
of which two must be written.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from deploy.embedded import kafka
from deploy.embedded.kafka import start_command, start_kafka
from deploy.embedded.process import Server, reserve

NODES = (1, 2, 3)
OF_A_CLUSTER = {
    "node.id": "${node}",
    "controller.quorum.voters": "${voters}",
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
    # a follower that is gone is out of the copies that must be written
    "replica.lag.time.max.ms": "2000",
    "controller.quorum.election.timeout.ms": "500",
}


class ThreeBrokers:
    """`servers`: those that are up, by node."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._cluster = folder, uuid4().hex
        self._ports = {node: (reserve(), reserve()) for node in NODES}
        self.servers: dict[int, Server] = {}
        template = Path(kafka.__file__).with_name("kafka.properties.template")
        self._template = folder / "cluster.properties.template"
        self._template.write_text("\n".join(_of_a_cluster(template.read_text())))

    @property
    def bootstrap(self) -> str:
        return ",".join(f"127.0.0.1:{port}" for port, _ in self._ports.values())

    async def start(self, *nodes: int) -> None:
        """Together: a broker answers when most of them do."""
        await asyncio.gather(*map(self._start, nodes))

    async def _start(self, node: int) -> None:
        home, (port, controller) = self._folder / str(node), self._ports[node]
        for name in ("log", "run"):
            (home / name).mkdir(parents=True, exist_ok=True)
        voters = ",".join(f"{each}@127.0.0.1:{self._ports[each][1]}" for each in NODES)
        command = await asyncio.to_thread(
            start_command,
            home,
            port,
            controller,
            self._template,
            node=node,
            voters=voters,
            cluster=self._cluster,
        )
        self.servers[node] = await start_kafka(home, {"kafka": port}, command)

    async def kill(self, node: int) -> None:
        process = self.servers.pop(node).process
        assert process
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        await asyncio.gather(*(each.stop() for each in self.servers.values()))


@asynccontextmanager
async def three_brokers(folder: Path) -> AsyncIterator[ThreeBrokers]:
    made = ThreeBrokers(folder)
    try:
        await made.start(*NODES)
        yield made
    finally:
        await made.stop()


def _of_a_cluster(alone: str) -> Iterator[str]:
    """The settings of the stack's one node, with what three of them say otherwise."""
    for line in alone.splitlines():
        name = line.partition("=")[0]
        if name not in OF_A_CLUSTER:
            yield line
    for name, value in OF_A_CLUSTER.items():
        yield f"{name}={value}"
