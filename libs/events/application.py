"""Repository and unit of work: aggregates are loaded from the log, and what a command changed is
appended as one unit.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.clock import Ids
from libs.events.codec import canonical, decode, encoded, holds_personal_data
from libs.events.errors import (
    Conflict,
    KeyReused,
    NotFound,
    VersionMismatch,
)
from libs.events.kept import Caches, ExpiringCache
from libs.events.keyring import HELD, KeyRing
from libs.events.personal import keys_of
from libs.events.pools import Pool
from libs.events.records import CommandRow, NewEvent, NewUnit, StoredEvent
from libs.events.replayed import Replayed, copied
from libs.events.spans import SpanKind, span
from libs.events.store import Log
from libs.events.value import Act

A = TypeVar("A", bound=Aggregate)
SAID = 200  # events that were just appended


@dataclass(frozen=True)
class Command:
    """One HTTP command: who asks and when, the key by which a repeat is recognised, the version it
    was made from.
    """

    act: Act
    id: UUID | None = None  # of who asks, for whom, and their Idempotency-Key
    fingerprint: bytes = b""  # HMAC(method, path, body)
    # If-Match: the versions of which one must stand; None: whichever stands
    expected: frozenset[int] | None = None
    trace: str = ""  # traceparent


@dataclass(frozen=True)
class Saved:
    """An appended unit of work: the position of its last event; 0 if it changed nothing."""

    position: int = 0
    # False: a text was stored composed (NFC), so a replay gives another than was decided on
    as_given: bool = True


@dataclass(frozen=True)
class Cause:
    """What the meta of new events says about where they come from."""

    correlation: UUID
    causation: UUID | None = None
    command: UUID | None = None
    trace: str = ""


class Codec:
    """Streams to aggregates and back, with the keys that personal data needs."""

    def __init__(self, keyring: KeyRing, ids: Ids, references: Mapping[str, str]) -> None:
        self.keyring, self._ids, self._references = keyring, ids, dict(references)
        self.said_events: ExpiringCache[tuple[UUID, int], tuple[bytes, Aggregate.Event]] = (
            ExpiringCache(SAID)
        )

    async def decode(self, records: Sequence[StoredEvent]) -> list[Aggregate.Event]:
        """Events from their bytes. Those that this process has just appended are at hand."""
        known = [self._just_said(r) for r in records]
        unknown = [r for r, event in zip(records, known, strict=True) if event is None]
        opener = await self.keyring.opener({key for r in unknown for key in keys_of(r.data)})
        return [
            event or decode(r.type, r.stream, r.version, r.data, opener)
            for r, event in zip(records, known, strict=True)
        ]

    def said(self, event: Aggregate.Event, data: bytes) -> None:
        """It was appended with these bytes, and reading them gives this very event."""
        place = (event.originator_id, event.originator_version)
        self.said_events.put(place, (data, event), time.monotonic() + HELD)

    def _just_said(self, at: StoredEvent) -> Aggregate.Event | None:
        data, event = self.said_events.get((at.stream, at.version)) or (None, None)
        return event if data == at.data else None

    async def replay(self, records: list[StoredEvent]) -> Any:
        aggregate: Any = None
        for event in await self.decode(records):
            aggregate = event.mutate(aggregate)
        return aggregate

    async def encode(
        self, owned: list[tuple[UUID, Aggregate.Event]], cause: Cause
    ) -> tuple[NewEvent, ...]:
        """Bytes of (owner, event) pairs."""
        return (await self.encoded(owned, cause))[0]

    async def encoded(
        self, owned: list[tuple[UUID, Aggregate.Event]], cause: Cause
    ) -> tuple[tuple[NewEvent, ...], bool]:
        """As `encode`, and whether the bytes say every text as it is."""
        sealers = await self.keyring.sealers(
            {e.originator_id for _, e in owned if holds_personal_data(type(e))}
        )
        said = [encoded(e, sealers.get(e.originator_id)) for _, e in owned]
        events = tuple(
            NewEvent(
                e.originator_id, e.originator_version, e.TOPIC, owner, data, self._meta(e, cause)
            )
            for (owner, e), (data, _) in zip(owned, said, strict=True)
        )
        return events, all(as_given for _, as_given in said)

    def _meta(self, event: Aggregate.Event, cause: Cause) -> bytes:
        return canonical(
            {
                "id": self._ids.new(),
                "correlation": cause.correlation,
                "causation": cause.causation,
                "command": cause.command,
                "trace": cause.trace,
                "schema": event.SCHEMA,
                "references": self._references,
            }
        )


class UnitOfWork:
    """What one command loads and changes."""

    def __init__(
        self,
        application: "Application",
        command: Command,
        streams: dict[UUID, tuple[int, Aggregate]] | None = None,
        *,
        from_memory: bool = False,
    ) -> None:
        """`from_memory`: the item that the command is about may be taken as this process knows it,
        where that is the version it was made from; the append proves it (decision 40).
        """
        self._application, self.command = application, command
        self._may_remember, self.is_from_memory = from_memory, False
        # version before, aggregate; shared by the facts of a reader's batch
        self._streams = {} if streams is None else streams
        # looked for and not there: the whole unit decides on what it saw first
        self._absent: set[UUID] = set()
        self.status, self.location = 200, ""

    @property
    def act(self) -> Act:
        return self.command.act

    async def find(self, kind: type[A], id: UUID) -> A | None:
        """The aggregate as it stands now; the same object each time within a unit."""
        if id in self._streams:
            aggregate: Any = self._streams[id][1]
            return aggregate if isinstance(aggregate, kind) else None
        if id in self._absent:
            return None
        found = await self._application.find(kind, id)
        if found is None:
            self._absent.add(id)
        else:
            self._streams[id] = (found.version, found)
        return found

    async def load(self, kind: type[A], id: UUID) -> A:
        """As `find`. Raises NotFound."""
        if (found := await self.find(kind, id)) is None:
            raise NotFound
        return found

    async def target(self, kind: type[A], id: UUID) -> A:
        """The item that the command is about. Raises NotFound; VersionMismatch if the request says
        from which version it was made and another one stands.
        """
        if self._may_remember and id not in self._streams:
            known = self._application.remembered(kind, id)
            if known is not None and self.command.expected == frozenset({known.version}):
                self._streams[id] = (known.version, known)
                self.is_from_memory = True
        return self.made_from(await self.load(kind, id))

    def made_from(self, aggregate: A) -> A:
        """The same of an item that is loaded already. Raises VersionMismatch."""
        expected = self.command.expected
        if expected is not None and aggregate.version not in expected:
            raise VersionMismatch(aggregate.version)
        return aggregate

    def add(self, aggregate: A) -> A:
        """A stream that this unit begins."""
        self._absent.discard(aggregate.id)
        self._streams[aggregate.id] = (0, aggregate)
        return aggregate

    def created(self, location: str) -> None:
        """The command answers 201 with this Location (below /api/v1)."""
        self.status, self.location = 201, location

    def accepted(self, location: str) -> None:
        """The command answers 202: somebody else decides; the location tells where to look."""
        self.status, self.location = 202, location

    @property
    def application(self) -> "Application":
        return self._application

    @property
    def ids(self) -> Ids:
        return self._application.ids

    @property
    def pool(self) -> Pool:
        """Read models, for facts of other services."""
        return self._application.pool

    @property
    def keyring(self) -> KeyRing:
        return self._application.keyring

    async def recorded(self, stream: UUID, version: int) -> StoredEvent | None:
        """An event of a stream as it stands in the log."""
        return await self._application.log.at(stream, version)

    @property
    def changed(self) -> list[Aggregate]:
        """The aggregates with new events."""
        return [each for _, each in self._streams.values() if each.pending_events]

    def expected(self) -> tuple[tuple[UUID, int], ...]:
        """The streams with new events, and the version of each before them."""
        return tuple(
            (id, before) for id, (before, each) in self._streams.items() if each.pending_events
        )

    def answered(self, about: Aggregate) -> CommandRow | None:
        """What a repeat of the command will be answered from; None if it has no id."""
        if self.command.id is None:
            return None
        return CommandRow(
            self.command.id,
            self.command.fingerprint,
            self.status,
            self.location,
            about.id,
            about.version,
        )

    def collect(self, about: Aggregate | None = None) -> list[tuple[UUID, Aggregate.Event]]:
        """The new events with their owners, those of the aggregate that the command is about
        last.
        """
        streams = sorted(
            (each for _, each in self._streams.values()), key=lambda each: each is about
        )
        return [
            (each.owner, event)
            for each in streams
            if each.pending_events
            for event in each.collect_events()
        ]


class Application:
    """Repository of a service's aggregates: loads them from the log, current or as they stood at a
    version, and appends what a unit of work changed.
    """

    def __init__(
        self,
        log: Log,
        keyring: KeyRing,
        ids: Ids,
        references: Mapping[str, str] | None = None,
        pool: Pool | None = None,
    ) -> None:
        """`references`: versions of the reference data that new events are made under, kept in
        their meta. `pool`: read models, for facts of other services that a command looks up; what
        decides between two of one's own acts is a claim, never a look-up.
        """
        self.keyring, self._pool = keyring, pool
        self.log, self.ids, self.codec = log, ids, Codec(keyring, ids, references or {})
        self._replayed = Replayed()

    @property
    def caches(self) -> Caches:
        return {"aggregates": self._replayed.cache, "said_events": self.codec.said_events}

    @property
    def pool(self) -> Pool:
        assert self._pool, "this application was made without read models"
        return self._pool

    async def find(self, kind: type[A], id: UUID, version: int | None = None) -> A | None:
        """The item as the caller's own, which may be changed; None if there is none of this kind,
        or none at this version.
        """
        found: Any = await self._replay(id, version)
        if found is not None and version is not None and found.version > version:
            found = await self.codec.replay(await self.log.stream(id, version))
        else:
            found = copied(found)
        if found is None or found.TOPIC != kind.TOPIC or version not in (None, found.version):
            return None
        return found  # type: ignore[no-any-return]

    def remembered(self, kind: type[A], id: UUID) -> A | None:
        """The item as this process saw it last, as the caller's own; another may have changed it
        since. None if it saw none of this kind.
        """
        known: Any = self._replayed.get(id)
        return None if known is None or known.TOPIC != kind.TOPIC else copied(known)

    async def _replay(self, id: UUID, version: int | None) -> Aggregate | None:
        """At this version at least, if the stream has it; without one as the stream stands."""
        known = self._replayed.get(id)
        if known is not None and version is not None and known.version >= version:
            return known
        records = await self.log.stream(id, after=known.version if known else 0)
        return self._replayed.advance(id, known, await self.codec.decode(records))

    async def read(self, kind: type[A], id: UUID, version: int | None = None) -> A:
        """The item from its stream, as it stands or stood at a version. Raises NotFound."""
        if (found := await self.find(kind, id, version)) is None:
            raise NotFound
        return found

    async def replay(self, kind: type[A], records: Sequence[StoredEvent]) -> A:
        """The item as some of its stream's events make it, in order; its version is that of the
        last one. Raises NotFound where there are none.
        """
        item: Any = None
        for event in await self.codec.decode(records):
            if item is not None:
                item.version = event.originator_version - 1  # what was left out changed nothing
            item = event.mutate(item)
        if item is None or item.TOPIC != kind.TOPIC:
            raise NotFound
        return item  # type: ignore[no-any-return]

    async def standing(self, id: UUID, version: int) -> Aggregate:
        """An item of whatever kind, as it stood at a version. Raises NotFound."""
        records = await self.log.stream(id, version)
        if not records or records[-1].version != version:
            raise NotFound
        aggregate: Aggregate = await self.codec.replay(records)
        return aggregate

    async def history(self, id: UUID) -> list[StoredEvent]:
        """The stream's events. Raises NotFound."""
        if not (records := await self.log.stream(id)):
            raise NotFound
        return records

    async def repeated(self, command: Command) -> CommandRow | None:
        """The stored answer of this command if it was carried out before. Raises KeyReused if the
        key came with another request.
        """
        if command.id is None or (row := await self.log.command(command.id)) is None:
            return None
        if row.fingerprint != command.fingerprint:
            raise KeyReused
        return row

    async def save(self, work: UnitOfWork, about: Aggregate) -> Saved:
        """Appends what the unit of work changed, in one transaction. One that changed nothing
        writes nothing, not even its command's id. Raises Conflict, Repeated, NotAppended,
        Unavailable.
        """
        expected, changed = work.expected(), work.changed
        if not expected:
            return Saved()
        command = work.command
        cause = Cause(correlation=self.ids.new(), command=command.id, trace=command.trace)
        decided = work.collect(about)
        events, as_given = await self.codec.encoded(decided, cause)
        told = {"db.system.name": "postgresql", "kaohe.events": len(events)}
        try:
            with span("log append", SpanKind.CLIENT, command.trace, told):
                appended = await self.log.append(NewUnit(expected, events, work.answered(about)))
        except Conflict as conflict:
            self._replayed.drop(conflict.stream)
            raise
        if as_given:
            for aggregate, (_, before) in zip(changed, expected, strict=True):
                self._replayed.saved(aggregate, before)
            for (_, event), new in zip(decided, events, strict=True):
                self.codec.said(event, new.data)
        return Saved(appended.position, as_given)
