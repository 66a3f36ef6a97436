"""What is sent and answered about reference data."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from libs.events.codec import canonical
from libs.events.strict import LINE, Integer
from libs.events.texts import cleaned
from libs.events.value import Value
from services.review.reference.domain import CLOCK, Reference

LEVELS = 8  # of an item; deeper than some reader goes, an event could be written and not be read


class Entry(BaseModel):
    """An item of a code list, known by its code, with whatever the list holds of it."""

    model_config = ConfigDict(extra="allow")

    code: Annotated[str, StringConstraints(min_length=1, max_length=50), LINE]

    @model_validator(mode="before")
    @classmethod
    def _cleaned(cls, given: Any) -> Any:
        return cleaned(given)

    @model_validator(mode="after")
    def _can_be_stored_and_read(self) -> Self:
        try:
            canonical(self.model_dump())
        except (TypeError, ValueError) as error:
            raise PydanticCustomError("not_storable", "no exact bytes") from error
        if not _is_shallow(self.model_extra, LEVELS):
            raise PydanticCustomError("not_storable", "nested without need")
        return self


def _is_shallow(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


class Changed(Value):
    """Items that are new or different."""

    items: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=1000)]


class Clock(Value):
    offset_seconds: Annotated[
        Integer, Field(ge=-(10**9), le=10**9, description="Development time minus the machine's")
    ]


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
