"""A filing (备案): what an enterprise sends and the authority decides. A value inside its
subject's aggregate, shared by enterprise and personnel (domain book 4.0 and 5.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import StringConstraints

from libs.events.strict import LINE, LINES, Integer
from libs.events.value import Value, replace


class Type(StrEnum):
    ENT_INIT = "ENT_INIT"
    ENT_CHANGE = "ENT_CHANGE"
    PER_INIT = "PER_INIT"
    PER_CHANGE = "PER_CHANGE"
    PER_RELEASE = "PER_RELEASE"


class Status(StrEnum):
    DRAFT = "DRAFT"
    SAVED = "SAVED"
    SENT = "SENT"
    REVIEWING = "REVIEWING"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"
    VOID = "VOID"


EDITABLE = frozenset({Status.DRAFT, Status.SAVED, Status.RETURNED, Status.WITHDRAWN})
OPEN = frozenset({Status.SENT, Status.REVIEWING, Status.RETURNED})
AWAITING = frozenset({Status.SENT, Status.REVIEWING})


class Decision(StrEnum):
    PASS = "PASS"
    RETURN = "RETURN"
    FAIL = "FAIL"
    ESCALATE = "ESCALATE"
    ONSITE = "ONSITE"


class Reviewed(Value):
    """What a decision is about: the sent event's place in its log and the SHA-256 of its exact
    bytes.
    """

    position: Integer
    data_sha256: Annotated[str, StringConstraints(max_length=64), LINE]


class ReturnedItem(Value):
    """A point the reviewer sent back; its pointer covers everything below it."""

    pointer: str
    reason: str  # code list `return_reason`
    text: str
    answer: str | None = None


class Answer(Value):
    """The enterprise's word on a returned point that it did not change."""

    pointer: Annotated[str, StringConstraints(max_length=200), LINE]
    text: Annotated[str, StringConstraints(max_length=2000), LINES]


C = TypeVar("C", bound=Value)


@dataclass(frozen=True)
class Filing(Generic[C]):
    """Values only: the aggregate's commands decide, its events say which of these methods makes
    the next value.
    """

    id: UUID
    type: Type
    filing_no: str
    base_version: int | None
    content: C | None = None
    status: Status = Status.DRAFT
    round: int = 0  # each sending is a round; a decision is for exactly one
    receipt_no: str = ""  # given at the first sending, kept over all rounds
    batch_no: str | None = None
    sent_at: datetime | None = None
    sent_versions: tuple[int, ...] = ()  # of the stream: where the sent event of each round stands
    returned_items: tuple[ReturnedItem, ...] = ()
    returned_content: C | None = None  # as it was sent in the round that came back
    answers: tuple[Answer, ...] = ()  # of the last sending, to what was returned
    acknowledged: tuple[str, ...] = ()  # warnings that the last sending confirmed, by rule
    withdrawal_asked: bool = False
    filed_version: int | None = None
    decided_at: datetime | None = None

    @property
    def sent_version(self) -> int:
        return self.sent_versions[-1] if self.sent_versions else 0

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_running(self) -> bool:
        """Neither decided nor given up."""
        return self.is_editable or self.is_open

    def saved(self, content: C) -> Filing[C]:
        status = Status.RETURNED if self.status is Status.RETURNED else Status.SAVED
        return replace(self, content=content, status=status)

    def sent(
        self,
        content: C,
        receipt_no: str,
        at: datetime,
        version: int,
        *,
        answers: tuple[Answer, ...] = (),
        acknowledged: tuple[str, ...] = (),
        batch_no: str | None = None,
    ) -> Filing[C]:
        return replace(
            self,
            content=content,
            receipt_no=receipt_no,
            sent_at=at,
            sent_versions=(*self.sent_versions, version),
            answers=answers,
            acknowledged=acknowledged,
            batch_no=batch_no,
            status=Status.SENT,
            round=self.round + 1,
            withdrawal_asked=False,
        )

    def asked_back(self) -> Filing[C]:
        return replace(self, withdrawal_asked=True)

    def withdrawn(self) -> Filing[C]:
        return replace(self, status=Status.WITHDRAWN, withdrawal_asked=False)

    def opened(self) -> Filing[C]:
        return replace(self, status=Status.REVIEWING, withdrawal_asked=False)

    def returned(self, items: tuple[ReturnedItem, ...], at: datetime) -> Filing[C]:
        return replace(
            self,
            status=Status.RETURNED,
            returned_items=items,
            returned_content=self.content,
            answers=(),
            decided_at=at,
        )

    def approved(self, version: int, at: datetime) -> Filing[C]:
        return replace(
            self, status=Status.APPROVED, filed_version=version, returned_items=(), decided_at=at
        )

    def rejected(self, at: datetime) -> Filing[C]:
        return replace(self, status=Status.REJECTED, decided_at=at)

    def superseded(self) -> Filing[C]:
        return replace(self, status=Status.SUPERSEDED)

    def voided(self) -> Filing[C]:
        return replace(self, status=Status.VOID)

    def awaits(self, round: int) -> bool:
        """Whether a decision on this round can still take effect."""
        return self.round == round and self.status in AWAITING

    def sent_from(self, version: int | None) -> bool:
        """Whether this is the version of the item from which its last sending was made: then
        pressing again is the same sending.
        """
        return self.status in AWAITING and version is not None and version == self.sent_version - 1


def number(unit: str, day: str, token: str, type: Type | None = None) -> str:
    """A receipt number `410100-20240902-7K3M9QXZ`, or with its type before it a filing number."""
    return "-".join([*([type.value] if type else []), unit, day, token])
