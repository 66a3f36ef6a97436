"""Readers on a real database: what they have no function for costs nothing, and nothing is lost
by it.
"""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.keeping.lost_tail import bring_back
from libs.chassis.replicas.clock import RandomIds, SystemClock
from libs.events.application import Application, Command, UnitOfWork
from libs.events.bell import Bell
from libs.events.codec import canonical
from libs.events.errors import KeyReused
from libs.events.keyring import MemoryKeyRing
from libs.events.parking import parked_facts
from libs.events.policy import Policy
from libs.events.reader import LAZY, Applier, Fenced, Reader
from libs.events.records import StoredEvent
from libs.events.value import Act
from tests.conformance.echo import Done
from tests.conformance.stage import Stage, event, staged
from tests.events.test_tail import AT

pytestmark = pytest.mark.servers
OWNER, OTHER = UUID(int=1), UUID(int=2)
ACT = {"at": AT, "by": {"user": "u", "role": "ENT_CLERK"}}


class Heard:
    """A reader that hears what was done, and fails on n = 0."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.heard = stage, list[int]()
        policy = Policy("heard")
        policy.on(Done)(self.hear)
        self.application = Application(stage.log, MemoryKeyRing(), RandomIds())
        self.reader = Reader("heard", "test", policy=policy)

    async def hear(self, _: UnitOfWork, fact: Done, __: StoredEvent) -> None:
        assert fact.n
        self.heard.append(fact.n)

    async def applier(self) -> Applier:
        """As a process has it that has just begun."""
        made = Applier(self.reader, self.application, self.stage.pool, SystemClock(), Bell())
        await made.resume()
        return made

    async def row(self) -> int:
        query = "SELECT position FROM readers WHERE name = 'heard'"
        return int(await self.stage.pool.fetchval(query))


@pytest.fixture
async def heard(database: str) -> AsyncIterator[Heard]:
    async with staged(database) as stage:
        yield Heard(stage)


def fact(position: int, n: int = 1, type: str = Done.TOPIC, owner: UUID = OWNER) -> StoredEvent:
    made = event(uuid4(), 1, owner, type, n=n, act=ACT)
    return StoredEvent(position, *made, AT)


def unheard(position: int) -> StoredEvent:
    return fact(position, type="test.Thing.Nothing")


async def passing(applier: Applier, monkeypatch: Any, *facts: StoredEvent) -> None:
    """Applies them as one that has stored its position just now."""
    monkeypatch.setattr("libs.events.reader.LAZY", 60.0)
    await applier.apply(facts, facts[-1].position)
    monkeypatch.setattr("libs.events.reader.LAZY", LAZY)


async def test_what_is_passed_over_moves_the_row_later(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    applier = await heard.applier()
    await passing(applier, monkeypatch, unheard(1), unheard(2))
    assert (applier.position, applier.is_ahead, await heard.row()) == (2, True, 0)
    await applier.store()
    assert (applier.is_ahead, await heard.row()) == (False, 2)


async def test_a_fact_moves_the_row_at_once_past_what_was_passed_over(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    applier = await heard.applier()
    await passing(applier, monkeypatch, unheard(1))
    await applier.apply([unheard(2), fact(3, 3)], 0)
    assert (heard.heard, applier.is_ahead, await heard.row()) == ([3], False, 3)


async def test_under_constant_news_the_row_follows_all_the_same(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    applier = await heard.applier()
    monkeypatch.setattr("libs.events.reader.LAZY", 0.0)
    await applier.apply([unheard(1)], 1)
    assert await heard.row() == 1


async def test_after_a_crash_nothing_is_heard_twice_or_left_out(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await heard.applier()
    await first.apply([fact(1, 1)], 0)
    await passing(first, monkeypatch, unheard(2))
    second = await heard.applier()
    assert second.position == 1
    await second.apply([unheard(2), fact(3, 3)], 0)
    assert heard.heard == [1, 3]


async def test_what_a_restored_log_has_is_neither_said_nor_commanded_again(heard: Heard) -> None:
    """The reader's row is of the backup, the reaction came from the topic."""
    first, second, command = fact(1, 1), fact(2, 2), uuid4()
    told = event(uuid4(), 1, OWNER)
    meta = json.loads(told.meta) | {"causation": str(first.id), "command": str(command)}
    reaction = StoredEvent(1, *told._replace(meta=canonical(meta)), AT)
    owner = await asyncpg.connect(heard.stage.owner)
    try:
        await bring_back(owner, [reaction])
    finally:
        await owner.close()
    await (await heard.applier()).apply([first, second], 0)
    assert heard.heard == [2]
    with pytest.raises(KeyReused):
        await heard.application.repeated(Command(Act.model_validate(ACT), id=command))


async def test_a_replica_that_woke_up_late_neither_writes_nor_moves_the_row(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, leader = await heard.applier(), await heard.applier()
    await passing(late, monkeypatch, unheard(1))
    await leader.apply([unheard(1), fact(2, 2)], 0)
    with pytest.raises(Fenced):
        await late.store()
    with pytest.raises(Fenced):
        await late.apply([fact(2, 2)], 0)
    assert await heard.row() == 2


async def test_an_owner_s_facts_wait_behind_a_parked_one_and_go_on_after_it(
    heard: Heard,
) -> None:
    applier = await heard.applier()
    await applier.apply([fact(1, 1)], 0)  # by now it knows that nothing is parked
    await applier.apply([fact(2, 0)], 0)
    await applier.apply([fact(3, 3), fact(4, 4, owner=OTHER)], 0)
    waiting = await parked_facts(heard.stage.pool, "heard", OWNER)
    assert ([each.position for each in waiting], heard.heard) == ([2, 3], [1, 4])
    await heard.stage.pool.execute("DELETE FROM parked")  # redriven by another process
    await applier.apply([fact(5, 5)], 0)
    assert heard.heard == [1, 4, 5]


async def test_after_a_restart_an_owner_s_facts_wait_as_before(heard: Heard) -> None:
    await (await heard.applier()).apply([fact(1, 0)], 0)
    await (await heard.applier()).apply([fact(2, 2)], 0)
    assert heard.heard == []


async def test_while_nothing_is_parked_nobody_is_asked_about_it(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    applier = await heard.applier()
    await applier.apply([fact(1, 1)], 0)
    monkeypatch.setattr("libs.events.reader.parked_owners", None)
    await applier.apply([fact(2, 2)], 0)
    assert heard.heard == [1, 2]
