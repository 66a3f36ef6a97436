"""What the log holds and what goes into it, as bytes: nothing here knows a domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from libs.events.codec import canonical


@dataclass(frozen=True)
class StoredEvent:
    """An event as it stands in a log and on its topic."""

    position: int
    stream: UUID
    version: int
    type: str
    owner: UUID
    data: bytes
    meta: bytes
    recorded_at: datetime

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The parsed data; personal data stays sealed."""
        return dict(orjson.loads(self.data))

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """The parsed meta: id, correlation, causation, command, trace, schema."""
        return dict(orjson.loads(self.meta))

    @property
    def id(self) -> UUID:
        return UUID(self.metadata["id"])

    @property
    def data_sha256(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def leaf(self) -> bytes:
        """Leaf hash of the log's proof (RFC 6962: 0x00 ‖ entry): whoever swaps an approver, a
        stream or an instant changes it.
        """
        entry: Mapping[str, Any] = {
            "position": self.position,
            "stream": str(self.stream),
            "version": self.version,
            "type": self.type,
            "owner": str(self.owner),
            "recorded_at": self.recorded_at,
            "meta_sha256": sha256(self.meta).hexdigest(),
            "data_sha256": self.data_sha256,
        }
        return sha256(b"\x00" + canonical(dict(entry))).digest()


class NewEvent(NamedTuple):
    stream: UUID
    version: int
    type: str
    owner: UUID
    data: bytes
    meta: bytes


class CommandRow(NamedTuple):
    """What a repeat of the command is answered from."""

    id: UUID
    fingerprint: bytes
    status: int
    location: str
    stream: UUID
    version: int
    position: int = 0  # of the unit's last event; the log fills it in


class NewUnit(NamedTuple):
    """Events of several streams that are appended together or not at all; the stream the command
    is about comes last.
    """

    expected: tuple[tuple[UUID, int], ...]  # each stream's version before; 0 = it does not exist
    events: tuple[NewEvent, ...]
    command: CommandRow | None = None
