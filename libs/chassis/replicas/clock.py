"""Clocks and identifiers of running processes."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt
from libs.published import review

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class SystemClock:
    """The machine's clock: the only one in production."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FollowedClock:
    """Development time: the machine's clock moved by an offset that all processes follow from the
    topic; it runs on between jumps.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class RandomIds:
    """UUIDv7 (RFC 9562) and tokens of Crockford's base32, which leaves out I, L, O and U."""

    def new(self) -> UUID:
        milliseconds = time.time_ns() // 1_000_000
        value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
        return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)

    def token(self, length: int) -> str:
        return "".join(secrets.choice(CROCKFORD) for _ in range(length))


@dataclass(frozen=True)
class Offset:
    """The one row: how far development time is ahead of the machine's."""

    offset_seconds: BigInt
    id: int = 1


clock = ReadModel("clock", Offset)


def reader(service: str) -> Reader:
    """Follows the development clock into a table of the service."""
    projection = Projection(f"{service}.clock", [clock])
    return Reader(projection.name, "review", projection=projection)


@clock.on(review.ClockSet)
def _set(fact: review.ClockSet, _: StoredEvent) -> Iterator[Change]:
    yield clock.put(Offset(fact.offset_seconds))
