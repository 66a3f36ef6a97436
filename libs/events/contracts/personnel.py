"""What the personnel service tells."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel

from libs.events.contracts.contract import Contract


class PersonSaved(Contract):
    """The person as saved, also unfiled; personal data sealed."""

    TOPIC: ClassVar[str] = "personnel.Person.PersonSaved"

    content: dict[str, Any]
    person_key: str | None = None


class Sender(BaseModel):
    uscc: str
    name: str
    supervising_city_code: str


class FilingSent(Contract):
    TOPIC: ClassVar[str] = "personnel.Person.FilingSent"

    filing: UUID
    type: str
    filing_no: str
    receipt_no: str
    round: int
    sender: Sender
    content: dict[str, Any] | None = None  # as filed, its personal data sealed
    person_key: str | None = None


class WithdrawalAsked(Contract):
    TOPIC: ClassVar[str] = "personnel.Person.WithdrawalAsked"

    filing: UUID
    round: int


class FilingVoided(Contract):
    TOPIC: ClassVar[str] = "personnel.Person.FilingVoided"

    filing: UUID


class DecisionApplied(Contract):
    """Common to the three events by which a decision takes effect."""

    TOPIC: ClassVar[str] = ""

    filing: UUID
    round: int
    decision: UUID


class FilingApproved(DecisionApplied):
    TOPIC: ClassVar[str] = "personnel.Person.FilingApproved"

    type: str
    filed_version: int
    released_as: str | None = None


class FilingReturned(DecisionApplied):
    TOPIC: ClassVar[str] = "personnel.Person.FilingReturned"


class FilingRejected(DecisionApplied):
    TOPIC: ClassVar[str] = "personnel.Person.FilingRejected"


class DecisionNotApplied(Contract):
    TOPIC: ClassVar[str] = "personnel.Person.DecisionNotApplied"

    filing: UUID
    round: int
    decision: UUID
