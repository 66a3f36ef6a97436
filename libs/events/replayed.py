"""Aggregates as they were last replayed: of a stream only what came since need be read.

The cache proves nothing: who reads asks the log what came since, and who appends says the version
that they decided on. What it holds is never handed out, only copies of it.
"""

import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from libs.events.aggregate import Aggregate
from libs.events.kept import ExpiringCache
from libs.events.keyring import HELD
from libs.events.scoped import is_shown
from libs.events.value import Value

SIZE = 500  # aggregates of one process
UNCHANGING = (Value, str, bytes, int, float, Decimal, UUID, date, timedelta, Enum, type(None))


class Replayed:
    """A bounded cache by stream. An aggregate is replayed from its beginning at least every HELD
    seconds, so that its personal data needs its key again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: ExpiringCache[UUID, Aggregate] = ExpiringCache(SIZE, clock)

    @property
    def cache(self) -> ExpiringCache[UUID, Aggregate]:
        return self._kept

    def get(self, stream: UUID) -> Aggregate | None:
        """For reading only: `copied` makes one that may be changed. What whoever reads now may not
        see is not there (decision 55).
        """
        known = self._kept.get(stream)
        return known if known is not None and is_shown(known.owner) else None

    def advance(
        self, stream: UUID, known: Aggregate | None, events: Sequence[Aggregate.Event]
    ) -> Aggregate | None:
        """The aggregate with what it does not have yet of the stream's next events. What raises on
        an event is not kept.
        """
        aggregate: Any = known
        try:
            for event in events:
                if event.originator_version == (aggregate.version if aggregate else 0) + 1:
                    aggregate = event.mutate(aggregate)
        except Exception:
            self.drop(stream)
            raise
        if known is None and aggregate is not None:
            self._kept.put(stream, aggregate, self._clock() + HELD)
        return aggregate  # type: ignore[no-any-return]

    def saved(self, aggregate: Aggregate, before: int) -> None:
        """It was appended after this version; what is kept of it goes along. Its time does not
        begin anew.
        """
        known = self.get(aggregate.id)
        if known is not None and known.version == before:
            known.__dict__.update(copied(aggregate).__dict__)

    def drop(self, stream: UUID) -> None:
        self._kept.drop(stream)


def copied(value: Any) -> Any:
    """A copy that shares only what never changes with the original."""
    kind = type(value)
    if isinstance(value, UNCHANGING) or (is_dataclass(value) and kind.__dataclass_params__.frozen):
        return value
    if kind is dict:
        return {key: copied(each) for key, each in value.items()}
    if kind in (list, tuple, set, frozenset):
        return kind(copied(each) for each in value)
    if isinstance(value, Aggregate):
        made = object.__new__(kind)
        made.__dict__.update({name: copied(each) for name, each in value.__dict__.items()})
        return made
    return deepcopy(value)
