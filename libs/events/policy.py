"""Policies: events of our own because of a published one, of another service or our own.

A policy loads and decides like a command, through a UnitOfWork, but never saves: its reader
appends what it decided in the transaction that moves the reader's position past the fact
(decision 2). The position is the key by which a repeat is recognised.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from libs.events.application import UnitOfWork
from libs.events.records import StoredEvent

Reaction = Callable[[UnitOfWork, Any, StoredEvent], Awaitable[None]]
R = TypeVar("R", bound=Reaction)


class Policy:
    def __init__(self, name: str) -> None:
        self.name = name
        self.kinds: dict[str, type] = {}
        self._reactions: dict[str, Reaction] = {}

    def on(self, *kinds: type[Any]) -> Callable[[R], R]:
        """One function may react to several kinds of facts, and in several policies. Raises
        TypeError for two functions of one policy for the same type.
        """

        def register(reaction: R) -> R:
            for kind in kinds:
                topic: str = kind.TOPIC
                if topic in self._reactions:
                    raise TypeError(f"{self.name} has two functions for {topic}")
                self.kinds[topic], self._reactions[topic] = kind, reaction
            return reaction

        return register

    async def react(self, work: UnitOfWork, event: Any, at: StoredEvent) -> None:
        if reaction := self._reactions.get(at.type):
            await reaction(work, event, at)
