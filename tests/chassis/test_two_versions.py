"""Old and new code beside each other on one database, while it is used: the new one has one more
field in an event and one more column in a list. Nothing is refused, nothing is lost.
"""

import asyncio
import subprocess
import sys

import pytest

from deploy.embedded.outside import kafka_security
from libs.chassis.replicas.clock import SystemClock
from libs.events.envelope import KafkaRecord, from_record, topic_of
from libs.events.kafka import Bus, KafkaSettings
from libs.events.pools import open_pool
from libs.events.store import Log
from tests.chassis.bank import made, until
from tests.chassis.clerks import Clerks
from tests.chassis.issuer import FakeIssuer
from tests.chassis.members import Member, Members, environment_of, issuing, waits_until
from tests.servers import ROOT, S3, environment

pytestmark = pytest.mark.servers
NEXT = {"BOOKS_VERSION": "next"}
LINES = 4


async def test_old_and_new_code_serve_one_database(
    postgres: str, kafka: str, s3: S3, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, issuer = tmp_path_factory.mktemp("versions"), FakeIssuer()
    async with made(postgres, kafka, s3, folder) as (settings, owner, source):
        with issuing(issuer) as url:
            name = settings.service
            env = environment_of(settings, url) | {"BOOKS": f"{name} {source}"}
            group = Members(env, name.upper(), folder)
            clerks = Clerks(issuer, url)
            try:
                await asyncio.to_thread(upgraded, group, clerks, owner)
                records = await until(lambda: everything_told(kafka, name, len(clerks.opened)))
            finally:
                group.stop()
            pool = await open_pool(env[f"{name.upper()}_DB__DSN"], 1)
            log = await Log(pool, SystemClock()).read(0, 10_000)
            rows = await pool.fetch("SELECT enterprise, place FROM books")
            await pool.close()
    assert [from_record(each) for each in records] == log
    assert len(log) == len(clerks.opened) * (1 + LINES)
    assert {str(row["enterprise"]): row["place"] for row in rows} == dict.fromkeys(
        clerks.opened, "410100"
    )
    assert {each.metadata["schema"] for each in log} == {1, 2}


async def everything_told(kafka: str, name: str, books: int) -> list[KafkaRecord]:
    """All of the topic, once it has each book and its lines; nothing before."""
    bus = Bus(KafkaSettings(kafka, "kaohe-test", kafka_security()))
    _, records = await bus.tail(topic_of(name), 0)
    return records if len(records) >= books * (1 + LINES) else []


def upgraded(group: Members, clerks: Clerks, owner: str) -> None:
    """As docs/operations.md says: migrate, workers, then `api`, in use all the time."""
    migrated(group, owner)
    old, leader = group.start("api"), group.start("worker")
    waits_until(lambda: old.checks and leader.works == "leads", "the old version")
    clerks.opens(old, old, LINES)
    migrated(group, owner, **NEXT)
    clerks.opens(old, old, LINES)  # between the step and the first process of the new version
    new, next_leader = group.start("api", **NEXT), group.start("worker", **NEXT)
    waits_until(lambda: new.checks and next_leader.works == "stands by", "the new version")
    both(clerks, old, new)
    leader.kill()
    both(clerks, old, new)
    waits_until(lambda: next_leader.works == "leads", "the new worker")
    both(clerks, old, new)
    old.process.terminate()
    clerks.opens(new, new, LINES)


def both(clerks: Clerks, old: Member, new: Member) -> None:
    clerks.opens(old, new, LINES)
    clerks.opens(new, old, LINES)


def migrated(group: Members, owner: str, **version: str) -> None:
    subprocess.run(
        [sys.executable, "-P", "-m", group.module, "migrate", owner],
        env={**environment(ROOT), **group.settings, **version},
        check=True,
    )
