"""A service at work: one process that answers HTTP, follows logs and topics, or both, as its
settings say.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import ParamSpec

import structlog

from libs.chassis.process.settings import ServiceSettings
from libs.chassis.replicas.clock import FollowedClock
from libs.chassis.scans.sweeping import Sweeper, SweepingTimes
from libs.chassis.service.resources import Resources
from libs.chassis.service.service import Service
from libs.events.bell import Bell
from libs.events.building import NextVersion, build
from libs.events.envelope import topic_of
from libs.events.eventually import eventually
from libs.events.following import Gap, follow_log, follow_topic
from libs.events.inbox import Receiver
from libs.events.parking import parked_owners
from libs.events.pools import Pool, borrowed
from libs.events.reader import Applier, Reader
from libs.events.relay import Relay, whole_log
from libs.events.worker import Loop, Worker

TOLD = 0.05  # seconds after which processes that answer requests know how far a worker is
P = ParamSpec("P")
log = structlog.get_logger()


class Runtime(Resources):
    """Everything a service is handed, in one place; nothing else in the process is global."""

    def __init__(self, service: Service, settings: ServiceSettings, pool: Pool, keys: Pool) -> None:
        super().__init__(service.name, service.references, settings, pool, keys)
        self.service = service
        self._clock_set = Bell()  # rings when the reader of the development clock has written
        self.appliers = {each.name: self._applier(each) for each in service.readers}
        self.gaps = {each.name: Gap() for each in service.readers}
        own = whole_log(service.name, settings.http.url, self.signer)
        self.relays = [
            Relay(self.log, self.bus, pool, own, self.verifier(service.name)),
            *(Relay(self.log, self.bus, pool, route) for route in service.routes),
        ]
        self.receivers = [
            Receiver(each(), self.application, pool, self.clock) for each in service.inboxes
        ]
        self.effects = {each.name: each for each in service.effects(self)}
        self.worker = Worker(settings.db.dsn.get_secret_value(), self._loops())

    def _applier(self, reader: Reader) -> Applier:
        lazy = TOLD if self.settings.role == "worker" else None
        return Applier(
            reader, self.application, self.pool, self.clock, self._written(reader), lazy=lazy
        )

    def _written(self, reader: Reader) -> Bell:
        is_clock = reader.projection and "clock" in reader.projection.tables
        return self._clock_set if is_clock else Bell()

    def _loops(self) -> dict[str, Loop]:
        loops: dict[str, Loop] = {
            f"relay {each.topic}": _bound(each.run, self.log.bell) for each in self.relays
        }
        loops |= {name: _bound(self._follow, each) for name, each in self.appliers.items()}
        loops |= {each.reader.name: _bound(build, each, self._follow) for each in self._next()}
        loops |= {each.name: _bound(each.follow, self.bus) for each in self.receivers}
        if storage := self.appliers.get(f"{self.service.name}.storage"):
            loops["sweep"] = _bound(self._sweeper(storage).follow)
        if self.service.drafts:
            loops["drafts"] = _bound(self.drafts.follow)
        for effects in self.effects.values():
            loops[effects.name] = _bound(
                effects.follow, self.application, self.pool, self.log, self.log.bell
            )
        return loops

    def _sweeper(self, storage: Applier) -> Sweeper:
        uploads = self.settings.uploads
        times = SweepingTimes(
            timedelta(hours=uploads.forgotten_hours), timedelta(days=uploads.orphan_days)
        )
        return Sweeper(self, times, lambda: self._shows_all(storage))

    async def _shows_all(self, applier: Applier) -> bool:
        """Whether its lists show all that the log holds now, and that is something."""
        head = await self.log.head()

        async def reached() -> int:
            return applier.position

        if not head or await eventually(reached, until=lambda it: it >= head) < head:
            return False
        return not await parked_owners(self.pool, applier.reader.name)

    def _next(self) -> list[NextVersion]:
        """Read models that were changed since their first version, as they may have to be built."""
        return [
            NextVersion(each, self.application, self.pool, self.clock, Bell())
            for each in self.service.readers
            if each.projection and each.projection.version > 1
        ]

    async def _follow(self, applier: Applier) -> None:
        """Its source: the service's own log, or another's topic."""
        name = applier.reader.name
        if applier.reader.source == self.service.name:
            await follow_log(applier, self.log, self.log.bell)
        else:
            source = self.verifier(applier.reader.source)
            await follow_topic(applier, self.bus, self.gaps.setdefault(name, Gap()), source)

    @property
    def topics(self) -> set[str]:
        """Of its neighbours, that it follows."""
        own = self.service.name
        sources = {each.source for each in self.service.readers if each.source != own}
        return set(map(topic_of, sources))

    async def positions(self) -> Mapping[str, int]:
        """How far the read models have followed each log: as this process knows it if it leads,
        else from their rows, which may be a little behind.
        """
        if self.worker.leads:
            return self._reached()
        async with borrowed(self.pool) as connection:
            rows = await connection.fetch("SELECT name, position FROM readers")
        stored = {row["name"]: row["position"] for row in rows}
        # by the names of this code: a reader that was begun nowhere yet is at 0, and rows of those
        # that another version had hold nobody up
        return _least((source, stored.get(name, 0)) for name, source in self._sources())

    def _sources(self) -> list[tuple[str, str]]:
        readers = [(each.name, each.source) for each in self.service.readers]
        return readers + [(each.name, each.topic) for each in self.receivers]

    def _reached(self) -> Mapping[str, int]:
        found = [(each.reader.source, each.position) for each in self.appliers.values()]
        return _least(found + [(each.topic, each.next_offset) for each in self.receivers])

    async def see_clock(self, clock: FollowedClock) -> None:
        """The development clock once, as its read model has it."""
        seconds = await self.pool.fetchval("SELECT offset_seconds FROM clock") or 0
        clock.offset = timedelta(seconds=seconds)

    async def follow_clock(self, clock: FollowedClock) -> None:
        """The development clock, from its read model: all processes show the same time. Until
        cancelled.
        """
        watch = self._clock_set.watch()
        while True:
            try:
                await self.see_clock(clock)
            except Exception as error:
                log.warning("the clock cannot be followed", exc_info=error)
            await watch.wait(0.5)


def _least(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The lowest position of each source."""
    least: dict[str, int] = {}
    for source, position in found:
        least[source] = min(position, least.get(source, position))
    return least


def _bound(function: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> Loop:
    return lambda: function(*args, **kwargs)
