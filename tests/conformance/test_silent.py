"""Who takes a question and says nothing is away: whoever waits for it is told (decision 62)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from libs.chassis.ports.principal import Principal
from libs.chassis.replicas.directory import Directory
from libs.chassis.replicas.reference import References
from libs.chassis.replicas.revoked import Revocations
from libs.events import kafka, pools
from libs.events.errors import Unavailable
from libs.events.pools import Pool
from libs.events.queries import count, select, select_one, select_page
from libs.events.scoped import SCOPED, Scoped
from libs.events.walks import Walk
from services.portal.web.accounts import Accounts
from services.portal.web.sessions import Sessions
from tests.conformance.faults import Mode, Proxy
from tests.conformance.stage import in_place_of
from tests.conformance.two_services import Play
from tests.patience import PATIENCE

pytestmark = pytest.mark.servers
KEY = bytes(32)
SOMEBODY = UUID(int=1)


@dataclass(frozen=True)
class Row:
    number: int


async def scoped_page(pool: Pool) -> Any:
    SCOPED.set(Scoped("asker", SOMEBODY))
    return await select_page(pool, Row, Walk("rows", ("number",)), [], None, 10)


QUESTIONS: dict[str, Callable[[Pool], Awaitable[Any]]] = {
    "rows": lambda pool: select(pool, Row, "SELECT 1 AS number"),
    "a row": lambda pool: select_one(pool, Row, "SELECT 1 AS number"),
    "a page": lambda pool: select_page(pool, Row, Walk("rows", ("number",)), [], None, 10),
    "a page of one's own": scoped_page,
    "how many": lambda pool: count(pool, Walk("rows", ("number",)), []),
    "reference data": lambda pool: References(pool).item("post", "ARCH", {}),
    "the directory": lambda pool: Directory(pool).find(SOMEBODY),
    "revoked accounts": lambda pool: Revocations(pool).left_of(Principal(sub="a", roles=())),
    "a session": lambda pool: Sessions(pool, KEY).load("token"),
    "names": lambda pool: Accounts(pool, KEY).find(["a"]),
    "officers": lambda pool: Accounts(pool, KEY).of_office("410100"),
    "who signs in": lambda pool: Accounts(pool, KEY).learn({"sub": "a"}),
}


@pytest.fixture
async def silent(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    """A pool with a connection on which nothing more is said. The driver would wait for ever."""
    monkeypatch.setattr(pools, "SILENCE", 3600)
    monkeypatch.setattr(pools, "ANSWER", 0.2)
    url = urlsplit(database)
    async with Proxy(url.hostname or "", url.port or 5432).at_work() as proxy:
        pool = await pools.open_pool(in_place_of(database, port=proxy.port))
        await pool.fetchval("SELECT 1")
        proxy.becomes(Mode.BLACKHOLE)
        yield pool
        pool.terminate()


@contextmanager
def told() -> Iterator[None]:
    with pytest.raises((Unavailable, *pools.CONNECTION_ERRORS)):
        yield


@pytest.mark.parametrize("what", QUESTIONS)
async def test_whoever_asks_a_silent_database_is_told(silent: Pool, what: str) -> None:
    async with asyncio.timeout(PATIENCE) as limit:
        with told():
            await QUESTIONS[what](silent)
    assert not limit.expired()


@pytest.mark.slow
async def test_a_client_of_kafka_that_has_fallen_silent_is_given_up_for_another(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its task of fetches has ended, with no error for anybody; the broker is well."""
    made: list[AIOKafkaConsumer] = []

    def seen(**arguments: Any) -> AIOKafkaConsumer:
        made.append(AIOKafkaConsumer(**arguments))
        return made[-1]

    monkeypatch.setattr(kafka, "AIOKafkaConsumer", seen)
    monkeypatch.setattr(kafka, "SILENCE", 2.0 * kafka.FOLLOWER_WAIT_MS / 1000)
    async with play.first.at_work(), play.second.at_work():
        await play.write(8, Random(23))
        await play.carried()
        for consumer in made:
            consumer._fetcher._fetch_task.cancel()
        await play.write(8, Random(24))
        await play.carried()


class Silent:
    """A client of Kafka that says nothing, whatever it is asked."""

    async def position(self, _: TopicPartition) -> int:
        await asyncio.Event().wait()
        return 0

    async def end_offsets(self, _: list[TopicPartition]) -> dict[TopicPartition, int]:
        await asyncio.Event().wait()
        return {}

    async def stop(self) -> None:
        await asyncio.Event().wait()


async def test_a_client_of_kafka_that_says_nothing_holds_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kafka, "SILENCE", 0.1)
    monkeypatch.setattr(kafka, "ENDING", 0.1)
    subscription = kafka.Subscription(Silent(), TopicPartition("topic", 0))
    async with asyncio.timeout(PATIENCE) as limit:
        for asked in (subscription.position, subscription.end):
            with pytest.raises(Unavailable):
                await asked()
        await kafka._ended(Silent().stop())
    assert not limit.expired()
