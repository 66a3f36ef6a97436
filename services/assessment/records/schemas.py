"""What is sent and answered about records. Persons are shown by name only to those who may read
them, and that is written down.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.chassis.ports.ports import Catalogue
from libs.chassis.problems.handlers import FindingItem, finding_items
from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.conclusion import Proposal, item_words, words
from libs.filing.content.record import Wizard
from libs.filing.filing import Answer, ReturnedItem
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import Drift, Round
from services.assessment.records.domain.snapshot import (
    FrozenCertificate,
    FrozenEnterprise,
    FrozenPerformance,
    FrozenPerson,
    Generation,
)


class NewRecord(Value):
    """添加."""

    campaign: UUID


class Sending(Value):
    """发送: warnings that the clerk has read, by rule id, and their word on returned points that
    they did not change.
    """

    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = Field(
        default=(), examples=[["A13"]]
    )
    answers: tuple[Answer, ...] = ()


class PersonView(FrozenPerson):
    name: str | None = None


class ProposalView(BaseModel):
    """测算结论 with its arithmetic in words."""

    result: str
    provisional: bool
    zh: list[str]
    en: list[str]
    proposal: Proposal


class GenerationView(BaseModel):
    generation: int
    generated_at: datetime
    snapshot_sha256: str
    enterprise: FrozenEnterprise
    net_assets_wan: str | None
    certificates: tuple[FrozenCertificate, ...]
    persons: list[PersonView]
    performances: tuple[FrozenPerformance, ...]
    choices: Wizard
    findings: list[FindingItem]
    proposal: ProposalView


class RoundView(BaseModel):
    round: int
    generation: int
    sent_at: datetime
    acknowledged: tuple[str, ...]
    answers: tuple[Answer, ...]


class RecordView(BaseModel):
    id: UUID
    version: int
    campaign: UUID
    enterprise: UUID
    record_no: str
    status: str
    round: int
    receipt_no: str | None
    rounds: list[RoundView]
    generations: int
    returned_items: tuple[ReturnedItem, ...]
    correct_until: date | None
    returns: int
    withdrawal_asked: bool
    result: str | None
    drifts: tuple[Drift, ...]
    steps: Wizard | None = None
    content: GenerationView | None = None


class RecordLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    campaign: UUID
    enterprise: UUID
    enterprise_name: str | None
    uscc: str | None
    record_no: str
    status: str
    round: int
    generation: int
    receipt_no: str | None
    started_at: datetime
    sent_at: datetime | None
    result: str | None


class Receipt(BaseModel):
    """The answer to 发送: 发送成功，动态考核报送工作已完成."""

    receipt_no: str
    round: int
    sent_at: datetime
    zh: str
    en: str


def record_view(
    record: Record, content: GenerationView | None = None, *, steps: bool = True
) -> RecordView:
    return RecordView(
        id=record.id,
        version=record.version,
        campaign=record.campaign,
        enterprise=record.enterprise,
        record_no=record.record_no,
        status=record.status,
        round=record.round,
        receipt_no=record.receipt_no or None,
        rounds=_rounds(record),
        generations=record.latest.no if record.latest else 0,
        returned_items=record.returned_items,
        correct_until=record.correct_until,
        returns=record.returns,
        withdrawal_asked=record.withdrawal_asked,
        result=record.result,
        drifts=record.drifts,
        steps=record.wizard if steps else None,
        content=content,
    )


def generation_view(
    generation: Generation, names: Mapping[UUID, str], texts: Catalogue, sent: Round | None = None
) -> GenerationView:
    """`names`: of its persons, by filing; `sent`: the round as which it is read, with everything
    that was found up to the sending.
    """
    snapshot = generation.snapshot
    findings, read = (sent.findings, sent.acknowledged) if sent else (snapshot.findings, ())
    return GenerationView(
        generation=generation.no,
        generated_at=generation.at,
        snapshot_sha256=generation.sha256,
        enterprise=snapshot.enterprise,
        net_assets_wan=_text(snapshot.net_assets_wan),
        certificates=snapshot.certificates,
        persons=[_person(each, names) for each in generation.persons],
        performances=snapshot.performances,
        choices=snapshot.choices,
        findings=finding_items(findings, texts, read),
        proposal=_proposal(snapshot.proposal),
    )


def receipt(record: Record, after: tuple[str, str]) -> Receipt:
    """`after`: what is said after the sending, in both languages."""
    zh, en = after
    return Receipt(
        receipt_no=record.receipt_no,
        round=record.round,
        sent_at=record.rounds[-1].sent_at,
        zh=zh,
        en=en,
    )


def _rounds(record: Record) -> list[RoundView]:
    return [
        RoundView(
            round=n,
            generation=each.generation,
            sent_at=each.sent_at,
            acknowledged=each.acknowledged,
            answers=each.answers,
        )
        for n, each in enumerate(record.rounds, 1)
    ]


def _person(person: FrozenPerson, names: Mapping[UUID, str]) -> PersonView:
    return PersonView(**dict(person), name=names.get(person.filing))


def _proposal(proposal: Proposal) -> ProposalView:
    lines = [*(item_words(each) for each in proposal.per_item), words(proposal)]
    return ProposalView(
        result=proposal.result,
        provisional=proposal.provisional,
        zh=[each.zh for each in lines],
        en=[each.en for each in lines],
        proposal=proposal,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
