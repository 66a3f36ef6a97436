"""One 在线发送 of several filings: which were sent, which not and why. Each filing is reviewed by
itself.
"""

from __future__ import annotations

from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding
from libs.events.value import Act, Value


class SentFiling(Value):
    filing: UUID
    person: UUID
    receipt_no: str
    round: int


class RefusedFiling(Value):
    filing: UUID
    person: UUID | None
    findings: tuple[Finding, ...]


class Batch(Aggregate):
    class BatchSent(Aggregate.Created):
        batch: UUID
        enterprise: UUID
        batch_no: str
        sent: tuple[SentFiling, ...]
        refused: tuple[RefusedFiling, ...]

    @staticmethod
    def create_id(batch: UUID) -> UUID:
        return batch

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @event(BatchSent)
    def __init__(
        self,
        act: Act,
        batch: UUID,
        enterprise: UUID,
        batch_no: str,
        sent: tuple[SentFiling, ...],
        refused: tuple[RefusedFiling, ...],
    ) -> None:
        self.enterprise, self.batch_no, self.sent, self.refused = (
            enterprise,
            batch_no,
            sent,
            refused,
        )
