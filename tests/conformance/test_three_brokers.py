"""Three brokers: without one the bus goes on, without two it waits, and resumes by itself."""

from pathlib import Path
from random import Random

import pytest

from libs.events.envelope import KafkaRecord
from libs.events.errors import Unavailable
from tests.conformance.cluster import NODES, three_brokers
from tests.conformance.member import process
from tests.conformance.two_services import played, topics
from tests.servers import Servers

pytestmark = [pytest.mark.servers, pytest.mark.slow]
PROBE = KafkaRecord(b"key", b"value", ())


async def test_nothing_that_was_acknowledged_is_lost_whichever_brokers_die(
    servers: Servers, tmp_path: Path
) -> None:
    """Facts are written all the time; nobody is started again but the brokers."""
    random = Random(3)
    first, second, _ = random.sample(NODES, 3)
    async with three_brokers(tmp_path) as cluster:
        await topics(cluster.bootstrap, "probe", replication=3)
        async with (
            played(servers.postgres, cluster.bootstrap, replication=3) as play,
            process(play.first),
            process(play.second),
        ):
            publisher = play.first.bus.publisher()
            await play.write(60, random)
            await play.carried()

            await cluster.kill(first)
            await play.write(60, random)
            await play.carried()

            await cluster.kill(second)
            with pytest.raises(Unavailable, match="Kafka"):
                await publisher.publish("probe", [PROBE])
            await play.write(60, random)

            await cluster.start(first, second)
            await play.carried()
            await publisher.end()
