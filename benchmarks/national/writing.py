"""How it comes into the logs: by the services' own units of work, codec and append, and by their
own policies. What a topic would carry is handed from one service to the next in this process.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.append import Appended, recorded
from libs.events.application import Application, Command, UnitOfWork
from libs.events.keyring import KeyRing
from libs.events.policy import Policy
from libs.events.reader import SYSTEM, read_fact
from libs.events.records import NewUnit, StoredEvent
from libs.events.store import Log
from libs.events.value import Act
from tests.seeded import SeededIds

A = TypeVar("A", bound=Aggregate)
REFERENCES = {"codelists": "2024.1"}


class HeardLog:
    """A log, and what was appended to it last, as its topic would tell it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.last: Sequence[StoredEvent] = ()
        self.instant = datetime.now(UTC)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def append(self, unit: NewUnit) -> Appended:
        appended = await self._log.append(unit)
        self.last = [*recorded([unit], [appended], self.instant)]
        return appended


class Desk:
    """One service for one enterprise, which does one thing after the other. Streams at hand are not
    read again: the append proves them (decision 40).
    """

    def __init__(self, log: Log, keyring: KeyRing, ids: SeededIds) -> None:
        self._log, self.ids = HeardLog(log), ids
        self.application = Application(cast(Log, self._log), keyring, ids, REFERENCES)
        self._at_hand: dict[UUID, tuple[int, Aggregate]] = {}

    def work(self, act: Act) -> UnitOfWork:
        self._log.instant = act.at
        self._at_hand = {id: (each.version, each) for id, (_, each) in self._at_hand.items()}
        command = Command(act, self.ids.new(), b"national".ljust(32))
        return UnitOfWork(self.application, command, self._at_hand)

    async def save(self, work: UnitOfWork, about: Aggregate) -> Sequence[StoredEvent]:
        """The events as they stand in the log now."""
        self._log.last = ()
        await self.application.save(work, about)
        return self._log.last

    async def react(self, policy: Policy, at: StoredEvent) -> Sequence[StoredEvent]:
        """What the service's own policy does because of a neighbour's event."""
        event = await read_fact(policy.kinds[at.type], at, self.application.codec)
        work = self.work(Act(by=SYSTEM, at=at.recorded_at))
        await policy.react(work, event, at)
        return await self.save(work, work.changed[-1])

    def known(self, kind: type[A], id: UUID) -> A:
        """A stream at hand. Raises KeyError."""
        found = self._at_hand[id][1]
        assert isinstance(found, kind)
        return found

    def forget(self) -> None:
        """Nothing is at hand any more."""
        self._at_hand = {}
