"""Reference data: what the authority changes of it, one stream a kind; every service projects
them. The development clock is one.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.texts import cleaned
from libs.events.value import Act

OWNER = uuid5(NAMESPACE_URL, "/owners/reference")
CLOCK = "clock"


class Reference(Aggregate):
    class ReferenceBegun(Aggregate.Created):
        kind: str

    @staticmethod
    def create_id(kind: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/reference/{kind}")

    @classmethod
    def begin_for(cls, act: Act, kind: str) -> Reference:
        """The stream of this kind, in which nothing is changed yet."""
        return cls.begin(cls.create_id(kind), cls.ReferenceBegun(act=act, kind=kind))

    @evolves(ReferenceBegun)
    def _begun(self, e: ReferenceBegun) -> None:
        self.kind = e.kind
        self.offset_seconds = 0
        self.items: dict[str, dict[str, Any]] = {}

    @property
    def owner(self) -> UUID:
        return OWNER

    class ClockSet(Aggregate.Event):
        offset_seconds: int  # development time minus the machine's

    def set_clock(self, act: Act, offset_seconds: int) -> None:
        """Setting it to where it stands changes nothing."""
        if offset_seconds != self.offset_seconds:
            self.record(self.ClockSet(act=act, offset_seconds=offset_seconds))

    @evolves(ClockSet)
    def _clock_set(self, e: ClockSet) -> None:
        self.offset_seconds = e.offset_seconds

    class ReferenceChanged(Aggregate.Event):
        kind: str
        # those that are new or different; an item is known by its code
        items: tuple[dict[str, Any], ...]

    def change(self, act: Act, items: tuple[dict[str, Any], ...]) -> None:
        """Items that are as they were are left out; if all are, nothing changes."""
        known = [cleaned(self.items.get(str(item["code"]))) for item in items]
        new = tuple(item for item, old in zip(items, known, strict=True) if item != old)
        if new:
            self.record(self.ReferenceChanged(act=act, kind=self.kind, items=new))

    @evolves(ReferenceChanged)
    def _changed(self, e: ReferenceChanged) -> None:
        self.items = {**self.items, **{str(item["code"]): item for item in e.items}}
