"""Where a row of a neighbour comes from: the event that said it last, by version, position and the
hash of its bytes.
"""

from typing import Any, Protocol
from uuid import UUID

from libs.events.records import StoredEvent
from services.assessment.records.domain.snapshot import Ref


class Originated(Protocol):
    """A row with these columns."""

    @property
    def version(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def data_sha256(self) -> str: ...


def origin(at: StoredEvent) -> dict[str, Any]:
    """The columns, of the event that is at hand."""
    return {"version": at.version, "position": at.position, "data_sha256": at.data_sha256}


def ref(stream: UUID, row: Originated) -> Ref:
    """The event as a record refers to it."""
    return Ref(
        stream=stream,
        version=row.version,
        position=row.position,
        data_sha256=row.data_sha256,
    )
