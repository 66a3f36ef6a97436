"""The smallest service that hears another: of each thing it keeps what was done to it, in the
order in which it was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.application import UnitOfWork
from libs.events.commands import changes
from libs.events.policy import Policy
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt
from libs.events.value import Act
from libs.published.event import PublishedEvent


class Done(PublishedEvent):
    """What `stage.unit` puts into a log."""

    TOPIC: ClassVar[str] = "test.Thing.Done"
    n: int


class Echo(Aggregate):
    class Begun(Aggregate.Created):
        thing: UUID
        whose: UUID

    @staticmethod
    def create_id(thing: UUID) -> UUID:
        return thing

    @classmethod
    def begin_for(cls, act: Act, thing: UUID, whose: UUID) -> Echo:
        return cls.begin(thing, cls.Begun(act=act, thing=thing, whose=whose))

    @evolves(Begun)
    def _begun(self, e: Begun) -> None:
        self.whose = e.whose

    @property
    def owner(self) -> UUID:
        return self.whose

    class Heard(Aggregate.Event):
        position: int  # of the fact in its log
        n: int

    def hear(self, act: Act, position: int, n: int) -> None:
        """Every time again: whoever hears a fact twice shows it."""
        self.record(self.Heard(act=act, position=position, n=n))

    @evolves(Heard)
    def _heard(self, e: Heard) -> None: ...

    class Noted(Aggregate.Event):
        pass

    def note(self, act: Act) -> None:
        self.record(self.Noted(act=act))

    @evolves(Noted)
    def _noted(self, e: Noted) -> None: ...


# a command of its own, to the stream that the reader writes to
note = changes(Echo, Echo.note, action=None)

answers = Policy("echo.answers")


@dataclass(frozen=True)
class HeardRow:
    position: BigInt
    thing: UUID
    n: int


heard = ReadModel("heard", HeardRow, key=("position",))


@answers.on(Done)
async def hear(work: UnitOfWork, fact: Done, at: StoredEvent) -> None:
    echo = await work.find(Echo, at.stream) or work.add(
        Echo.begin_for(work.act, at.stream, at.owner)
    )
    echo.hear(work.act, at.position, fact.n)


@heard.on(Done)
def _heard(fact: Done, at: StoredEvent) -> Iterator[Change]:
    yield heard.put(HeardRow(at.position, at.stream, fact.n))


hearing = Projection("echo.heard", [heard])


def reader(source: str) -> Reader:
    return Reader("echo.answers", source, projection=hearing, policy=answers)
