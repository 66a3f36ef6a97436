"""Reference data: what the authority changes of it, one stream a kind; every service projects
them. The development clock is one.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act

OWNER = uuid5(NAMESPACE_URL, "/owners/reference")
CLOCK = "clock"


class Reference(Aggregate):
    class ReferenceBegun(Aggregate.Created):
        kind: str

    class ClockSet(Aggregate.Event):
        offset_seconds: int  # development time minus the machine's

    class ReferenceChanged(Aggregate.Event):
        kind: str
        # those that are new or different; an item is known by its code
        items: tuple[dict[str, Any], ...]

    @staticmethod
    def create_id(kind: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/reference/{kind}")

    @property
    def owner(self) -> UUID:
        return OWNER

    def set_clock(self, act: Act, offset_seconds: int) -> None:
        if offset_seconds != self.offset_seconds:
            self._clock_set(act, offset_seconds)

    def change(self, act: Act, items: tuple[dict[str, Any], ...]) -> None:
        new = tuple(item for item in items if self.items.get(str(item["code"])) != item)
        if new:
            self._reference_changed(act, self.kind, new)

    @event(ReferenceBegun)
    def __init__(self, act: Act, kind: str) -> None:
        self.kind = kind
        self.offset_seconds = 0
        self.items: dict[str, dict[str, Any]] = {}

    @event(ClockSet)
    def _clock_set(self, act: Act, offset_seconds: int) -> None:
        self.offset_seconds = offset_seconds

    @event(ReferenceChanged)
    def _reference_changed(self, act: Act, kind: str, items: tuple[dict[str, Any], ...]) -> None:
        self.items = {**self.items, **{str(item["code"]): item for item in items}}
