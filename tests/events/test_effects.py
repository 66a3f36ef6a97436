"""An effect that fails is tried again, then parked with its reason; the others go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from libs.chassis.replicas.clock import RandomIds
from libs.events import effects as module
from libs.events.aggregate import Aggregate, evolves
from libs.events.application import Application
from libs.events.effects import ENDED_EACH_TIME, MOST_ATTEMPTS, Effects
from libs.events.errors import Unavailable
from libs.events.keyring import MemoryKeyRing
from libs.events.parking import all_parked, parked_facts
from libs.events.records import NewUnit, StoredEvent
from tests.conformance.stage import Stage, event, staged
from tests.events.test_tail import AT
from tests.patience import PATIENCE

pytestmark = pytest.mark.servers
OWNER = UUID(int=1)


class Thing(Aggregate):
    class Done(Aggregate.Created):
        n: int

    @evolves(Done)
    def _done(self, e: Done) -> None:
        self.n = e.n


class Followed:
    """Effects of a log: n = 0 fails while `broken`; while `away` the dependency is."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.tried, self.done = stage, list[int](), list[int]()
        self.broken, self.away = True, False
        self.application = Application(stage.log, MemoryKeyRing(), RandomIds())
        self.effects = Effects("test.effects")
        self.effects.on(Thing.Done)(self.act)

    async def act(self, fact: Thing.Done, _: StoredEvent) -> None:
        self.tried.append(fact.n)
        if self.away:
            raise Unavailable("a dependency", "gone")
        if not fact.n and self.broken:
            raise KeyError("a name that nobody shall read")
        self.done.append(fact.n)

    async def happens(self, n: int) -> None:
        act = {"at": AT, "by": {"user": "u", "role": "ENT_CLERK"}}
        stream = uuid4()
        new = event(stream, 1, OWNER, Thing.Done.TOPIC, n=n, act=act)
        await self.stage.log.append(NewUnit(((stream, 0),), (new,)))

    async def follow(self) -> None:
        stage = self.stage
        await self.effects.follow(self.application, stage.pool, stage.log, stage.log.bell)


@pytest.fixture
async def followed(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Followed]:
    monkeypatch.setattr(module, "PAUSE", 0.0)
    async with staged(database) as stage:
        yield Followed(stage)


async def behind(followed: Followed) -> bool:
    query = "SELECT position FROM readers WHERE name = 'test.effects'"
    return bool(await followed.stage.pool.fetchval(query) != await followed.stage.log.head())


async def until_done(followed: Followed, *expected: int) -> None:
    following = asyncio.create_task(followed.follow())
    try:
        async with asyncio.timeout(PATIENCE):
            while followed.done != list(expected) or await behind(followed):
                await asyncio.sleep(0.01)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


async def test_an_effect_that_fails_is_parked_with_its_reason_and_the_others_go_on(
    followed: Followed,
) -> None:
    for n in (1, 0, 2):
        await followed.happens(n)
    await until_done(followed, 1, 2)
    assert followed.tried == [1, *[0] * MOST_ATTEMPTS, 2]
    (parked,) = await all_parked(followed.stage.pool)
    assert (parked.reader, parked.position, parked.reason) == ("test.effects", 2, "KeyError")


async def test_an_effect_that_ends_its_process_is_not_begun_for_ever(followed: Followed) -> None:
    await followed.happens(1)
    at = (await followed.stage.log.read(0, 1))[0]
    for _ in range(MOST_ATTEMPTS):
        await followed.effects._begun(followed.stage.pool, at)  # and then the process was gone
    await followed.happens(2)
    await until_done(followed, 2)
    (parked,) = await all_parked(followed.stage.pool)
    assert (parked.position, parked.reason) == (1, ENDED_EACH_TIME)


async def test_a_dependency_that_is_away_is_waited_for(followed: Followed) -> None:
    await followed.happens(1)
    followed.away = True
    for _ in range(MOST_ATTEMPTS + 2):
        with pytest.raises(Unavailable):
            await followed.follow()
    followed.away = False
    await until_done(followed, 1)
    assert await all_parked(followed.stage.pool) == []


async def test_what_was_parked_is_done_when_it_is_redriven(followed: Followed) -> None:
    await followed.happens(0)
    await followed.happens(1)
    await until_done(followed, 1)
    pool = followed.stage.pool
    facts = await parked_facts(pool, "test.effects", OWNER)
    assert await followed.effects.redrive(followed.application, pool, facts) == 0
    assert len(await all_parked(pool)) == 1
    followed.broken = False
    assert await followed.effects.redrive(followed.application, pool, facts) == 1
    assert await all_parked(pool) == []
