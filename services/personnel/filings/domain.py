"""One 在线发送 of several filings: which were sent, which not and why. Each filing is reviewed by
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
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

    @classmethod
    def send(
        cls,
        act: Act,
        batch: UUID,
        enterprise: UUID,
        batch_no: str,
        outcomes: Sequence[SentFiling | RefusedFiling],
    ) -> Batch:
        """What came of the sending, each filing in one of the two lists."""
        sent = cls.BatchSent(
            act=act,
            batch=batch,
            enterprise=enterprise,
            batch_no=batch_no,
            sent=tuple(each for each in outcomes if isinstance(each, SentFiling)),
            refused=tuple(each for each in outcomes if isinstance(each, RefusedFiling)),
        )
        return cls.begin(cls.create_id(batch), sent)

    @evolves(BatchSent)
    def _sent(self, e: BatchSent) -> None:
        self.enterprise, self.batch_no = e.enterprise, e.batch_no
        self.sent, self.refused = e.sent, e.refused

    @property
    def owner(self) -> UUID:
        return self.enterprise
