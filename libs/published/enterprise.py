"""What the enterprise service tells."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel

from libs.published.event import PublishedEvent


class EnterpriseRegistered(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.EnterpriseRegistered"

    uscc: str
    name: str
    supervising_city_code: str


class Unit(BaseModel):
    """A subsidiary or branch."""

    uscc: str | None = None
    relation: str | None = None


class Content(BaseModel):
    """Of the basic information as filed, what other services read."""

    subsidiaries: tuple[Unit, ...] = ()


class Sending(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.FilingSent"

    filing: UUID
    type: str
    filing_no: str
    receipt_no: str
    round: int
    uscc: str
    name: str
    supervising_city_code: str
    established_on: date | None = None
    authors: tuple[str, ...] = ()  # beside whoever sent it


class FilingSent(Sending):
    content: Content = Content()


class WholeFilingSent(Sending):
    """With all that was filed, its personal data sealed."""

    content: dict[str, Any]


class WithdrawalAsked(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.WithdrawalAsked"

    filing: UUID
    round: int


class FilingWithdrawn(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.FilingWithdrawn"

    filing: UUID


class FilingVoided(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.FilingVoided"

    filing: UUID


class DecisionApplied(PublishedEvent):
    """Common to the three events by which a decision takes effect."""

    TOPIC: ClassVar[str] = ""

    filing: UUID
    round: int
    decision: UUID


class FilingApproved(DecisionApplied):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.FilingApproved"

    filed_version: int
    name: str
    supervising_city_code: str
    established_on: date | None = None


class FilingReturned(DecisionApplied):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.FilingReturned"


class FilingRejected(DecisionApplied):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.FilingRejected"


class DecisionNotApplied(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Enterprise.DecisionNotApplied"

    filing: UUID
    round: int
    decision: UUID


class Enclosed(BaseModel):
    """A filing in a packet, and the service that renders its form."""

    filing: UUID
    service: str
    round: int


class PacketBuilt(PublishedEvent):
    TOPIC: ClassVar[str] = "enterprise.Packet.PacketBuilt"

    packet: UUID
    filings: tuple[Enclosed, ...]
