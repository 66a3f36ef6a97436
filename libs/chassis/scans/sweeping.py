"""What nobody completed, and objects of which no event speaks, go after a set time: some at a
time, each with an event before its bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog

from libs.chassis.scans.objects import TICKET, LyingObject, Objects
from libs.chassis.scans.scan import Scan
from libs.chassis.scans.stored import begun_before, begun_of, named_of
from libs.events.aggregate import Aggregate, evolves
from libs.events.application import Application, Command, UnitOfWork
from libs.events.clock import Clock
from libs.events.commands import use_case
from libs.events.pools import Pool, connection_errors
from libs.events.value import Act, Actor

STEP = 200  # objects or uploads that one look takes
FEW = 20  # unknown objects that are a crash's rest, and no log that lost its tail
EVERY = 60.0  # seconds between two sweeps
SYSTEM = Actor(user="sweep", role="SYSTEM")
log = structlog.get_logger()


class Orphan(Aggregate):
    """An object in the service's bucket of which no event speaks."""

    class OrphanSwept(Aggregate.Created):
        object: str
        object_version: str
        size_bytes: int
        stored_at: datetime

    @staticmethod
    def create_id(object: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/objects/{object}")

    @classmethod
    def sweep(cls, act: Act, found: LyingObject) -> Orphan:
        return cls.begin(
            cls.create_id(found.name),
            cls.OrphanSwept(
                act=act,
                object=found.name,
                object_version=found.version,
                size_bytes=found.size_bytes,
                stored_at=found.stored_at,
            ),
        )

    @evolves(OrphanSwept)
    def _swept(self, e: OrphanSwept) -> None:
        self.object = e.object

    @property
    def owner(self) -> UUID:
        """Nobody else's: nothing says whose it was."""
        return self.id


class Storage(Protocol):
    """What sweeping works with, of the resources of a service."""

    @property
    def application(self) -> Application: ...

    @property
    def pool(self) -> Pool: ...

    @property
    def objects(self) -> Objects: ...

    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True)
class SweepingTimes:
    """`forgotten`: after it was asked for, an upload is given up; `orphaned`: after it was put, an
    object that no event names goes. Of objects the store's own time counts.
    """

    forgotten: timedelta
    orphaned: timedelta
    spent: timedelta = 4 * TICKET  # in quarantine, what holds a used ticket's place


class Sweeper:
    """`caught_up`: waits until the lists of libs/chassis/scans/stored.py show all that the log
    holds now; False: they do not, or something that they should show is parked.
    """

    def __init__(
        self, the: Storage, times: SweepingTimes, caught_up: Callable[[], Awaitable[bool]]
    ) -> None:
        self._the, self._times, self._caught_up = the, times, caught_up
        self._seen = {True: "", False: ""}  # in quarantine, in the bucket: how far it was looked

    async def follow(self) -> None:
        """Sweeps, until cancelled. Raises Unavailable."""
        while True:
            await self.sweep()
            await asyncio.sleep(EVERY)

    async def sweep(self) -> None:
        """One look at each: at most STEP of what was forgotten, of what lies in quarantine, and of
        what lies in the bucket. Raises Unavailable.
        """
        if not await self._caught_up():
            return
        with connection_errors("a sweep"):
            await self._forgotten()
            await self._spent()
            await self._orphaned()

    async def _forgotten(self) -> None:
        until = self._the.clock.now() - self._times.forgotten
        for scan in await begun_before(self._the.pool, until, STEP):
            await give_up(self._the.application, self._command(), scan)
            await self._the.objects.discard(str(scan))

    async def _spent(self) -> None:
        """Places of tickets that are over; what is uploaded still waits to be completed."""
        lying = await self._next(self._times.spent, quarantine=True)
        waiting = await begun_of(self._the.pool, [each.name for each in lying])
        for each in lying:
            if each.name not in waiting:
                await self._the.objects.discard(each.name)

    async def _orphaned(self) -> None:
        lying = await self._next(self._times.orphaned, quarantine=False)
        named = await named_of(self._the.pool, [each.name for each in lying])
        orphans = [each for each in lying if each.name not in named]
        if len(orphans) > max(FEW, len(lying) // 2):
            log.error("alarm", what="objects that no event names", found=len(orphans))
            return
        for each in orphans:
            await sweep_orphan(self._the.application, self._command(), each)
            await self._the.objects.remove(each.name, each.version)

    async def _next(self, age: timedelta, *, quarantine: bool) -> Sequence[LyingObject]:
        """The next that lie there for so long; after the last ones the first."""
        found = await self._the.objects.lying(self._seen[quarantine], STEP, quarantine=quarantine)
        self._seen[quarantine] = found[-1].name if len(found) == STEP else ""
        until = datetime.now(UTC) - age
        return [each for each in found if each.stored_at <= until]

    def _command(self) -> Command:
        return Command(Act(by=SYSTEM, at=self._the.clock.now()))


@use_case()
async def give_up(work: UnitOfWork, scan: UUID) -> Scan:
    """Nobody completed it, and nobody can from now on."""
    found = await work.load(Scan, scan)
    found.lapse(work.act)
    return found


@use_case()
async def sweep_orphan(work: UnitOfWork, found: LyingObject) -> Orphan:
    """Once, though its bytes may have stayed after an earlier sweep."""
    known = await work.find(Orphan, Orphan.create_id(found.name))
    return known or work.add(Orphan.sweep(work.act, found))
