"""Who may do what with which topic: deploy/kafka/acl.json, complete, and kept by a real broker."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.new_partitions import NewPartitions

from deploy.embedded.outside import kafka_security
from deploy.embedded.places import PORTAL, SERVICES
from deploy.kafka import manifest
from deploy.kafka.cluster import Cluster, Entry, Operation, Pattern, Permission, cluster
from deploy.kafka.manifest import Grant
from deploy.kafka.planning import Step, grant_steps, topic_steps
from libs.events.envelope import KafkaRecord, topic_of
from libs.events.errors import Unavailable
from libs.events.kafka import MAX_BYTES, Bus, KafkaSettings
from services.review.authority.messages import CHANNELS, DECISIONS
from tests.deploy.secured import ADMIN, SecuredBroker, secured
from tests.patience import PATIENCE
from tests.servers import ROOT

pytestmark = [pytest.mark.servers]
STRANGER, AUTHORITY, AUDITOR = "stranger", "authority", "auditor"
TOPICS = manifest.topics()
PRINCIPALS = sorted(next(iter(manifest.matrix().values())))


def heard_by(service: str) -> set[str]:
    """Services whose facts one has a function for, or passes over."""
    readers = json.loads((ROOT / "contracts" / "readers.json").read_text())
    types = {
        type
        for name, told in readers.items()
        if name.startswith(f"{service}.")
        for type in (*told["hears"], *told["passes_over"])
    }
    return {type.partition(".")[0] for type in types} & set(SERVICES)


def test_the_list_says_of_each_topic_what_each_principal_may() -> None:
    assert set(TOPICS) == {*map(topic_of, SERVICES), *CHANNELS}
    assert set(manifest.matrix()) == set(TOPICS)
    assert set(PRINCIPALS) == {*SERVICES, PORTAL, AUTHORITY, AUDITOR}
    assert all(sorted(row) == PRINCIPALS for row in manifest.matrix().values())


def test_topics_take_the_batches_that_are_sent_and_keep_them_for_ever() -> None:
    for settings in TOPICS.values():
        assert int(settings["max.message.bytes"]) == MAX_BYTES
        assert settings["retention.ms"] == settings["retention.bytes"] == "-1"
        assert settings["cleanup.policy"] == "delete"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_alone_writes_its_topic_and_reads_what_it_hears(service: str) -> None:
    granted = {
        (each.topic, each.operation) for each in manifest.grants() if each.principal == service
    }
    heard = {(topic_of(each), "READ") for each in heard_by(service) | {service}}
    written = {
        each for each in granted if each[1] == "WRITE" and each[0] in map(topic_of, SERVICES)
    }
    assert written == {(topic_of(service), "WRITE")}
    assert {each for each in granted if each[0] not in CHANNELS} - written == heard


def test_the_authority_writes_decisions_and_review_everything_it_tells() -> None:
    of_channels = {each for each in manifest.grants() if each.topic in CHANNELS}
    assert {each.principal for each in of_channels} == {AUTHORITY, "review"}
    writers = {each.topic: each.principal for each in of_channels if each.operation == "WRITE"}
    assert writers == {topic: AUTHORITY if topic == DECISIONS else "review" for topic in CHANNELS}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SecuredBroker]:
    home = tmp_path_factory.mktemp("secured")
    people = {*PRINCIPALS, STRANGER} - {AUTHORITY}
    async with secured(home, people) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(broker: SecuredBroker) -> AsyncIterator[Cluster]:
    async with cluster(broker.bootstrap(ADMIN), broker.security(ADMIN)) as made:
        yield made


async def steps_of(admin: Cluster) -> list[Step]:
    rights = await grant_steps(admin, TOPICS, manifest.grants())
    assert rights is not None
    return [*await topic_steps(admin, TOPICS, 1), *rights]


async def made_so(admin: Cluster) -> list[str]:
    """What differed; afterwards nothing does."""
    steps = await steps_of(admin)
    for step in steps:
        assert step.take
        await step.take()
    assert [step.difference for step in await steps_of(admin)] == []
    return [step.difference for step in steps]


@pytest.mark.asyncio(loop_scope="module")
async def test_what_differs_is_said_and_put_right(admin: Cluster, broker: SecuredBroker) -> None:
    """Given a cluster with nothing on it."""
    missing = await made_so(admin)
    assert missing[: len(TOPICS)] == [f"{topic}: missing" for topic in TOPICS]
    assert len(missing) == len(TOPICS) + len(manifest.grants())
    inbox, decisions = "kaohe.authority.inbox.v1", "kaohe.authority.decisions.v1"
    settings = TOPICS[decisions] | {"compression.type": "producer", "min.insync.replicas": "1"}
    await admin.set_topic(decisions, settings)
    grant = Grant(inbox, STRANGER, "READ")
    await admin.allow(grant)
    prefix = Entry(
        "kaohe.", Pattern.PREFIXED, "User:stranger", "*", Operation.WRITE, Permission.ALLOW
    )
    denied = Entry(inbox, Pattern.LITERAL, "User:review", "*", Operation.WRITE, Permission.DENY)
    for entry in (prefix, denied):
        await admin.enter(entry)
    taken = Grant(decisions, AUTHORITY, "WRITE")
    (wanted,) = (each for each in await admin.entries(decisions) or () if each.grant == taken)
    await admin.forget(wanted)
    said = await made_so(admin)
    assert f"{decisions}: compression.type is producer, must be uncompressed" in said
    assert f"{taken}: missing" in said
    assert {f"{each}: not in acl.json" for each in (prefix, denied)} <= set(said)
    assert f"{inbox}: User:stranger at * may READ: not in acl.json" in said
    assert len(said) == 4 + len(TOPICS)  # the prefix bears on each topic, and goes once
    found = await admin.topics(TOPICS)
    assert found[decisions].own["min.insync.replicas"] == "1"  # what an operator set besides stays


@pytest.mark.asyncio(loop_scope="module")
async def test_only_a_hand_can_mend_a_number_of_partitions(
    admin: Cluster, broker: SecuredBroker
) -> None:
    name = "kaohe.torn.v1"
    await admin.make_topic(name, {}, 1)
    client = AIOKafkaAdminClient(
        bootstrap_servers=broker.bootstrap(ADMIN), **broker.security(ADMIN)
    )
    await client.start()
    await client.create_partitions({name: NewPartitions(3)})
    await client.close()
    (step,) = await topic_steps(admin, {name: {}}, 1)
    assert step == Step(f"{name}: 3 partitions, must be 1", None)


@pytest.mark.asyncio(loop_scope="module")
async def test_only_kafkas_own_tool_can_mend_a_number_of_replicas(admin: Cluster) -> None:
    name = "kaohe.alone.v1"
    await admin.make_topic(name, {}, 1)
    assert await topic_steps(admin, {name: {}}, 1) == []
    (step,) = await topic_steps(admin, {name: {}}, 3)
    assert step.difference.startswith(f"{name}: replication is 1, must be 3")
    assert "kafka-reassign-partitions" in step.difference
    assert step.take is None


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_reads_or_writes_what_the_list_does_not_say(
    admin: Cluster, broker: SecuredBroker
) -> None:
    """Each cell of the list, and a principal that it does not know, tried."""
    await made_so(admin)
    for topic in TOPICS:
        await published(settings_of(broker, ADMIN), topic)
    found = await asyncio.gather(*(may(broker, each) for each in (*PRINCIPALS, STRANGER)))
    assert set().union(*found) == manifest.grants()


async def may(broker: SecuredBroker, principal: str) -> set[Grant]:
    settings = settings_of(broker, principal)
    found = set()
    for topic in await described(broker, principal):
        if await is_read(settings, topic):
            found.add(Grant(topic, principal, "READ"))
    for topic in TOPICS:
        if await published(settings, topic):
            found.add(Grant(topic, principal, "WRITE"))
    return found


async def described(broker: SecuredBroker, principal: str) -> list[str]:
    """What it is told of at all: one that asks for the end of another waits in vain."""
    client = AIOKafkaAdminClient(
        bootstrap_servers=broker.bootstrap(principal), **broker.security(principal)
    )
    await client.start()
    try:
        told = await client.describe_topics(list(TOPICS))
        return [each["topic"] for each in told if not each["error_code"]]
    finally:
        await client.close()


async def is_read(settings: KafkaSettings, topic: str) -> bool:
    try:
        async with Bus(settings).reading(topic, 0) as subscription:
            return bool(await subscription.next(1, PATIENCE))
    except Unavailable:
        return False


async def published(settings: KafkaSettings, topic: str) -> bool:
    publisher = Bus(settings).publisher()
    try:
        return bool(await publisher.publish(topic, [KafkaRecord(b"k", b"v", (), -1)]))
    except Unavailable:
        return False
    finally:
        await publisher.end()


def settings_of(broker: SecuredBroker, principal: str) -> KafkaSettings:
    security = broker.security(principal)
    tls = security.pop("ssl_context")
    return KafkaSettings(broker.bootstrap(principal), principal, security, tls)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_topic_that_may_not_be_read_does_not_seem_empty(
    admin: Cluster, broker: SecuredBroker
) -> None:
    await made_so(admin)
    with pytest.raises(Unavailable):
        async with Bus(settings_of(broker, STRANGER)).reading(DECISIONS, 0):
            pytest.fail("it was let in")


async def test_a_broker_without_an_authorizer_is_said_to_have_none(kafka: str) -> None:
    async with cluster(kafka, kafka_security()) as there:
        assert await grant_steps(there, TOPICS, manifest.grants()) is None
