"""What every log keeps, on whatever PostgreSQL is given."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from libs.events import pools
from libs.events.append import Appended, append
from libs.events.errors import Unavailable
from libs.events.records import NewUnit
from tests.conformance.stage import (
    Stage,
    assert_whole,
    event,
    now,
    opened,
    unit,
)
from tests.patience import PATIENCE

pytestmark = pytest.mark.servers
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


async def outcomes(stage: Stage, *units: NewUnit) -> list[object]:
    return list(
        await asyncio.gather(*(stage.log.append(each) for each in units), return_exceptions=True)
    )


async def test_positions_have_no_gap_and_a_unit_stands_together(stage: Stage) -> None:
    answers = await outcomes(stage, *(unit(uuid4(), 0, 1 + n % 3) for n in range(200)))
    assert [type(answer) for answer in answers] == [Appended] * 200
    assert await assert_whole(stage.pool) == sum(1 + n % 3 for n in range(200))
    for row in await stage.pool.fetch(
        "SELECT max(position) - min(position) + 1 AS span, count(*) AS n FROM events GROUP "
        "BY stream_id"
    ):
        assert row["span"] == row["n"]


async def test_writers_of_several_processes_stand_in_one_order(stage: Stage) -> None:
    async with opened(stage.dsn) as one, opened(stage.dsn) as two, opened(stage.dsn) as three:
        for _ in range(20):
            await asyncio.gather(
                *(each.log.append(unit(uuid4(), 0, 2)) for each in (stage, one, two, three))
            )
    assert await assert_whole(stage.pool) == 160


@pytest.mark.parametrize("bad", ["nul", "too far"])
async def test_a_unit_that_the_database_cannot_take_fails_alone(stage: Stage, bad: str) -> None:
    faulty = {
        "nul": unit(A, 0)._replace(events=(event(A, 1)._replace(type="a\0b"),)),
        "too far": NewUnit(((A, 2**31),), (event(A, 2**31 + 1),)),
    }[bad]
    good = [unit(uuid4(), 0, id=uuid4()) for _ in range(6)]
    answers = await outcomes(stage, *good[:3], faulty, *good[3:])
    assert isinstance(answers.pop(3), Exception)
    assert [type(answer) for answer in answers] == [Appended] * 6
    assert await assert_whole(stage.pool) == 6


async def test_fifty_repeats_at_once_are_one_unit(stage: Stage) -> None:
    id = uuid4()
    async with opened(stage.dsn) as other:
        units = [unit(uuid4(), 0, id=id) for _ in range(50)]
        answers = await asyncio.gather(
            *(each.log.append(one) for each, one in zip([stage, other] * 25, units, strict=True)),
            return_exceptions=True,
        )
    assert sorted(type(answer).__name__ for answer in answers) == ["Appended"] + ["Repeated"] * 49
    assert await assert_whole(stage.pool) == 1


CHANGES = (
    "UPDATE events SET version = version",
    "DELETE FROM events",
    "TRUNCATE events",
    "UPDATE commands SET status = 500",
    "TRUNCATE commands",
)


@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES,
        "DELETE FROM commands",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "DROP TABLE events",
    ],
)
async def test_the_writer_cannot_change_what_stands(stage: Stage, statement: str) -> None:
    await stage.log.append(unit(A, 0, id=uuid4()))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await stage.pool.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
async def test_the_tables_owner_is_stopped_by_the_trigger(stage: Stage, statement: str) -> None:
    await stage.log.append(unit(A, 0, id=uuid4()))
    owner = await asyncpg.connect(stage.owner)
    try:
        with pytest.raises(asyncpg.RaiseError, match="only grows"):
            await owner.execute(statement)
    finally:
        await owner.close()


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_an_append_in_another_isolation_is_refused(stage: Stage, isolation: str) -> None:
    async with stage.pool.acquire() as connection, connection.transaction(isolation=isolation):  # type: ignore[arg-type]
        with pytest.raises(asyncpg.RaiseError, match="READ COMMITTED"):
            await append(connection, [unit(A, 0)], now())


async def test_waiting_for_a_connection_is_no_outage(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for longer than an answer may take."""
    monkeypatch.setattr(pools, "ANSWER", 1.0)
    await stage.log.append(unit(A, 0))
    async with opened(stage.dsn, size=1) as other:
        async with other.pool.acquire():
            one = asyncio.create_task(other.log.at(A, 1))
            whole = asyncio.create_task(other.log.stream(A))
            await asyncio.sleep(pools.ANSWER + 0.3)
        assert [await one] == await whole


async def test_who_gets_no_connection_at_all_is_told_what_was_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "TURN", 0.2)
    async with opened(stage.dsn, size=1) as other, other.pool.acquire():
        with pytest.raises(Unavailable, match=r"database: a read of the log \(NoTurn\)"):
            await other.log.stream(A)


async def test_who_waits_when_the_appender_ends_is_told(stage: Stage) -> None:
    """A caller that hears nothing would wait for ever; whether its unit stands, its command id
    will say.
    """
    async with stage.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(4157)")
        async with opened(stage.dsn) as other:
            asked = [asyncio.create_task(other.log.append(unit(A, version))) for version in (0, 1)]
            await asyncio.sleep(0.1)
    async with asyncio.timeout(PATIENCE):
        assert [type(each) for each in await asyncio.gather(*asked, return_exceptions=True)] == [
            Unavailable
        ] * 2


async def test_who_waits_behind_a_call_that_nobody_answers_is_told_with_it(stage: Stage) -> None:
    """Units of one stream go one after the other; each would have waited for an answer anew."""
    holder = await asyncpg.connect(stage.dsn)
    try:
        await holder.execute("SELECT pg_advisory_lock(4157)")
        async with opened(stage.dsn) as other:
            asked = [asyncio.create_task(other.log.append(unit(A, after))) for after in range(4)]
            told = await asyncio.gather(*asked, return_exceptions=True)
            assert [type(each) for each in told] == [Unavailable] * 4
            assert other.log.figures.failed == 1
    finally:
        await holder.close()
    assert await assert_whole(stage.pool) <= 1  # the call itself may be carried out after all


async def test_a_closed_log_takes_nothing_from_any_process(stage: Stage) -> None:
    await stage.log.append(unit(A, 0))
    await stage.log.close("a topic that is ahead")
    async with opened(stage.dsn) as other:
        assert not await other.log.is_open()
        for each in (stage, other):
            with pytest.raises(Unavailable):
                await each.log.append(unit(B, 0))
        await other.log.reopen("another topic")
        assert not await stage.log.is_open()
        await other.log.reopen("a topic that is ahead")
        await stage.log.append(unit(A, 1))
    assert await assert_whole(stage.pool) == 2
