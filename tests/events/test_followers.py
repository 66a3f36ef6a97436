"""Where a log's followers read: at the head from memory; behind it, and where another process may
have appended, from PostgreSQL, which is played here.
"""

import asyncio

from libs.events.append import Appended
from libs.events.store import LOOK, Log
from tests.conformance.stage import unit
from tests.events.postgres import LOST, A, B, Fault, Postgres, appending, log_of, outcomes
from tests.events.test_kept import Hands


async def followed(log: Log, after: int, limit: int = 9) -> list[int]:
    return [each.position for each in await log.follow(after, limit)]


async def at_the_head(log: Log) -> None:
    """A follower has come to the end, and found nothing more."""
    head = await log.head()
    await log.follow(head, 9)
    assert await log.follow(head, 9) == []


async def test_a_follower_reads_the_database_until_it_has_reached_the_head(
    played: Postgres, hands: Hands
) -> None:
    async with appending(played) as log:
        await outcomes(log, unit(A, 0, 4))
        assert await followed(log, 0, 2) == [1, 2]
        assert await followed(log, 2, 2) == [3, 4]  # as many as were asked for: there may be more
        assert log._tail.head is None
        assert await followed(log, 3, 2) == [4]
        assert log.figures.from_database == 3
        await at_the_head(log)
        await outcomes(log, unit(B, 0, 3))
        assert await followed(log, 4, 2) == [5, 6]
        assert (log.figures.from_memory, log.figures.from_database) == (1, 3)
        assert await followed(log, 2) == [3, 4, 5, 6, 7]  # behind what is held
        assert (log.figures.from_memory, log.figures.from_database) == (1, 4)


async def test_a_follower_at_the_head_looks_for_itself_now_and_then(
    played: Postgres, hands: Hands
) -> None:
    """Another process appends, of which nobody tells."""
    log = log_of(played)
    await at_the_head(log)
    async with appending(played) as other:
        await outcomes(other, unit(A, 0))
        hands.now = log._asked_at + LOOK
        assert await followed(log, 0) == []
        hands.now += 0.1
        assert await followed(log, 0) == [1]
        await outcomes(other, unit(A, 1))
        assert await followed(log, 1) == []
        log.heard()
        assert await followed(log, 1) == [2]


async def test_many_followers_at_the_head_look_once(played: Postgres, hands: Hands) -> None:
    """Also where there may be more than they asked for."""
    log = log_of(played)
    await at_the_head(log)
    async with appending(played) as other:
        await outcomes(other, unit(A, 0, 3))
    log.heard()
    played.asked.clear()
    played.let.clear()
    following = [asyncio.create_task(followed(log, 0, 1)) for _ in range(5)]
    await asyncio.sleep(0)
    played.let.set()
    assert await asyncio.gather(*following) == [[1]] * 5
    assert len(played.asked) == 1


async def test_as_much_as_was_asked_for_is_looked_beyond_at_once(
    played: Postgres, hands: Hands
) -> None:
    log = log_of(played)
    await at_the_head(log)
    async with appending(played) as other:
        await outcomes(other, unit(A, 0, 5))
    log.heard()
    assert await followed(log, 0, 2) == [1, 2]
    assert await followed(log, 2, 2) == [3, 4]
    assert await followed(log, 4, 2) == [5]
    assert await followed(log, 5, 2) == []


async def test_an_append_behind_one_of_another_process_is_read_from_the_database(
    played: Postgres, hands: Hands
) -> None:
    async with appending(played) as log, appending(played) as other:
        await at_the_head(log)
        await outcomes(other, unit(A, 0))
        await outcomes(log, unit(B, 0))
        assert await followed(log, 0) == [1, 2]


async def test_what_was_appended_at_the_second_call_is_read_from_the_database(
    played: Postgres, hands: Hands
) -> None:
    """The connection was lost: what the tail held may be another server's."""
    async with appending(played) as log:
        await at_the_head(log)
        played.faults.append(Fault(LOST, carried_out=True))
        assert await outcomes(log, unit(A, 0)) == [Appended(1)]
        assert log._tail.head is None
        assert await followed(log, 0) == [1]


async def test_after_a_read_on_a_lost_connection_the_tail_is_not_believed(
    played: Postgres, hands: Hands
) -> None:
    log = log_of(played)
    await at_the_head(log)
    played.faults.append(Fault(LOST))
    await log.head()
    assert log._tail.head is None
