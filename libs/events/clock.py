"""Time and randomness come through ports, so that a replay and a simulation see what happened and
nothing else.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, aware, in UTC. Outside production it follows `./kaohe clock`."""


class Ids(Protocol):
    def new(self) -> UUID:
        """A UUIDv7: unguessable in its last 62 bits, rising with time."""

    def token(self, length: int) -> str:
        """Random characters of Crockford's base32, for receipt and filing numbers."""
