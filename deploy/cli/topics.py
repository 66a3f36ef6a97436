"""`topics plan|apply`: topics and rights of a Kafka cluster beside deploy/kafka."""

import asyncio
from typing import Annotated

from cyclopts import App, Parameter, validators

from deploy.embedded.outside import kafka_security, outside
from deploy.embedded.process import StackError
from deploy.installation.places import endpoints
from deploy.kafka import manifest
from deploy.kafka.cluster import ClusterError, cluster
from deploy.kafka.planning import Step, grant_steps, topic_steps

topics = App(name="topics", help="Topics and rights of a Kafka cluster beside deploy/kafka.")

Replication = Annotated[int, Parameter(validator=validators.Number(gte=1))]


def register(app: App) -> None:
    app.command(topics)


@topics.command
def plan(*, replication: Replication = 1) -> int:
    """What differs, replicas too; 1 if anything does. The cluster: KAOHE_KAFKA, else the local
    stack's.
    """
    return asyncio.run(_planned(replication, take=False))


@topics.command
def apply(*, replication: Replication = 1) -> int:
    """Makes topics that are missing (with so many replicas), sets what differs, grants what is
    missing, and takes away what acl.json does not name. How many replicas a topic has that is there
    it does not change, and says so: kafka-reassign-partitions does.
    """
    return asyncio.run(_planned(replication, take=True))


async def _planned(replication: int, *, take: bool) -> int:
    wanted = manifest.topics()
    bootstrap = outside().kafka or endpoints()["kafka"]
    try:
        async with cluster(bootstrap, kafka_security()) as there:
            steps = await topic_steps(there, wanted, replication)
            rights = await grant_steps(there, wanted, manifest.grants())
            if rights is None:
                print("没有启用访问控制：任何人都可以读写 / no authorizer: anybody may do anything")
            left = [await _done(step, take) for step in (*steps, *(rights or ()))]
    except ClusterError as error:
        raise StackError(f"集群拒绝：{error}", f"the cluster refuses: {error}") from error
    if not left:
        print("一致 / as in deploy/kafka")
    return int(not all(left))


async def _done(step: Step, take: bool) -> bool:
    """Whether the step is taken; says so."""
    if take and step.take:
        await step.take()
        print(f"已处理 / done: {step.difference}")
        return True
    print(f"不一致 / differs: {step.difference}")
    return False
