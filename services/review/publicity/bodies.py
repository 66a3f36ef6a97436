"""What clients send about publicities and objections."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.personal import PersonalData
from libs.events.strict import LINE, Boolean
from libs.events.value import Value
from libs.filing.content.types import PRINTABLE
from services.review.texts import Said


class Publishing(Value):
    records: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class Objecting(Value):
    """异议: what is said against a result, and by whom."""

    record: UUID
    text: PersonalData[Said]
    who: PersonalData[
        Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE), LINE]
    ]


class Closing(Value):
    upheld: Boolean
    text: Said
