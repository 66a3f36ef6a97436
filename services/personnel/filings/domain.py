"""One 在线发送 of several filings: which were sent, which not and why. Each filing is reviewed by
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding
from libs.events.value import Act, Value

PART = 128 * 1024  # bytes of what one event tells, half of what it may have


class SentFiling(Value):
    filing: UUID
    person: UUID
    receipt_no: str
    round: int


class RefusedFiling(Value):
    filing: UUID
    person: UUID | None
    findings: tuple[Finding, ...]


Outcome = SentFiling | RefusedFiling


class Batch(Aggregate):
    class BatchSent(Aggregate.Created):
        batch: UUID
        enterprise: UUID
        batch_no: str
        sent: tuple[SentFiling, ...]
        refused: tuple[RefusedFiling, ...]

    class BatchContinued(Aggregate.Event):
        """A further part of the same sending, in the same unit."""

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
        outcomes: Sequence[Outcome],
    ) -> Batch:
        """What came of the sending, each filing in one of the two lists."""
        first, *others = map(_lists, parts(outcomes))
        sent = cls.BatchSent(
            act=act, batch=batch, enterprise=enterprise, batch_no=batch_no, **first
        )
        begun = cls.begin(cls.create_id(batch), sent)
        for each in others:
            begun.record(cls.BatchContinued(act=act, **each))
        return begun

    @evolves(BatchSent)
    def _sent(self, e: BatchSent) -> None:
        self.enterprise = e.enterprise
        self.batch_no = e.batch_no
        self.sent = e.sent
        self.refused = e.refused

    @evolves(BatchContinued)
    def _continued(self, e: BatchContinued) -> None:
        self.sent += e.sent
        self.refused += e.refused

    @property
    def owner(self) -> UUID:
        return self.enterprise


class _Lists(TypedDict):
    sent: tuple[SentFiling, ...]
    refused: tuple[RefusedFiling, ...]


def _lists(part: Sequence[Outcome]) -> _Lists:
    sent = tuple(each for each in part if isinstance(each, SentFiling))
    refused = tuple(each for each in part if isinstance(each, RefusedFiling))
    return _Lists(sent=sent, refused=refused)


def parts(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """In their order, each part of no more bytes than an event bears; one at least."""
    found: list[list[Outcome]] = [[]]
    size = 0
    for each in outcomes:
        length = len(each.model_dump_json())
        if found[-1] and size + length > PART:
            found.append([])
            size = 0
        found[-1].append(each)
        size += length
    return found
