"""A log in memory: the promises of `Log`, kept until the process ends."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from libs.events.append import Appended, check
from libs.events.bell import Bell
from libs.events.clock import Clock
from libs.events.errors import Conflict, NotAppended, Repeated, Unavailable
from libs.events.figures import LogFigures
from libs.events.records import CommandRow, NewEvent, NewUnit, StoredEvent
from libs.events.scoped import is_shown
from libs.events.store import Log


class MemoryLog(Log):
    """Appends at once, without an appender. `records` are all events, in order of position."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.records: list[StoredEvent] = []
        self._streams: dict[UUID, list[StoredEvent]] = {}
        self._commands: dict[UUID, CommandRow] = {}
        self._closed: set[str] = set()
        self.bell, self.appended = Bell(), Bell()
        self.figures = LogFigures()

    async def append(self, unit: NewUnit) -> Appended:
        check(unit)
        self._admit(unit)
        now = self._clock.now()
        for event in unit.events:
            self._add(event, now)
        head = len(self.records)
        if unit.command:
            self._commands[unit.command.id] = unit.command._replace(position=head)
        self.ring()
        return Appended(head)

    def restore(self, records: Sequence[StoredEvent]) -> None:
        """Holds these from now on, as a log does that was restored: of their commands nothing is
        known.
        """
        for record in records:
            self.records.append(record)
            self._streams.setdefault(record.stream, []).append(record)

    def _admit(self, unit: NewUnit) -> None:
        """Raises what keeps the unit out, in the order in which PostgreSQL looks for it."""
        if self._closed:
            raise Unavailable("log", "its topic, which is ahead of it: run ./kaohe recover")
        if unit.command and unit.command.id in self._commands:
            raise Repeated
        owners = {event.stream: event.owner for event in unit.events}
        for stream, before in unit.expected:
            known = self._streams.get(stream, [])
            if len(known) != before:
                raise Conflict(stream)
            if known and known[-1].owner != owners[stream]:
                raise NotAppended(f"stream {stream} belongs to another owner")

    def _add(self, event: NewEvent, now: datetime) -> None:
        recorded = StoredEvent(len(self.records) + 1, *event, recorded_at=now)
        self.records.append(recorded)
        self._streams.setdefault(event.stream, []).append(recorded)

    async def stream(self, id: UUID, upto: int | None = None, after: int = 0) -> list[StoredEvent]:
        found = self._streams.get(id, [])[after:upto]
        return found if found and is_shown(found[0].owner) else []

    async def read(self, after: int, limit: int) -> list[StoredEvent]:
        return self.records[after : after + limit]

    async def follow(self, after: int, limit: int) -> list[StoredEvent]:
        return await self.read(after, limit)

    async def head(self) -> int:
        return len(self.records)

    async def command(self, id: UUID) -> CommandRow | None:
        return self._commands.get(id)

    def heard(self) -> None:
        self.bell.ring()

    def doubt(self) -> None:
        """Nothing is ever lost."""

    async def close(self, topic: str) -> None:
        self._closed.add(topic)

    async def reopen(self, topic: str) -> None:
        self._closed.discard(topic)

    async def is_open(self) -> bool:
        return not self._closed

    async def run(self) -> None:
        """Nothing waits: `append` has appended when it returns."""
