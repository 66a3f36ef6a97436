"""The newest events of a log in memory, read by every follower of the process instead of SQL.

Only what is known to be committed comes in, and only what follows the last one: it never skips a
position and never holds one twice. Whoever is behind it reads PostgreSQL.
"""

from collections.abc import Iterable

from libs.events.records import StoredEvent

SIZE = 1_000  # events
BYTES = 8 * 1024 * 1024  # of their data


class Tail:
    """A bounded run of consecutive events that ends at the log's head as this process knows it."""

    def __init__(self) -> None:
        self._events: list[StoredEvent] = []
        self._bytes = 0
        self.head: int | None = None  # unknown until a follower has reached it by reading

    def start(self, head: int) -> None:
        """Begins anew at the log's head; events after it are kept."""
        self._events, self._bytes, self.head = [], 0, head

    def after(self, position: int, limit: int) -> list[StoredEvent] | None:
        """The events after a position, none at the head; None: they are not in memory."""
        if self.head is None:
            return None
        first = self.head + 1 - len(self._events)
        if not first - 1 <= position <= self.head:
            return None
        begin = position + 1 - first
        return self._events[begin : begin + limit]

    def extend(self, events: Iterable[StoredEvent]) -> bool:
        """Takes what follows the head. False if that does not say where the log ends: an event
        between is missing, or one is another than the one held, as after a restore.
        """
        if self.head is None:
            return False
        for event in events:
            if event.position == self.head + 1:
                self._events.append(event)
                self._bytes += len(event.data)
                self.head += 1
            elif event.position > self.head:
                return False
            elif (held := self.after(event.position - 1, 1)) and held[0] != event:
                self.head = None
                return False
        self._trim()
        return True

    def _trim(self) -> None:
        over = 0
        while len(self._events) - over > SIZE or self._bytes > BYTES:
            self._bytes -= len(self._events[over].data)
            over += 1
        del self._events[:over]
