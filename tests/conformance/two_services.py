"""Two services: the test writes the first one's log, the second hears it by topic and answers each
fact. What must be true of both.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import uuid4

import orjson
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.embedded.outside import kafka_security
from libs.events.envelope import KafkaRecord, to_record
from libs.events.errors import Repeated, Unavailable
from libs.events.records import NewUnit
from libs.events.store import Log
from tests.chassis.bank import a_name
from tests.conformance import echo
from tests.conformance.member import URL, Member
from tests.conformance.stage import Stage, assert_whole, forget, opened, prepare, unit
from tests.patience import PATIENCE
from tests.servers import fresh_database
from tests.signing import signer_of

ACT = {"at": "2024-09-02T01:00:00Z", "by": {"role": "ENT_CLERK", "user": "clerk"}}


@dataclass
class Play:
    first: Member
    second: Member
    said: Stage  # the first one's log
    heard: Stage  # the second one's
    count: int = 0  # of facts that were said

    async def write(
        self,
        count: int,
        random: Random,
        *,
        writers: int = 4,
        pause: float = 0.0,
        log: Log | None = None,
    ) -> None:
        """`count` facts in units of one to three, by several writers with streams of their own;
        all of them are acknowledged.
        """
        await asyncio.gather(
            *(
                write(log or self.said.log, count // writers, Random(random.random()), pause)
                for _ in range(writers)
            )
        )
        self.count += count // writers * writers

    async def carried(self) -> None:
        """Everything that was said is on its topic and was heard, once and in order; each topic is
        its log, byte for byte.
        """
        head = await assert_whole(self.said.pool)
        assert head == self.count
        await until(lambda: self.is_published(self.first, self.said))
        await until(lambda: self.everything_heard(head))
        rows = await self.heard.pool.fetch("SELECT position FROM heard ORDER BY position")
        assert [row["position"] for row in rows] == list(range(1, head + 1))
        await assert_whole(self.heard.pool)
        await until(lambda: self.is_published(self.second, self.heard))

    async def everything_heard(self, head: int) -> bool:
        """Nothing twice and nothing passed over, at any time."""
        query = "SELECT data FROM events WHERE type = 'conformance.Echo.Heard' ORDER BY position"
        positions = [
            orjson.loads(row["data"])["position"] for row in await self.heard.pool.fetch(query)
        ]
        assert positions == list(range(1, len(positions) + 1)), positions
        return len(positions) == head

    async def is_published(self, member: Member, stage: Stage) -> bool:
        """Whether all of the log is on its topic, which at any time is the log's beginning, byte
        for byte.
        """
        told, log = await records(member), await stage.log.read(0, 100_000)
        signer = signer_of(member.name)
        written = [signer.signed(to_record(member.name, each, URL), each) for each in log]
        assert [replace(each, offset=-1) for each in told] == written[: len(told)], [
            each.position for each in told
        ]
        return len(told) == len(log)


@asynccontextmanager
async def played(postgres: str, kafka: str, replication: int = 1) -> AsyncIterator[Play]:
    """Nobody is at work yet. `replication`: copies of each topic."""
    names = a_name("said"), a_name("heard")
    async with fresh_database(postgres) as one, fresh_database(postgres) as two:
        writers = await prepare(one), await prepare(two, echo.hearing)
        try:
            async with opened(writers[0], one) as said, opened(writers[1], two) as heard:
                first = Member(names[0], writers[0], kafka)
                second = Member(names[1], writers[1], kafka, names[0])
                await topics(kafka, first.topic, second.topic, replication=replication)
                yield Play(first, second, said, heard)
        finally:
            for owner, writer in zip((one, two), writers, strict=True):
                await forget(owner, writer)


async def write(log: Log, count: int, random: Random, pause: float = 0.0) -> None:
    stream, version = uuid4(), 0
    while version < count:
        size = min(random.randrange(1, 4), count - version)
        await acknowledged(log, unit(stream, version, size, id=uuid4(), act=ACT, n=version))
        version += size
        await asyncio.sleep(random.uniform(0, pause))


async def acknowledged(log: Log, each: NewUnit) -> None:
    """As a client does that hears nothing: the same again, until there is an answer."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await log.append(each)
            except Repeated:
                return
            except Unavailable:
                await asyncio.sleep(0.1)
            else:
                return


async def until(look: Callable[[], Awaitable[Any]]) -> Any:
    """What `look` finds, as soon as it finds something."""
    found: Any = None
    async with asyncio.timeout(PATIENCE):
        while not found:
            with suppress(Unavailable):
                found = await look()
            await asyncio.sleep(0.1)
    return found


async def records(member: Member) -> list[KafkaRecord]:
    _, found = await member.bus.tail(member.topic, 0)
    return found


async def topics(kafka: str, *names: str, replication: int = 1, drop: bool = False) -> None:
    """Makes topics; with `drop` those of these names go first, with all they hold."""
    client = AIOKafkaAdminClient(bootstrap_servers=kafka, **kafka_security())
    await client.start()
    try:
        if drop:
            await client.delete_topics(list(names))
        async with asyncio.timeout(PATIENCE):
            while missing := set(names) - set(await client.list_topics()):
                made = [
                    NewTopic(name, 1, replication, topic_configs={"retention.ms": "-1"})
                    for name in missing
                ]
                await client.create_topics(made)
                await asyncio.sleep(0.05)
    finally:
        await client.close()
