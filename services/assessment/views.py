"""What the assessment service answers. Persons are shown by name only to those who may read them,
and that is written down.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.chassis.ports import Texts
from libs.chassis.problems import FindingItem, finding_items
from libs.filing.conclusion import Proposal, item_words, words
from libs.filing.content.record import Wizard
from libs.filing.filing import Answer, ReturnedItem
from services.assessment.domain.campaign import Campaign, Settings
from services.assessment.domain.record import Record
from services.assessment.domain.rounds import Drift, Round
from services.assessment.domain.snapshot import (
    FrozenCertificate,
    FrozenEnterprise,
    FrozenPerformance,
    FrozenPerson,
    Generation,
)


class CampaignView(BaseModel):
    id: UUID
    version: int
    status: str
    settings: Settings
    absent: int


class CampaignLine(BaseModel):
    id: UUID
    year: int
    title: str
    status: str
    first_day: date
    last_day: date


class RosterLine(BaseModel):
    """One due enterprise; `record` is none while it has not begun."""

    enterprise: UUID
    uscc: str
    name: str
    supervising_city_code: str
    record: UUID | None
    record_no: str | None
    status: str | None
    result: str | None
    absent: bool


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


def campaign_view(campaign: Campaign) -> CampaignView:
    return CampaignView(
        id=campaign.id,
        version=campaign.version,
        status=campaign.phase,
        settings=campaign.settings,
        absent=len(campaign.absent),
    )


def campaign_line(row: Any) -> CampaignLine:
    return CampaignLine.model_validate({**dict(row), "status": row["phase"]})


def record_view(
    record: Record, content: GenerationView | None = None, *, steps: bool = True
) -> RecordView:
    rounds = [
        RoundView(
            round=n,
            generation=each.generation,
            sent_at=each.sent_at,
            acknowledged=each.acknowledged,
            answers=each.answers,
        )
        for n, each in enumerate(record.rounds, 1)
    ]
    return RecordView(
        id=record.id,
        version=record.version,
        campaign=record.campaign,
        enterprise=record.enterprise,
        record_no=record.record_no,
        status=record.status,
        round=record.round,
        receipt_no=record.receipt_no or None,
        rounds=rounds,
        generations=len(record.generations),
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
    generation: Generation, names: Mapping[UUID, str], texts: Texts, sent: Round | None = None
) -> GenerationView:
    """`sent`: the round as which it is read, with everything that was found up to the sending."""
    snapshot = generation.snapshot
    findings, read = (sent.findings, sent.acknowledged) if sent else (snapshot.findings, ())
    return GenerationView(
        generation=generation.no,
        generated_at=generation.at,
        snapshot_sha256=generation.sha256,
        enterprise=snapshot.enterprise,
        net_assets_wan=str(snapshot.net_assets_wan)
        if snapshot.net_assets_wan is not None
        else None,
        certificates=snapshot.certificates,
        persons=[
            PersonView(**dict(each), name=names.get(each.filing)) for each in generation.persons
        ],
        performances=snapshot.performances,
        choices=snapshot.choices,
        findings=finding_items(findings, texts, read),
        proposal=_proposal(snapshot.proposal),
    )


def receipt(record: Record, after: tuple[str, str]) -> Receipt:
    return Receipt(
        receipt_no=record.receipt_no,
        round=record.round,
        sent_at=record.rounds[-1].sent_at,
        zh=after[0],
        en=after[1],
    )


def _proposal(proposal: Proposal) -> ProposalView:
    told = [*(item_words(each) for each in proposal.per_item), words(proposal)]
    return ProposalView(
        result=proposal.result,
        provisional=proposal.provisional,
        zh=[each.zh for each in told],
        en=[each.en for each in told],
        proposal=proposal,
    )
