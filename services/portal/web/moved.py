"""When something of an enterprise was last told of on a topic, for what a page says from memory."""

import time
from collections import OrderedDict
from uuid import UUID

OWNERS = 20_000  # that are remembered
A_WHILE = 600.0  # seconds for which a thing told once is taken for true where nobody hears more


class Moved:
    """`is_on`: somebody reads the topics. What was told before that is not known."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on, self._known_from = is_on, time.time()
        self._at: OrderedDict[UUID, float] = OrderedDict()

    def told(self, owner: UUID, *, to_all: bool) -> None:
        """Something of it has moved; `to_all`: something that concerns everybody."""
        if to_all:
            self.missed()
            return
        self._at[owner] = time.time()
        self._at.move_to_end(owner)
        if len(self._at) > OWNERS:
            _, self._known_from = self._at.popitem(last=False)

    def missed(self) -> None:
        """Nobody knows what was told until now."""
        self._known_from = time.time()

    def since(self, at: float, owner: UUID | None) -> bool:
        """Whether something of it has moved after `at` (seconds of the epoch), or may have;
        `owner`: None where it is not known.
        """
        if owner is None or not self._is_on:
            return time.time() - at > A_WHILE
        return at <= max(self._known_from, self._at.get(owner, 0.0))
