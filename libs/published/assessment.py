"""What the assessment service tells. `at.stream` is the record, its owner the enterprise."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from libs.published.event import PublishedEvent


class Finding(BaseModel):
    """What the rules found for the reviewer; it starts open."""

    rule: str
    severity: str
    pointer: str = ""


class Licence(BaseModel):
    """A licence at a grade; `licence_name`: of the open entries, as typed."""

    licence: str
    grade: str
    licence_name: str | None = None


class Tally(BaseModel):
    filled: int
    slots: int


class Judged(BaseModel):
    """A licence in force, with its places of the staffing table; none: numbers are not known."""

    item: Licence
    registered: Tally | None = None
    professionals: Tally | None = None


class Proposal(BaseModel):
    """测算结论: list `assessment_result`, MANUAL included."""

    result: str
    policy_version: str
    per_item: tuple[Judged, ...] = ()


class TakenVersion(BaseModel):
    """The last event of the stream that a generation took."""

    version: int


class TakenPerformance(BaseModel):
    project_id: UUID
    contract_id: UUID
    project: TakenVersion
    contract: TakenVersion
    stages: tuple[UUID, ...] = ()


class Taken(BaseModel):
    """Of a snapshot, what it took of other services."""

    performances: tuple[TakenPerformance, ...] = ()


class AssessmentGenerated(PublishedEvent):
    """A generation; it is the enterprise's own until a sending names it."""

    TOPIC: ClassVar[str] = "assessment.Record.AssessmentGenerated"

    generation: int
    snapshot: Taken


class AssessmentRegenerated(AssessmentGenerated):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentRegenerated"


class AssessmentSent(PublishedEvent):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentSent"

    campaign: UUID
    record_no: str
    receipt_no: str
    round: int
    generation: int
    uscc: str
    name: str
    supervising_city_code: str
    snapshot_sha256: str
    rechosen: bool = False  # staff or performance differ from what was sent in the round before
    proposal: Proposal
    findings: tuple[Finding, ...] = ()
    city_lead_signs: bool = True
    max_returns: int = 3
    return_fix_days: int = 10
    # last day on which the campaign takes records; None: that of the default policy
    window_end: date | None = None
    authors: tuple[str, ...] = ()  # beside whoever sent it


class WithdrawalAsked(PublishedEvent):
    TOPIC: ClassVar[str] = "assessment.Record.WithdrawalAsked"

    round: int


class Measured(BaseModel):
    """What the enterprise has on that day."""

    on: date
    proposal: Proposal
    net_assets_wan: Decimal | None = None


class AssessmentInRecheck(PublishedEvent):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentInRecheck"

    measured: Measured | None = None


class DecisionApplied(PublishedEvent):
    """Common to the events by which a decision on the case takes effect; `decision` is the id of
    review's event.
    """

    TOPIC: ClassVar[str] = ""

    round: int
    decision: UUID


class AssessmentReturned(DecisionApplied):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentReturned"


class AssessmentCityPassed(DecisionApplied):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentCityPassed"


class AssessmentOnsiteOrdered(DecisionApplied):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentOnsiteOrdered"


class AssessmentEscalated(DecisionApplied):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentEscalated"


class AssessmentConcluded(DecisionApplied):
    TOPIC: ClassVar[str] = "assessment.Record.AssessmentConcluded"


class DecisionNotApplied(DecisionApplied):
    TOPIC: ClassVar[str] = "assessment.Record.DecisionNotApplied"
