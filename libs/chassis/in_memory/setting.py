"""What the services of one installation share: who asks, time, keys, object storage."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import BinaryIO
from urllib.parse import urlencode

import httpx

from libs.chassis.scans.objects import Objects
from libs.chassis.scans.parser.pool import Parser
from libs.events.errors import Lost, NotFound
from libs.events.keyring import MemoryKeyRing

Buckets = dict[tuple[str, str], bytes]  # by bucket and name


def token(role: str, user: str = "", **claims: str) -> str:
    """A bearer token that says whom it speaks for and proves nothing. Claims: org, city, office,
    act_for.
    """
    return urlencode({"sub": user or role.lower(), "role": role, **claims})


class MemoryClock:
    """Stands still until it is set."""

    def __init__(self, at: datetime = datetime(2024, 9, 2, 1, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class MemoryObjects(Objects):
    """The buckets of one service; quarantine is filled by `Setting.arrive`."""

    def __init__(self, bucket: str, buckets: Buckets) -> None:
        self._bucket, self._quarantine, self._buckets = bucket, f"{bucket}-quarantine", buckets

    async def ready(self) -> None:
        """Always."""

    def ticket(self, name: str, sha256: bytes, size: int) -> str:
        return f"http://objects/{self._quarantine}/{name}"

    async def arrived(self, name: str, limit: int) -> bytes:
        """Raises NotFound for what was not uploaded."""
        if not (found := self._buckets.get((self._quarantine, name))):
            raise NotFound
        return found[: limit + 1]

    async def spend(self, name: str) -> None:
        self._buckets[self._quarantine, name] = b""

    async def discard(self, name: str) -> None:
        self._buckets.pop((self._quarantine, name), None)

    async def put(self, name: str, data: bytes) -> str:
        self._buckets[self._bucket, name] = data
        return ""

    async def put_file(self, name: str, file: BinaryIO, size: int) -> str:
        return await self.put(name, file.read(size))

    async def get(self, name: str, version: str, bucket: str = "") -> bytes:
        """Raises Lost for what is not there."""
        if (found := self._buckets.get((bucket or self._bucket, name))) is None:
            raise Lost(name)
        return found

    async def remove(self, name: str, version: str) -> None:
        self._buckets.pop((self._bucket, name), None)


@cache
def the_parser() -> Parser:
    """One for all settings: it keeps nothing of the files that it reads."""
    return Parser()


@dataclass
class Setting:
    clock: MemoryClock = field(default_factory=MemoryClock)
    keys: MemoryKeyRing = field(default_factory=MemoryKeyRing)
    buckets: Buckets = field(default_factory=dict)
    parser: Parser = field(default_factory=the_parser)

    def arrive(self, upload_url: str, data: bytes) -> None:
        """A client's upload, to where a ticket said. Raises ValueError for a ticket that was
        used.
        """
        bucket, _, name = httpx.URL(upload_url).path.removeprefix("/").partition("/")
        if (bucket, name) in self.buckets:
            raise ValueError(f"{name} was uploaded before")
        self.buckets[bucket, name] = data
