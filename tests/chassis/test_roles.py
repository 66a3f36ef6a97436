"""Roles: `api` answers and follows nothing, `worker` follows and answers nobody, of two workers one
leads. Killed at any time, what was acknowledged is on the topic and in the lists.
"""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from deploy.embedded.outside import kafka_security
from libs.chassis.process.migrations import migrate
from libs.chassis.replicas.clock import SystemClock
from libs.events.envelope import KafkaRecord, from_record, topic_of
from libs.events.kafka import Bus, KafkaSettings
from libs.events.pools import open_pool
from libs.events.store import Log
from tests.chassis.bank import made, until
from tests.chassis.books import service
from tests.chassis.clerks import API, Clerks
from tests.chassis.issuer import FakeIssuer
from tests.chassis.members import Member, Members, environment_of, issuing, waits_until
from tests.servers import S3

pytestmark = pytest.mark.servers
BEFORE, AFTER = 20, 20  # books opened before and after the leader is killed


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def members(
    postgres: str, kafka: str, s3: S3, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Members, Clerks, str]]:
    folder, issuer = tmp_path_factory.mktemp("roles"), FakeIssuer()
    async with made(postgres, kafka, s3, folder) as (settings, owner, source):
        name = settings.service
        what = service(name, source)
        await migrate(owner, name, what.migrations, what.projections)
        await leave_a_reader_of_an_earlier_version(owner, name)
        with issuing(issuer) as url:
            env = environment_of(settings, url) | {"BOOKS": f"{name} {source}"}
            group = Members(env, name.upper(), folder)
            try:
                yield group, Clerks(issuer, url), name
            finally:
                group.stop()


async def leave_a_reader_of_an_earlier_version(owner: str, name: str) -> None:
    """Its row stays, and nobody moves it any more."""
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute("INSERT INTO readers VALUES ('left', $1, 0, 0)", name)
    finally:
        await connection.close()


async def test_an_api_answers_and_a_worker_follows(
    members: tuple[Members, Clerks, str], kafka: str
) -> None:
    group, clerks, name = members
    first, second = group.start("api"), group.start("api")
    for api in (first, second):
        waits_until(lambda api=api: api.works == "is another process", "the api")
    assert not await told(kafka, name)
    assert await asyncio.to_thread(clerks.looks, first, f"{name}/1") == 503  # not yet, no mistake
    workers = [group.start("worker"), group.start("worker")]

    def leads() -> list[Member]:
        return [each for each in workers if each.works == "leads"]

    (leader,) = waits_until(leads, "a leader")
    (standby,) = [each for each in workers if each is not leader]
    waits_until(lambda: standby.works == "stands by", "the other waits")
    assert leader.status_of(API) == 404
    await opens(clerks, first, second, BEFORE)
    leader.kill()
    await opens(clerks, second, first, AFTER)
    assert leads() == [standby]

    async def everything_told() -> bool:
        return len(await told(kafka, name)) == len(clerks.opened)

    await until(everything_told)
    assert group.stop() == [0, 0, 0]
    await all_told(group, kafka, name, clerks.opened)


async def opens(clerks: Clerks, first: Member, second: Member, count: int) -> None:
    for _ in range(count // 4):
        await asyncio.gather(*(asyncio.to_thread(clerks.opens, first, second) for _ in range(4)))


async def all_told(group: Members, kafka: str, name: str, opened: list[str]) -> None:
    """The topic is the log, byte for byte, and has everything that was acknowledged."""
    pool = await open_pool(group.settings[f"{name.upper()}_DB__DSN"], 1)
    try:
        log = await Log(pool, SystemClock()).read(0, 10_000)
    finally:
        await pool.close()
    assert [from_record(record) for record in await told(kafka, name)] == log
    assert sorted(str(each.stream) for each in log) == sorted(opened)
    assert len(opened) == BEFORE + AFTER


async def told(kafka: str, name: str) -> list[KafkaRecord]:
    _, records = await Bus(KafkaSettings(kafka, "kaohe-test", kafka_security())).tail(
        topic_of(name), 0
    )
    return records
