"""Topics made anew: empty, as deploy/kafka has them. Their relays publish the logs again."""

import asyncio
from collections.abc import Sequence

from deploy.embedded.outside import kafka_security, outside
from deploy.embedded.process import StackError
from deploy.installation.places import endpoints
from deploy.kafka import manifest
from deploy.kafka.cluster import ClusterError, cluster


async def made_anew(names: Sequence[str]) -> None:
    """At KAOHE_KAFKA, else on the local stack. Raises StackError, KafkaError."""
    wanted = manifest.topics()
    bootstrap = outside().kafka or endpoints()["kafka"]
    try:
        async with cluster(bootstrap, kafka_security()) as there:
            for name in names:
                replication = await there.replication(name)
                await there.remove_topic(name)
                while name in await there.topics(wanted):
                    await asyncio.sleep(0.1)
                await there.make_topic(name, wanted[name], replication)
    except ClusterError as error:
        raise StackError(f"集群拒绝：{error}", f"the cluster refuses: {error}") from error
