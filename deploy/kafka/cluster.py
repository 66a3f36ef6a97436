"""A cluster beside its manifest: what differs, and made so."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from enum import IntEnum
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from deploy.kafka.manifest import Grant

NO_AUTHORIZER, ALREADY_THERE = 54, 36  # error codes: SECURITY_DISABLED, TOPIC_ALREADY_EXISTS
ON_THE_TOPIC = 1  # source of a setting: DYNAMIC_TOPIC_CONFIG


class Resource(IntEnum):
    TOPIC = 2


class Pattern(IntEnum):
    MATCH, LITERAL, PREFIXED = 2, 3, 4


class Permission(IntEnum):
    ANY, DENY, ALLOW = 1, 2, 3


class Operation(IntEnum):
    ANY, ALL, READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE = range(1, 9)
    CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE = range(9, 13)


class ClusterError(Exception):
    """The broker refused; says what."""


@dataclass(frozen=True)
class TopicState:
    """`settings`: as they hold, by whoever set them; `own`: those that are set on the topic."""

    partitions: int
    replication: int
    settings: Mapping[str, str]
    own: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """An entry of the broker's access control list that bears on a topic."""

    name: str
    pattern: int
    principal: str
    host: str
    operation: int
    permission: int

    @property
    def grant(self) -> Grant | None:
        """What a row of the manifest would come to; None for anything else: a prefix, a host, a
        denial.
        """
        plain = (self.pattern, self.host, self.permission) == (
            Pattern.LITERAL,
            "*",
            Permission.ALLOW,
        )
        if not plain or self.name == "*":
            return None
        return Grant(
            self.name, self.principal.removeprefix("User:"), Operation(self.operation).name
        )

    def __str__(self) -> str:
        verb = {Permission.DENY: "may not"}.get(Permission(self.permission), "may")
        form = f"{self.name}*" if self.pattern == Pattern.PREFIXED else self.name
        return f"{form}: {self.principal} at {self.host} {verb} {Operation(self.operation).name}"


class Cluster:
    """Through Kafka's admin protocol. Every method raises KafkaError, ClusterError."""

    def __init__(self, client: AIOKafkaAdminClient) -> None:
        self._client = client

    async def topics(self, names: Mapping[str, Any]) -> dict[str, TopicState]:
        """Those of the names that are there."""
        there = [name for name in await self._client.list_topics() if name in names]
        told = await self._client.describe_topics(there) if there else []
        partitions = {each["topic"]: each["partitions"] for each in told}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in there]
        answers = await self._client.describe_configs(resources) if resources else []
        return {
            name: TopicState(
                len(partitions[name]),
                min((len(each["replicas"]) for each in partitions[name]), default=0),
                {key: value for key, value, *_ in entries},
                {key: value for key, value, _, source, *_ in entries if source == ON_THE_TOPIC},
            )
            for answer in answers
            for _, _, _, name, entries in answer.resources
        }

    async def make_topic(self, name: str, settings: Mapping[str, str], replication: int) -> None:
        """One partition. Somebody else may have made it meanwhile."""
        made = NewTopic(name, 1, replication, topic_configs=dict(settings))
        answer = await self._client.create_topics([made])
        for _, code, *_ in answer.topic_errors:
            if code not in (0, ALREADY_THERE):
                raise ClusterError(f"topic {name} could not be made ({for_code(code).__name__})")

    async def replication(self, name: str) -> int:
        """Of a topic that is there."""
        (told,) = await self._client.describe_topics([name])
        return len(told["partitions"][0]["replicas"])

    async def remove_topic(self, name: str) -> None:
        """With everything on it; it is gone a little later."""
        answer = await self._client.delete_topics([name])
        for _, code in answer.topic_error_codes:
            if code:
                raise ClusterError(f"topic {name} could not be removed ({for_code(code).__name__})")

    async def set_topic(self, name: str, settings: Mapping[str, str]) -> None:
        """All that are set on the topic: any other goes back to the cluster's default."""
        resource = ConfigResource(ConfigResourceType.TOPIC, name, dict(settings))
        for answer in await self._client.alter_configs([resource]):
            for code, *_ in answer.resources:
                if code:
                    raise ClusterError(f"topic {name} could not be set ({for_code(code).__name__})")

    async def entries(self, topic: str) -> list[Entry] | None:
        """That bear on this topic by name, prefix or wildcard; None: no authorizer, so that
        everybody may do everything.
        """
        request = DescribeAclsRequest(
            Resource.TOPIC, topic, Pattern.MATCH, None, None, Operation.ANY, Permission.ANY
        )
        answer = await self._client._send_request(request)
        if answer.error_code == NO_AUTHORIZER:
            return None
        if answer.error_code:
            raise ClusterError(f"the list of {topic} ({for_code(answer.error_code).__name__})")
        return [
            Entry(name, pattern, *entry)
            for _, name, pattern, entries in answer.resources
            for entry in entries
        ]

    async def allow(self, grant: Grant) -> None:
        principal, operation = f"User:{grant.principal}", Operation[grant.operation]
        await self.enter(
            Entry(grant.topic, Pattern.LITERAL, principal, "*", operation, Permission.ALLOW)
        )

    async def enter(self, entry: Entry) -> None:
        request = CreateAclsRequest(Resource.TOPIC, *astuple(entry))
        for code, *_ in (await self._client._send_request(request)).creation_responses:
            if code:
                raise ClusterError(f"{entry} could not be entered ({for_code(code).__name__})")

    async def forget(self, entry: Entry) -> None:
        request = DeleteAclsRequest(Resource.TOPIC, *astuple(entry))
        for code, *_ in (await self._client._send_request(request)).filter_responses:
            if code:
                raise ClusterError(f"{entry} could not be removed ({for_code(code).__name__})")


@asynccontextmanager
async def cluster(bootstrap: str, security: Mapping[str, Any]) -> AsyncIterator[Cluster]:
    """`security`: aiokafka's arguments. Raises KafkaError."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **security)
    await client.start()
    try:
        yield Cluster(client)
    finally:
        await client.close()
