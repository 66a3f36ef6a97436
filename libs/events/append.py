"""The log's append functions, called with as many units as wait."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from libs.events.codec import LIMIT
from libs.events.errors import Conflict, NotAppended, Repeated, TooLarge, Unavailable
from libs.events.pools import Connection
from libs.events.records import NewEvent, NewUnit

CALL_ALL = f"SELECT append_all({', '.join(f'${n}' for n in range(1, 16))})"
CALL = f"SELECT * FROM append({', '.join(f'${n}' for n in range(1, 19))})"


class Appended(NamedTuple):
    """Position of the unit's last event."""

    position: int


Answer = Appended | Exception


async def append_all(connection: Connection, units: Sequence[NewUnit], at: datetime) -> list[Answer]:
    """Where each unit stands. Raises asyncpg's IntegrityConstraintViolationError when not all can be taken; then none is.

    The short way of the units that nothing is wrong with, a third faster than `append`, which tells which are to blame. It fails the
    transaction it is called in.
    """
    head = await connection.fetchval(CALL_ALL, at, *_columns(units))
    return list(_positions(head, units))


async def append(connection: Connection, units: Sequence[NewUnit], at: datetime) -> list[Answer]:
    """One answer a unit, in order: where it stands, or why nothing of it does. At most one unit per stream and per command id."""
    refused: dict[int, Exception] = {}
    while taken := [unit for number, unit in enumerate(units) if number not in refused]:
        row = await connection.fetchrow(CALL, at, *_columns(taken), len(taken), *_units(taken))
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
    for stream, version, type, owner, data, _ in unit.events:
        if len(data) > LIMIT:
            raise TooLarge(f"{type} has {len(data)} bytes; an event may have {LIMIT}")
        if version != last.get(stream, -1) + 1:
            raise NotAppended(f"{type} does not follow the version that its stream is expected to have")
        if owners.setdefault(stream, owner) != owner:
            raise NotAppended(f"stream {stream} has two owners")
        last[stream] = version
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


def _columns(units: Sequence[NewUnit]) -> list[list[Any]]:
    """What is written: the events' columns and the version that the stream of each is expected to have before; the commands' columns."""
    events: list[NewEvent] = []
    before: list[int] = []
    commands: list[tuple[object, ...]] = []
    for expected, new, command in units:
        versions = dict(expected)
        before += [versions[event.stream] for event in new]
        events += new
        if command:
            commands.append((len(events), *command[:-1]))
    return [*_turned(events, 6), before, *_turned(commands, 7)]


def _units(units: Sequence[NewUnit]) -> list[list[int]]:
    """The unit of each event and of each command."""
    numbered = list(enumerate(units, 1))
    return [[number for number, unit in numbered for _ in unit.events], [number for number, unit in numbered if unit.command]]


def _turned(rows: Sequence[tuple[object, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
