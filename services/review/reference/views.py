"""What is answered of reference data."""

from typing import Any

from pydantic import BaseModel

from services.review.reference.domain import CLOCK, Reference


class ReferenceView(BaseModel):
    kind: str
    version: int
    items: list[dict[str, Any]]
    offset_seconds: int | None = None


def reference_view(reference: Reference) -> ReferenceView:
    clock = reference.offset_seconds if reference.kind == CLOCK else None
    return ReferenceView(
        kind=reference.kind,
        version=reference.version,
        items=list(reference.items.values()),
        offset_seconds=clock,
    )
