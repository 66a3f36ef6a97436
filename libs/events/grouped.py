"""Questions of many callers at once, asked together.

A question that comes while others are being answered waits for their answer and goes into the next
call with whatever else has come. So many callers take one connection, one statement a group, and
none of them waits with a clock running for a turn of its own (decision 46). Where nobody answers,
whoever waits is told with those who asked: the next group would wait as long again (decision 62).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from libs.events.errors import Unavailable

Q = TypeVar("Q")
A = TypeVar("A")
MOST = 64  # questions in one call


class Grouped(Generic[Q, A]):
    """`ask` takes questions and returns their answers in the same order; what it raises, each of
    those who asked gets.
    """

    def __init__(self, ask: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._ask = ask
        self._waiting: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A:
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._until_all_are_answered())
        return await answer

    async def _until_all_are_answered(self) -> None:
        group: list[tuple[Q, asyncio.Future[A]]] = []
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                await self._answer(group)
        finally:  # ended from outside: nobody waits for ever
            self._asking = None
            for _, answer in (*group, *self._waiting):
                answer.cancel()

    async def _answer(self, group: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        try:
            answers = await self._ask([question for question, _ in group])
        except Exception as error:
            failed = [*group, *self._waiting] if isinstance(error, Unavailable) else group
            for _, answer in failed:
                if not answer.done():
                    answer.set_exception(error)
            if failed is not group:
                self._waiting.clear()
            return
        for (_, answer), found in zip(group, answers, strict=True):
            if not answer.done():
                answer.set_result(found)
