"""The log's append functions, called with as many units as wait."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from libs.events.codec import LIMIT
from libs.events.errors import Conflict, NotAppended, Repeated, TooLarge, Unavailable
from libs.events.pools import Connection
from libs.events.records import NewUnit, StoredEvent

ALL = "SELECT public.append_all($1, $2, $3)"
EACH = "SELECT * FROM public.append($1, $2, $3)"


class Appended(NamedTuple):
    """Position of the unit's last event."""

    position: int


Answer = Appended | Exception


async def append_all(
    connection: Connection, units: Sequence[NewUnit], at: datetime
) -> list[Answer]:
    """Optimistic path: the positions of all units. Raises asyncpg's
    IntegrityConstraintViolationError when not all can be appended, which aborts the transaction;
    `append`, a third slower, diagnoses (decision 38).
    """
    head = await connection.fetchval(ALL, at, *_rows(units))
    return list(_positions(head, units))


async def append(connection: Connection, units: Sequence[NewUnit], at: datetime) -> list[Answer]:
    """Per unit, in order: its position, or the exception that kept it out. At most one unit per
    stream and per command id.
    """
    refused: dict[int, Exception] = {}
    while taken := [unit for number, unit in enumerate(units) if number not in refused]:
        row = await connection.fetchrow(EACH, at, *_rows(taken))
        assert row
        if not row["left_out"]:
            positions = _positions(row["head"], taken)
            return [
                refused[number] if number in refused else next(positions)
                for number in range(len(units))
            ]
        numbers = [number for number in range(len(units)) if number not in refused]
        for place, reason, detail in zip(
            row["left_out"], row["reasons"], row["details"], strict=True
        ):
            refused.setdefault(numbers[place - 1], _refusal(reason, detail))
    return [refused[number] for number in range(len(units))]


def _positions(head: int, units: Sequence[NewUnit]) -> Iterator[Appended]:
    for unit in units:
        head += len(unit.events)
        yield Appended(head)


def recorded(
    units: Sequence[NewUnit], answers: Sequence[Answer], at: datetime
) -> Iterator[StoredEvent]:
    """The stored events of the units that were appended."""
    for unit, answer in zip(units, answers, strict=True):
        if isinstance(answer, Appended):
            first = answer.position + 1 - len(unit.events)
            for position, event in enumerate(unit.events, first):
                yield StoredEvent(position, *event, at)


def check(unit: NewUnit) -> None:
    """Raises NotAppended for what no log takes: too large an event, versions that do not follow
    what is expected, two owners.
    """
    last, owners = dict(unit.expected), dict[UUID, UUID]()
    for stream, version, type, owner, data, _ in unit.events:
        if len(data) > LIMIT:
            raise TooLarge(f"{type} has {len(data)} bytes; an event may have {LIMIT}")
        if version != last.get(stream, -1) + 1:
            raise NotAppended(
                f"{type} does not follow the version that its stream is expected to have"
            )
        if owners.setdefault(stream, owner) != owner:
            raise NotAppended(f"stream {stream} has two owners")
        last[stream] = version
    if len(owners) != len(unit.expected):
        raise NotAppended(
            "a unit expects versions of the streams it writes to, once each, and of no other"
        )


async def committed_position(connection: Connection, unit: NewUnit) -> Appended | None:
    """After an ambiguous commit: the unit's position if it was committed. Event ids are in the
    meta, so equal bytes are the same event.
    """
    last = unit.events[-1]
    row = await connection.fetchrow(
        "SELECT position, meta FROM events WHERE stream_id = $1 AND version = $2",
        last.stream,
        last.version,
    )
    return Appended(row["position"]) if row and row["meta"] == last.meta else None


def _refusal(outcome: str, stream: UUID) -> Exception:
    if outcome == "repeat":
        return Repeated()
    if outcome == "conflict":
        return Conflict(stream)
    if outcome == "closed":
        return Unavailable("log", "its topic, which is ahead of it: run ./kaohe recover")
    return NotAppended(f"stream {stream} belongs to another owner")


def _rows(units: Sequence[NewUnit]) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Rows of the log's types `new_event` and `new_command`."""
    events: list[tuple[object, ...]] = []
    commands: list[tuple[object, ...]] = []
    for number, (expected, new, command) in enumerate(units, 1):
        before = dict(expected)
        events += [(*event, number, before[event.stream]) for event in new]
        if command:
            commands.append((number, len(events), *command[:-1]))
    return events, commands
