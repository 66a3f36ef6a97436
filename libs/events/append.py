"""The log's one append function, called with as many units as wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.codec import LIMIT
from libs.events.errors import Conflict, NotAppended, Repeated, TooLarge, Unavailable
from libs.events.pools import Connection
from libs.events.records import NewUnit

CALL = f"SELECT * FROM append({', '.join(f'${n}' for n in range(1, 19))})"


@dataclass(frozen=True)
class Appended:
    """Position of the unit's last event."""

    position: int


Answer = Appended | Exception


async def append(connection: Connection, units: Sequence[NewUnit], at: datetime) -> list[Answer]:
    """One answer a unit, in order: where it stands, or why nothing of it does. At most one unit per stream and per command id."""
    refused: dict[int, Exception] = {}
    while taken := [unit for number, unit in enumerate(units) if number not in refused]:
        row = await connection.fetchrow(CALL, len(taken), at, *_columns(taken))
        assert row
        if not row["left_out"]:
            positions = _positions(row["head"], taken)
            return [refused[number] if number in refused else next(positions) for number in range(len(units))]
        numbers = [number for number in range(len(units)) if number not in refused]
        for place, reason, detail in zip(row["left_out"], row["reasons"], row["details"], strict=True):
            refused.setdefault(numbers[place - 1], _refusal(reason, detail))
    return [refused[number] for number in range(len(units))]


def _positions(head: int, units: Sequence[NewUnit]) -> Iterator[Appended]:
    for unit in units:
        head += len(unit.events)
        yield Appended(head)


def check(unit: NewUnit) -> None:
    """Raises NotAppended for what no log takes: too large an event, versions that do not follow what is expected, two owners."""
    last, owners = dict(unit.expected), dict[UUID, UUID]()
    for event in unit.events:
        if len(event.data) > LIMIT:
            raise TooLarge(f"{event.type} has {len(event.data)} bytes; an event may have {LIMIT}")
        if event.version != last.get(event.stream, -1) + 1:
            raise NotAppended(f"{event.type} does not follow the version that its stream is expected to have")
        if owners.setdefault(event.stream, event.owner) != event.owner:
            raise NotAppended(f"stream {event.stream} has two owners")
        last[event.stream] = event.version
    if len(owners) != len(unit.expected):
        raise NotAppended("a unit expects versions of the streams it writes to, once each, and of no other")


async def standing(connection: Connection, unit: NewUnit) -> Appended | None:
    """Where this very unit stands, if it does: after a lost answer. Event ids are in the meta, so equal bytes are the same event."""
    last = unit.events[-1]
    row = await connection.fetchrow("SELECT position, meta FROM events WHERE stream_id = $1 AND version = $2", last.stream, last.version)
    return Appended(row["position"]) if row and row["meta"] == last.meta else None


def _refusal(outcome: str, stream: UUID) -> Exception:
    if outcome == "repeat":
        return Repeated()
    if outcome == "conflict":
        return Conflict(stream)
    if outcome == "closed":
        return Unavailable("the log is behind its topic: run ./kaohe recover")
    return NotAppended(f"stream {stream} belongs to another owner")


def _columns(units: Sequence[NewUnit]) -> list[list[object]]:
    events: list[tuple[object, ...]] = []
    commands: list[tuple[object, ...]] = []
    for number, unit in enumerate(units, 1):
        before = dict(unit.expected)
        events += [(number, e.stream, before[e.stream], e.version, e.type, e.owner, e.data, e.meta) for e in unit.events]
        if c := unit.command:
            commands.append((number, len(events), c.id, c.fingerprint, c.status, c.location, c.stream, c.version))
    return [*_turned(events, 8), *_turned(commands, 8)]


def _turned(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
