"""What the personnel service tells."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel

from libs.published.event import PublishedEvent


class PersonSaved(PublishedEvent):
    """The person as saved, also unfiled; personal data sealed."""

    TOPIC: ClassVar[str] = "personnel.Person.PersonSaved"

    content: dict[str, Any]
    person_key: str | None = None


class FilingDrafted(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.FilingDrafted"

    filing: UUID
    type: str
    filing_no: str


class Sender(BaseModel):
    uscc: str
    name: str
    supervising_city_code: str


class FilingSent(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.FilingSent"

    filing: UUID
    type: str
    filing_no: str
    receipt_no: str
    batch_no: str | None = None
    round: int
    sender: Sender
    content: dict[str, Any] | None = None  # as filed, its personal data sealed
    release: dict[str, Any] | None = None  # of a PER_RELEASE: left_on, release_reason
    person_key: str | None = None
    authors: tuple[str, ...] = ()  # beside whoever sent it


class WithdrawalAsked(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.WithdrawalAsked"

    filing: UUID
    round: int


class FilingReviewOpened(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.FilingReviewOpened"

    filing: UUID


class FilingWithdrawn(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.FilingWithdrawn"

    filing: UUID


class FilingSuperseded(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.FilingSuperseded"

    filing: UUID


class FilingVoided(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.FilingVoided"

    filing: UUID


class DecisionApplied(PublishedEvent):
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


class DecisionNotApplied(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Person.DecisionNotApplied"

    filing: UUID
    round: int
    decision: UUID


class FormRendered(PublishedEvent):
    """The form of a filing with its scans, for a packet of the enterprise."""

    TOPIC: ClassVar[str] = "personnel.Papers.FormRendered"

    packet: UUID
    filing: UUID
    part: dict[str, Any]  # where the encrypted zip lies, and what is in it


class FormNotRendered(PublishedEvent):
    TOPIC: ClassVar[str] = "personnel.Papers.FormNotRendered"

    packet: UUID
    filing: UUID
    reason: str
