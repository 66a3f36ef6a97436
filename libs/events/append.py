"""The log's one append function, called with as many units as wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.codec import LIMIT
from libs.events.errors import Conflict, NotAppended, Repeated
from libs.events.pools import Connection
from libs.events.records import NewUnit

CALL = f"SELECT outcome, detail, head FROM append({', '.join(f'${n}' for n in range(1, 20))})"


@dataclass(frozen=True)
class Appended:
    """Position of the unit's last event."""

    position: int


async def append(connection: Connection, units: Sequence[NewUnit], at: datetime) -> list[Appended | Exception]:
    """One answer a unit, in order: where it stands, or why nothing of it does. At most one unit per stream and per command id."""
    rows = await connection.fetch(CALL, len(units), at, *_columns(units))
    answers: list[Appended | Exception] = []
    position = rows[0]["head"] if rows else 0
    for unit, row in zip(units, rows, strict=True):
        if row["outcome"] == "ok":
            position += len(unit.events)
            answers.append(Appended(position))
        else:
            answers.append(_refusal(row["outcome"], row["detail"]))
    return answers


def check_size(unit: NewUnit) -> None:
    for event in unit.events:
        if len(event.data) > LIMIT:
            raise NotAppended(f"{event.type} has {len(event.data)} bytes; an event may have {LIMIT}")


def _refusal(outcome: str, stream: UUID) -> Exception:
    if outcome == "repeat":
        return Repeated()
    if outcome == "conflict":
        return Conflict(stream)
    return NotAppended(f"stream {stream} belongs to another owner")


def _columns(units: Sequence[NewUnit]) -> list[list[object]]:
    expected = [(number, *pair) for number, unit in enumerate(units, 1) for pair in unit.expected]
    events = [(number, e.stream, e.version, e.type, e.owner, e.data, e.meta) for number, unit in enumerate(units, 1) for e in unit.events]
    rows = [(number, unit.command) for number, unit in enumerate(units, 1) if unit.command]
    commands = [(number, c.id, c.fingerprint, c.status, c.location, c.stream, c.version) for number, c in rows]
    return [*_turned(expected, 3), *_turned(events, 7), *_turned(commands, 7)]


def _turned(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
