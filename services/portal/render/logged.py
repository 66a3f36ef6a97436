"""Events as they stand in a log, and what each changed: the payload's leaves, beside what the
stream's events before it had said at the same place. Personal data stays sealed.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SEALED = object()  # in place of a personal value, which the log does not show
MARK = "$pii"
Leaves = Mapping[str, Any]  # values by pointer


@dataclass(frozen=True)
class LoggedEvent:
    """`service`: in whose log it stands, which its type need not say."""

    service: str
    position: int
    stream: str
    version: int
    type: str
    owner: str
    recorded_at: str
    leaf: str
    payload: Mapping[str, Any]
    meta: Mapping[str, Any]

    @property
    def user(self) -> str:
        return str(self._by.get("user", ""))

    @property
    def role(self) -> str:
        return str(self._by.get("role", ""))

    @property
    def office(self) -> str:
        return str(self._by.get("office") or "")

    @property
    def _by(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.payload.get("act", {}).get("by", {})
        return found

    @property
    def facts(self) -> Leaves:
        """What it says, besides who did it and when."""
        said = {name: value for name, value in self.payload.items() if name != "act"}
        return dict(_leaves(said, ""))


@dataclass(frozen=True)
class FieldChange:
    """`old` or `new` is None where the place was not there."""

    pointer: str
    old: Any
    new: Any


def logged(service: str, item: Mapping[str, Any]) -> LoggedEvent:
    """As the service's `GET /events` tells it."""
    names = ("position", "stream", "version", "type", "owner", "recorded_at", "leaf")
    return LoggedEvent(
        service=service,
        **{name: item[name] for name in names},
        payload=json.loads(b64decode(item["data"])),
        meta=json.loads(b64decode(item["meta"])),
    )


def known(events: Iterable[LoggedEvent]) -> Leaves:
    """What a stream's events say together: of each top-level field the last."""
    state: dict[str, Any] = {}
    for each in events:
        state |= {name: value for name, value in each.payload.items() if name != "act"}
    return dict(_leaves(state, ""))


def steps(events: Sequence[LoggedEvent]) -> Iterator[tuple[LoggedEvent, list[FieldChange]]]:
    """Each event with what it changed of what was known before, of the fields that it names."""
    state: dict[str, Any] = {}
    for each in events:
        said = {name: value for name, value in each.payload.items() if name != "act"}
        before = {name: state[name] for name in said if name in state}
        yield each, changes(dict(_leaves(before, "")), each.facts)
        state |= said


def changes(before: Leaves, after: Leaves) -> list[FieldChange]:
    """In the order of `after`, then what is gone. Sealed values cannot be compared."""
    found = [
        FieldChange(at, before.get(at), value)
        for at, value in after.items()
        if at not in before or before[at] != value
    ]
    gone = [FieldChange(at, value, None) for at, value in before.items() if at not in after]
    return found + gone


def _leaves(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and MARK not in value:
        for name, each in value.items():
            yield from _leaves(each, f"{at}/{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, f"{at}/{index}")
    elif value is not None:
        yield at, SEALED if isinstance(value, dict) else value
