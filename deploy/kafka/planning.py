"""The steps from a cluster as it is to its manifest: each says what differs, and can be taken."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from deploy.kafka.cluster import Cluster, TopicState
from deploy.kafka.manifest import Grant


@dataclass(frozen=True)
class Step:
    """`take`: None where only a hand can mend it."""

    difference: str
    take: Callable[[], Awaitable[None]] | None
    is_missing: bool = False  # a topic that is not there


async def topic_steps(
    there: Cluster, wanted: Mapping[str, Mapping[str, str]], replication: int
) -> list[Step]:
    """`replication`: of topics that are made; one that is there with another number is moved by
    Kafka's own tool alone. Raises KafkaError, ClusterError.
    """
    found = await there.topics(wanted)
    steps = []
    for name, settings in wanted.items():
        if name in found:
            steps += _of_topic(there, name, settings, found[name])
            steps += _of_replicas(name, found[name].replication, replication)
        else:
            made = partial(there.make_topic, name, settings, replication)
            steps.append(Step(f"{name}: missing", made, is_missing=True))
    return steps


async def grant_steps(
    there: Cluster, topics: Iterable[str], wanted: set[Grant]
) -> list[Step] | None:
    """What is missing is allowed, what nobody asked for is taken away. None: the cluster has no
    authorizer, so that everybody may do everything. Raises KafkaError, ClusterError.
    """
    steps = []
    for topic in topics:
        entries = await there.entries(topic)
        if entries is None:
            return None
        granted = {entry.grant for entry in entries}
        steps += [
            Step(f"{grant}: missing", partial(there.allow, grant))
            for grant in sorted(wanted - granted)
            if grant.topic == topic
        ]
        steps += [
            Step(f"{entry}: not in acl.json", partial(there.forget, entry))
            for entry in entries
            if entry.grant not in wanted
        ]
    return steps


def _of_replicas(name: str, found: int, wanted: int) -> list[Step]:
    if found == wanted:
        return []
    how = "apply does not change it, kafka-reassign-partitions does"
    return [Step(f"{name}: replication is {found}, must be {wanted} ({how})", None)]


def _of_topic(
    there: Cluster, name: str, wanted: Mapping[str, str], found: TopicState
) -> list[Step]:
    steps = []
    if found.partitions != 1:
        steps.append(Step(f"{name}: {found.partitions} partitions, must be 1", None))
    different = [
        f"{key} is {found.settings.get(key)}, must be {value}"
        for key, value in wanted.items()
        if found.settings.get(key) != value
    ]
    if different:
        set_all = partial(there.set_topic, name, {**found.own, **wanted})
        steps.append(Step(f"{name}: {'; '.join(different)}", set_all))
    return steps
