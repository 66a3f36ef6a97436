"""Bounded caches of one process: the least recently used goes first, nothing outlives its time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
P = ParamSpec("P")
LAST = 32  # answers about values
MOMENT = 5.0  # seconds for which they are held


class ExpiringCache(Generic[K, V]):
    """An LRU cache whose entries expire, by the clock it is given."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._clock = size, clock
        self._entries: OrderedDict[K, tuple[V, float]] = OrderedDict()
        self.hits, self.misses = 0, 0

    def get(self, key: K) -> V | None:
        """The value, or None for what was never put, has expired or was pushed out."""
        if key not in self._entries:
            self.misses += 1
            return None
        if self._is_over(key):
            del self._entries[key]
            self.misses += 1
            return None
        self._entries.move_to_end(key)
        self.hits += 1
        return self._entries[key][0]

    def put(self, key: K, value: V, until: float) -> None:
        """Kept until this instant of the clock at the latest."""
        self._entries[key] = (value, until)
        self._entries.move_to_end(key)
        while self._entries and (
            len(self) > self._size or self._is_over(next(iter(self._entries)))
        ):
            self._entries.popitem(last=False)

    def _is_over(self, key: K) -> bool:
        return self._clock() >= self._entries[key][1]

    def drop(self, key: K) -> None:
        self._entries.pop(key, None)

    def clear(self) -> None:
        self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)


def once_for_each(
    rule: Callable[Concatenate[V, P], Sequence[K]],
) -> Callable[Concatenate[V, P], list[K]]:
    """A pure function of a value that never changes, asked once for the same object and the same
    rest: a command decides by it, and its answer tells the same again. The last few are held, for
    a moment.
    """
    kept: ExpiringCache[tuple[Hashable, ...], tuple[V, Sequence[K]]] = ExpiringCache(LAST)

    @wraps(rule)
    def asked(value: V, /, *args: P.args, **kwargs: P.kwargs) -> list[K]:
        key = (id(value), *args, *kwargs.items())
        if (found := kept.get(key)) is None:
            found = value, rule(value, *args, **kwargs)  # held, so that its id stays its own
            kept.put(key, found, time.monotonic() + MOMENT)
        return list(found[1])

    return asked


Caches = Mapping[str, ExpiringCache[Any, Any]]  # by what they hold
