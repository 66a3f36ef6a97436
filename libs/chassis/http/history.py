"""The history of an item: who did what, when. What was written is told by its hash; the contents
are read as the item at a version.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from libs.events.records import StoredEvent


class Step(BaseModel):
    position: int
    version: int
    type: str = Field(examples=["enterprise.Enterprise.FilingSent"])
    at: datetime = Field(description="When it was done")
    recorded_at: datetime
    user: str
    role: str = Field(examples=["ENT_CLERK"])
    office: str | None = Field(default=None, description="Unit of an officer")
    round: int | None = None
    data_sha256: str


def steps(records: Sequence[StoredEvent], filing: UUID | None = None) -> list[Step]:
    """The stream's events, or of them those about one filing."""
    return [
        _step(each)
        for each in records
        if filing is None or each.payload.get("filing") == str(filing)
    ]


def _step(at: StoredEvent) -> Step:
    by = at.payload["act"]["by"]
    return Step(
        position=at.position,
        version=at.version,
        type=at.type,
        at=at.payload["act"]["at"],
        recorded_at=at.recorded_at,
        user=by["user"],
        role=by["role"],
        office=by.get("office"),
        round=at.payload.get("round"),
        data_sha256=at.data_sha256,
    )
