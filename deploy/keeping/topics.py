"""Topics that a restore reads, looked at before anything is replaced; and topics made anew: empty,
as deploy/kafka has them. Their relays publish the logs again.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from aiokafka.errors import KafkaError

from deploy.embedded.outside import kafka_security, outside
from deploy.embedded.process import StackError
from deploy.installation.installation import Installation
from deploy.installation.places import endpoints
from deploy.kafka import manifest
from deploy.kafka.cluster import ClusterError, cluster
from libs.chassis.process.broker import bus
from libs.chassis.service.service import Service
from libs.events.envelope import topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import Bus
from libs.events.signatures import Signatories, Untrusted, signatories


async def looked_at(
    place: Installation, service: Service, head: int, end: int | None = None
) -> None:
    """Whatever the service reads can be read, and its own topic leads from the backup's head to the
    end, if one is named. Raises StackError.
    """
    settings = place.settings(service.name)
    there = bus(settings.kafka, f"kaohe-{service.name}")
    try:
        for topic in sorted(_read_by(service)):
            await there.end(topic)
        if end is not None and end > head:
            known = signatories(settings.records.known_file.read_text())
            _must_reach(service.name, await reached(there, service.name, known, head), end)
    except Unavailable as error:
        raise StackError(
            f"没有改动任何数据：{service.name} 读不到消息主题",
            f"nothing was changed: {service.name} cannot read its topics ({error})",
        ) from None


def _read_by(service: Service) -> set[str]:
    sources = {topic_of(each.source) for each in service.readers}
    return {topic_of(service.name), *sources, *(each().topic for each in service.inboxes)}


async def reached(there: Bus, service: str, known: Signatories, head: int) -> int:
    """The position to which the service's topic leads from the head on, without a gap."""
    beyond = set[int]()
    async for records in there.rest(topic_of(service), 0):
        for record in records:
            with suppress(Untrusted):  # readers keep it with its reason, when they come to it
                event = known.event(service, record)
                if event.position > head:
                    beyond.add(event.position)
    while head + 1 in beyond:
        head += 1
    return head


def _must_reach(service: str, last: int, end: int) -> None:
    if end > last:
        raise StackError(
            f"没有改动任何数据：{service} 的消息主题只到位置 {last}，没有 {end}",
            f"nothing was changed: the topic of {service} ends at {last}: {end} is not on it",
        )


async def can_be_made_anew(place: Installation, names: Iterable[str]) -> None:
    """The brokers' administrator gets in, and sees every one of them. Raises StackError."""
    wanted = manifest.topics()
    try:
        async with cluster(_brokers(place), kafka_security()) as there:
            missing = set(names) - (await there.topics(wanted)).keys()
    except (ClusterError, KafkaError, OSError) as error:
        raise StackError(
            "没有改动任何数据：连不上消息集群（KAOHE_KAFKA、KAOHE_KAFKA__…）",
            f"nothing was changed: no way to the brokers by KAOHE_KAFKA and KAOHE_KAFKA__… "
            f"({type(error).__name__})",
        ) from None
    if missing:
        named = ", ".join(sorted(missing))
        raise StackError(
            f"没有改动任何数据：消息集群没有主题 {named}",
            f"nothing was changed: the brokers have no topic {named}",
        )


async def made_anew(place: Installation, names: Sequence[str]) -> None:
    """At KAOHE_KAFKA, else on the local stack. Raises StackError, KafkaError."""
    wanted = manifest.topics()
    try:
        async with cluster(_brokers(place), kafka_security()) as there:
            for name in names:
                replication = await there.replication(name)
                await there.remove_topic(name)
                while name in await there.topics(wanted):
                    await asyncio.sleep(0.1)
                await there.make_topic(name, wanted[name], replication)
    except ClusterError as error:
        raise StackError(f"集群拒绝：{error}", f"the cluster refuses: {error}") from error


def _brokers(place: Installation) -> str:
    """Raises StackError where nobody says where the installation's are."""
    if given := outside().kafka:
        return given
    if not place.is_of_the_stack:  # never those of a stack that happens to be up
        raise StackError(
            "没有改动任何数据：重建消息主题须设置 KAOHE_KAFKA",
            "nothing was changed: topics are made anew by the brokers' admin: set KAOHE_KAFKA",
        )
    return str(endpoints()["kafka"])
