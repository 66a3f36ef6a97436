"""What the review service tells. A record is named by its stream in the assessment service."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel

from libs.published.event import PublishedEvent

# What only the authority's own systems have a use for: readers of review's topic in other services
# ignore it.
AUTHORITY = (
    "review.Office.OfficeBegun",
    "review.Office.AuthorityKeyProposed",
    "review.Office.AuthorityKeyRegistered",
    "review.Office.AuthorityKeyRevoked",
    "review.AuthorityRecord.RecordRefused",
    "review.Unbelieved.RecordsNotAnswered",
    "review.AuthorityDecision.DecisionReceived",
    "review.AuthorityDecision.DecisionAccepted",
    "review.AuthorityDecision.DecisionRefused",
    "review.AuthorityDecision.DecisionTookEffect",
    "review.AuthorityDecision.DecisionHadNoEffect",
)
# What review keeps for itself about records.
CONCLUDING = (
    "review.Case.InterestDeclared",
    "review.Case.ConclusionProposed",
    "review.Case.ResultPublished",
    "review.Case.CaseReopened",
    "review.Case.ResultSettled",
    "review.Rectification.RectificationRefused",
)
# What is told about records alone.
RECORDS = (
    *CONCLUDING,
    "review.Case.CaseSigned",
    "review.Case.ExpertOpinionGiven",
    "review.Case.ReturnLapsed",
    "review.Case.OnsiteRecorded",
    "review.Case.ConclusionApproved",
    "review.Publicity.PublicityOpened",
    "review.Publicity.ObjectionRaised",
    "review.Publicity.ObjectionClosed",
    "review.Publicity.ResultAnnounced",
    "review.Rectification.RectificationOrdered",
    "review.Rectification.RectificationReported",
    "review.Rectification.RectificationAccepted",
    "review.Rectification.RectificationReopened",
    "review.Rectification.QualificationWithdrawalProposed",
    "review.Rectification.WithdrawalSettled",
)


class Reviewed(BaseModel):
    position: int
    data_sha256: str


class Item(BaseModel):
    pointer: str
    reason: str
    text: str


class AboutCase(PublishedEvent):
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
    # False: an opinion on a record, which takes effect by CaseSigned or ConclusionApproved
    binding: bool = True
    id: UUID | None = None  # its own name, by which these two say which opinion takes effect


class CaseWithdrawn(AboutCase):
    TOPIC: ClassVar[str] = "review.Case.CaseWithdrawn"


class WithdrawalRefused(AboutCase):
    TOPIC: ClassVar[str] = "review.Case.WithdrawalRefused"


class CaseSigned(AboutCase):
    """The lead lets the city's opinion on a record take effect. `decided` is the `id` that the
    Decided event holds.
    """

    TOPIC: ClassVar[str] = "review.Case.CaseSigned"

    level: str
    reviewed: Reviewed
    decision: str
    decided: UUID


class ReturnLapsed(AboutCase):
    """The time to correct a returned record ran out: it is judged as it was sent last, at this
    level.
    """

    TOPIC: ClassVar[str] = "review.Case.ReturnLapsed"

    level: str


class CaseAssigned(AboutCase):
    """To an officer, or at the level EXPERT to an expert."""

    TOPIC: ClassVar[str] = "review.Case.CaseAssigned"

    level: str
    to: str


class ExpertOpinionGiven(AboutCase):
    TOPIC: ClassVar[str] = "review.Case.ExpertOpinionGiven"


class OnsiteRecorded(AboutCase):
    """Minutes of two inspectors: the case goes on at the level that ordered the visit."""

    TOPIC: ClassVar[str] = "review.Case.OnsiteRecorded"

    level: str


class ConclusionApproved(AboutCase):
    """拟定结论: what a person proposed and the lead approved."""

    TOPIC: ClassVar[str] = "review.Case.ConclusionApproved"

    reviewed: Reviewed
    result: str
    decided: UUID


class Published(BaseModel):
    record: UUID
    result: str


class PublicityOpened(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Publicity.PublicityOpened"

    results: tuple[Published, ...]
    first_day: date
    last_day: date


class ObjectionRaised(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Publicity.ObjectionRaised"

    record: UUID


class ObjectionClosed(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Publicity.ObjectionClosed"

    record: UUID
    upheld: bool


class ResultAnnounced(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Publicity.ResultAnnounced"

    results: tuple[Published, ...]
    announced_on: date


class RectificationOrdered(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Rectification.RectificationOrdered"

    record: UUID
    deadline: date


class RectificationReported(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Rectification.RectificationReported"

    record: UUID


class RectificationAccepted(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Rectification.RectificationAccepted"

    record: UUID


class RectificationReopened(PublishedEvent):
    """The report was incomplete: the same deadline goes on."""

    TOPIC: ClassVar[str] = "review.Rectification.RectificationReopened"

    record: UUID


class QualificationWithdrawalProposed(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Rectification.QualificationWithdrawalProposed"

    record: UUID


class WithdrawalSettled(PublishedEvent):
    """The issuing authority withdrew the licence, or dropped the proposal."""

    TOPIC: ClassVar[str] = "review.Rectification.WithdrawalSettled"

    record: UUID
    withdrawn: bool


class ClockSet(PublishedEvent):
    TOPIC: ClassVar[str] = "review.Reference.ClockSet"

    offset_seconds: int


class ReferenceChanged(PublishedEvent):
    """Items of a code list that are new or different; an item is known by its code."""

    TOPIC: ClassVar[str] = "review.Reference.ReferenceChanged"

    kind: str
    items: tuple[dict[str, Any], ...]
