"""What travels between the authority's systems and the review service: three topics, a closed set
of types, canonical JSON.

A record of `inbox` or `receipts` is derived from one event and compared with it again at every
start of the relay: the shape of a type never changes. A new field is a new type (`….v2`) beside
the old one.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.strict import Instant, Integer
from libs.events.value import Value
from libs.filing.filing import Decision
from services.review.authority.domain.codes import Code
from services.review.cases.domain.subject import Kind, Level
from services.review.cases.schemas import Item
from services.review.texts import Text

INBOX, DECISIONS, RECEIPTS = (
    "kaohe.authority.inbox.v1",
    "kaohe.authority.decisions.v1",
    "kaohe.authority.receipts.v1",
)
AUDIENCE = "kaohe"

Issuer = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._/-]{0,99}$"),
    Field(description="The system that speaks", examples=["zz-approval"]),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Round = Annotated[Integer, Field(ge=1, le=10_000)]


class Seen(Value):
    """The sent event: its place in the owner's log and the SHA-256 of its exact bytes."""

    position: Annotated[Integer, Field(ge=1)]
    data_sha256: Sha256


class CaseWaiting(Value):
    """A filing or record waits for a decision: what it is, never what it contains."""

    type: Literal["kaohe.authority.CaseWaiting.v1"] = "kaohe.authority.CaseWaiting.v1"
    case: UUID
    subject: UUID = Field(description="Id of the filing, or of the record")
    subject_kind: str
    subject_type: str = Field(description="Code list `filing_type`, or ASSESSMENT")
    no: str
    receipt_no: str
    uscc: str
    unit: str = Field(description="Supervising unit, code list `reporting_unit`")
    level: Level
    round: Round
    reviewed: Seen
    due_on: date


class CaseWaitsAgain(Value):
    """A case that `CaseWaiting` told of waits at this level now: escalated, passed on, visited, or
    its return has lapsed.
    """

    type: Literal["kaohe.authority.CaseWaitsAgain.v1"] = "kaohe.authority.CaseWaitsAgain.v1"
    case: UUID
    round: Round
    level: Level


class SignedDecision(Value):
    """What an office decides. The header `kaohe-signature` signs the exact bytes; the record's key
    is the case.
    """

    type: Literal["kaohe.authority.Decision.v1"]
    audience: Annotated[str, StringConstraints(max_length=100)]
    issuer: Issuer
    decision_id: UUID = Field(
        description=(
            "New for every decision: it is used up by the first record with a right signature"
        )
    )
    case: UUID
    subject: UUID
    subject_kind: Kind
    round: Round
    reviewed: Seen
    decision: Decision
    items: Annotated[tuple[Item, ...], Field(max_length=200)]
    comment: Text
    officer: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]{1,64}$")] = Field(
        description="A pseudonym, never a name"
    )
    decided_at: Instant
    not_after: Instant = Field(description="Read later than this, it is refused")


class Outcome(StrEnum):
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    EFFECTIVE = "EFFECTIVE"
    WITHOUT_EFFECT = "WITHOUT_EFFECT"


class Receipt(Value):
    """What became of a record of `decisions`. Ids are given where the signature was right: anybody
    can write others' ids.
    """

    type: Literal["kaohe.authority.Receipt.v1"] = "kaohe.authority.Receipt.v1"
    outcome: Outcome
    code: Code | None = Field(default=None, description="Of a refusal")
    rules: tuple[str, ...] = Field(default=(), description="Check rules that stand against it")
    offset: int = Field(description="Of the record on the topic of decisions")
    sha256: Sha256 = Field(description="Of its value")
    issuer: str | None = None
    decision_id: UUID | None = None
    case: UUID | None = None
    round: int | None = None


TYPES = ("kaohe.authority.Decision.v1",)
CHANNELS: dict[str, tuple[type[Value], ...]] = {
    INBOX: (CaseWaiting, CaseWaitsAgain),
    DECISIONS: (SignedDecision,),
    RECEIPTS: (Receipt,),
}
