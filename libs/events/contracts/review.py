"""What the review service tells."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from libs.events.contracts.contract import Contract


class Reviewed(BaseModel):
    position: int
    data_sha256: str


class Item(BaseModel):
    pointer: str
    reason: str
    text: str


class AboutCase(Contract):
    """Which filing or record, and which of its rounds, a case speaks of."""

    TOPIC: ClassVar[str] = ""

    subject_kind: str  # enterprise_filing, person_filing, assessment
    subject_id: UUID  # stream of the enterprise, person or record
    filing: UUID | None = None
    round: int


class CaseTaken(AboutCase):
    TOPIC: ClassVar[str] = "review.Case.CaseTaken"

    level: str


class Decided(AboutCase):
    TOPIC: ClassVar[str] = "review.Case.Decided"

    level: str
    reviewed: Reviewed
    decision: str
    items: tuple[Item, ...] = ()
    comment: str = ""


class CaseWithdrawn(AboutCase):
    TOPIC: ClassVar[str] = "review.Case.CaseWithdrawn"


class ClockSet(Contract):
    TOPIC: ClassVar[str] = "review.Reference.ClockSet"

    offset_seconds: int
