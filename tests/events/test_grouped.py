"""Questions of many callers at once, asked together."""

import asyncio
from collections.abc import Sequence

import pytest

from libs.events.errors import Unavailable
from libs.events.grouped import MOST, Grouped

AWAY = -1


class Desk:
    """Answers groups of questions, each with its square, as slowly as it is told; keeps them."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def ask(self, questions: Sequence[int]) -> list[int]:
        self.groups.append(list(questions))
        await self.open.wait()
        if 0 in questions:
            raise ZeroDivisionError
        if AWAY in questions:
            raise Unavailable("database", "a read")
        return [each * each for each in questions]


async def waiting(grouped: Grouped[int, int], *questions: int) -> list[asyncio.Task[int]]:
    async def ask(each: int) -> int:
        return await grouped(each)

    tasks = [asyncio.create_task(ask(each)) for each in questions]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_meanwhile_is_asked_together_and_after_what_was_asked_before() -> None:
    desk = Desk()
    grouped = Grouped(desk.ask)
    desk.open.clear()
    first = await waiting(grouped, 1)
    others = await waiting(grouped, 2, 3, 2)
    desk.open.set()
    assert await asyncio.gather(*first, *others) == [1, 4, 9, 4]
    assert desk.groups == [[1], [2, 3, 2]]
    assert await grouped(5) == 25


async def test_a_group_is_bounded() -> None:
    desk = Desk()
    grouped = Grouped(desk.ask)
    answers = await asyncio.gather(*await waiting(grouped, *range(1, 2 * MOST + 2)))
    assert answers == [each * each for each in range(1, 2 * MOST + 2)]
    assert [len(each) for each in desk.groups] == [MOST, MOST, 1]


async def test_what_a_group_fails_of_is_its_own_matter() -> None:
    desk = Desk()
    grouped = Grouped(desk.ask)
    desk.open.clear()
    failing = await waiting(grouped, 1, 0)
    others = await waiting(grouped, 2)
    desk.open.set()
    failed = await asyncio.gather(*failing, return_exceptions=True)
    assert [type(each) for each in failed] == [ZeroDivisionError] * 2
    assert await others[0] == 4


async def test_where_nobody_answers_those_who_wait_are_told_too() -> None:
    """Each group had waited two seconds of its own, and a crowd for as many as there were."""
    desk = Desk()
    grouped = Grouped(desk.ask)
    desk.open.clear()
    asking = await waiting(grouped, AWAY)
    others = await waiting(grouped, *range(1, MOST + 9))
    desk.open.set()
    told = await asyncio.gather(*asking, *others, return_exceptions=True)
    assert {type(each) for each in told} == {Unavailable}
    assert desk.groups == [[AWAY]]
    assert await grouped(3) == 9


async def test_who_no_longer_waits_keeps_nobody_from_an_answer() -> None:
    desk = Desk()
    grouped = Grouped(desk.ask)
    desk.open.clear()
    gone, there = await waiting(grouped, 1, 2)
    gone.cancel()
    desk.open.set()
    assert await there == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
