"""The log's client: what goes into one call, who is told what when calls fail, and where followers
read. PostgreSQL is played here; on a real one: tests/conformance/test_store.py.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from libs.events import store
from libs.events.append import Appended
from libs.events.errors import Unavailable
from libs.events.records import NewUnit
from libs.events.store import BATCH
from tests.conformance.stage import together, unit
from tests.events.postgres import (
    COMMAND,
    LOST,
    A,
    B,
    C,
    Fault,
    Postgres,
    appending,
    log_of,
    outcomes,
)
from tests.events.test_kept import Hands
from tests.patience import PATIENCE


def kinds(answers: Sequence[object]) -> list[str]:
    return [type(each).__name__ for each in answers]


async def test_what_waits_goes_into_one_call_as_far_as_it_may_hold(played: Postgres) -> None:
    async with appending(played) as log:
        answers = await outcomes(log, *(unit(UUID(int=n), 0) for n in range(2 * BATCH + 1)))
    assert answers == [Appended(n + 1) for n in range(257)]
    assert played.calls == [128, 128, 1]
    assert (log.figures.events, log.figures.units.sum, log.figures.failed) == (257, 257, 0)


@pytest.mark.parametrize(
    ("units", "calls"),
    [
        ([unit(A, 0), unit(A, 1), unit(B, 0)], [2, 1]),
        ([unit(A, 0, id=COMMAND), unit(B, 0, id=COMMAND), unit(C, 0)], [2, 1]),
        ([unit(A, 0), together(unit(A, 1), unit(B, 0)), unit(B, 1), unit(C, 0)], [2, 1, 1]),
        ([unit(A, 0), unit(A, 1), unit(B, 0), unit(A, 2), unit(B, 1)], [2, 2, 1]),
    ],
)
async def test_units_of_one_stream_or_one_command_go_one_after_the_other(
    played: Postgres, units: list[NewUnit], calls: list[int]
) -> None:
    async with appending(played) as log:
        assert set(kinds(await outcomes(log, *units))) == {"Appended"}
    assert played.calls == calls
    assert log.figures.events == sum(len(each.events) for each in units)


async def test_how_many_units_wait_is_told(played: Postgres) -> None:
    log = log_of(played)
    asked = [asyncio.create_task(log.append(unit(each, 0))) for each in (A, B)]
    await asyncio.sleep(0)
    assert log.waiting == 2
    for each in asked:
        each.cancel()


async def test_of_a_call_that_cannot_be_carried_out_whole_the_right_ones_are(
    played: Postgres,
) -> None:
    async with appending(played) as log:
        await outcomes(log, unit(A, 0))
        answers = await outcomes(log, unit(B, 0), unit(A, 0), unit(C, 0, 2))
    assert kinds(answers) == ["Appended", "Conflict", "Appended"]
    assert [(row[0], row[1]) for row in played.rows] == [(1, A), (2, B), (3, C), (4, C)]
    assert log.figures.events == 4
    assert [each.position for each in log._tail.after(0, 9) or []] == []


async def test_a_unit_that_the_database_does_not_take_fails_alone(played: Postgres) -> None:
    faulty = unit(B, 0)
    faulty = faulty._replace(events=(faulty.events[0]._replace(type="a\0b"),))
    async with appending(played) as log:
        answers = await outcomes(log, unit(A, 0), faulty, unit(C, 0))
    assert kinds(answers) == ["Appended", "CharacterNotInRepertoireError", "Appended"]
    assert [type(each) for each in answers].count(Appended) == 2
    assert played.calls == [1, 1]
    assert log.figures.failed == 2  # calls


async def test_who_no_longer_waits_for_an_answer_takes_none_from_others(
    played: Postgres,
) -> None:
    async with appending(played) as log:
        played.let.clear()
        gone, stays = (asyncio.create_task(log.append(unit(each, 0))) for each in (A, B))
        await asyncio.sleep(0.01)
        gone.cancel()
        played.let.set()
        async with asyncio.timeout(PATIENCE):
            assert await stays == Appended(2)


async def test_a_call_on_a_lost_connection_is_made_once_more(played: Postgres) -> None:
    played.faults.append(Fault(LOST))
    async with appending(played) as log:
        assert await outcomes(log, unit(A, 0), unit(B, 0)) == [Appended(1), Appended(2)]
    assert (played.given_up, log.figures.failed) == (1, 0)


async def test_what_was_committed_before_the_connection_was_lost_is_found(
    played: Postgres,
) -> None:
    """And no other unit at its place is taken for it."""
    async with appending(played) as log:
        await outcomes(log, unit(C, 0))
        played.faults.append(Fault(LOST, carried_out=True))
        assert await outcomes(log, unit(A, 0, 2), unit(B, 0)) == [Appended(3), Appended(4)]
        played.faults.append(Fault(LOST))
        assert kinds(await outcomes(log, unit(A, 1))) == ["Conflict"]
    assert len(played.rows) == 4


@pytest.mark.parametrize(
    ("faults", "calls"), [([Fault(LOST), Fault(LOST)], 2), ([Fault(TimeoutError())], 1)]
)
async def test_a_database_that_is_away_is_asked_no_third_time_and_no_second_where_it_is_silent(
    played: Postgres, faults: list[Fault], calls: int
) -> None:
    played.faults.extend(faults)
    async with appending(played) as log:
        [answer] = await outcomes(log, unit(A, 0))
        assert isinstance(answer, Unavailable)
        assert "an append" in str(answer)
        assert len(played.asked) == calls
        assert await outcomes(log, unit(A, 0)) == [Appended(1)]
    assert log.figures.failed == 1


async def test_who_waits_behind_a_call_that_fails_is_told_with_it(played: Postgres) -> None:
    """Units of one stream go one after the other; each would wait as long again."""
    played.faults.extend([Fault(LOST), Fault(LOST)])
    async with appending(played) as log:
        answers = await outcomes(log, *(unit(A, n) for n in range(4)))
        assert kinds(answers) == ["Unavailable"] * 4
        assert (log.figures.failed, log.waiting) == (1, 0)


async def test_who_waits_when_the_appender_ends_is_told(played: Postgres) -> None:
    async with appending(played) as log:
        await outcomes(log, unit(C, 0))
        played.let.clear()
        asked = [asyncio.create_task(log.append(each)) for each in (unit(A, 0), unit(A, 1))]
        await asyncio.sleep(0.01)
    async with asyncio.timeout(PATIENCE):
        told = await asyncio.gather(*asked, return_exceptions=True)
    assert kinds(told) == ["Unavailable"] * 2
    assert "stopping" in str(told[0])
    assert log.waiting == 0


async def test_an_appender_that_ends_gives_its_connection_back(played: Postgres) -> None:
    async with appending(played) as log:
        await outcomes(log, unit(A, 0))
        assert played.given_back == 0
    assert played.given_back == 1


async def test_every_append_rings_for_this_process_and_for_others(
    played: Postgres, hands: Hands
) -> None:
    async with appending(played) as log:
        here, there = log.bell.watch(), log.appended.watch()
        await outcomes(log, unit(A, 0))
        assert await here.wait(PATIENCE)
        assert await there.wait(PATIENCE)
        log.heard()  # of another process: nothing to tell
        assert await here.wait(PATIENCE)
        assert not await there.wait(0)
        log.ring()
        assert await here.wait(PATIENCE)
        assert await there.wait(PATIENCE)
    assert log.figures.seconds.sum == 0.5


async def test_a_stream_is_read_from_a_version_to_another(played: Postgres) -> None:
    async with appending(played) as log:
        await outcomes(log, unit(A, 0, 3), unit(B, 0))
    asked = (log.stream(A), log.stream(A, 2), log.stream(A, 3, 1), log.stream(B), log.stream(C))
    found = [[each.version for each in one] for one in await asyncio.gather(*asked)]
    assert found == [[1, 2, 3], [1, 2], [2, 3], [1], []]
    assert (await log.stream(A, 0), await log.stream(A, after=3)) == ([], [])
    assert played.asked.count(store.STREAMS) == 3  # what is asked at once is asked together
    at = await log.at(A, 2)
    assert at == (await log.stream(A))[1]
    assert (await log.at(A, 4), await log.head()) == (None, 4)


async def test_a_stream_is_read_whole_however_long_it_is(played: Postgres) -> None:
    async with appending(played) as log:
        await outcomes(log, unit(A, 0))
    longest = 2**31 - 1
    played.rows = [(*row[:2], longest, *row[3:]) for row in played.rows]
    assert [each.version for each in await log.stream(A)] == [longest]


async def test_a_log_is_closed_and_opened_topic_by_topic(played: Postgres) -> None:
    log = log_of(played)
    assert await log.is_open()
    await log.close("a")
    await log.close("b")
    await log.reopen("a")
    assert not await log.is_open()
    await log.reopen("b")
    assert await log.is_open()


@pytest.mark.parametrize(
    ("faults", "calls"), [([Fault(LOST), Fault(LOST)], 2), ([Fault(TimeoutError())], 1)]
)
async def test_a_read_on_a_lost_connection_is_made_once_more_and_no_third_time(
    played: Postgres, faults: list[Fault], calls: int
) -> None:
    log = log_of(played)
    played.faults.append(Fault(LOST))
    assert await log.head() == 0
    played.asked.clear()
    played.faults.extend(faults)
    with pytest.raises(Unavailable, match="a read of the log"):
        await log.head()
    assert len(played.asked) == calls
