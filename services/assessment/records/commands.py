"""Commands of records: begun, sent, asked back."""

from uuid import UUID

from libs.chassis.replicas.directory import Directory
from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.pools import Pool
from libs.events.refusal import refuse
from libs.filing.facts.record import CampaignFacts
from libs.filing.filing import Answer, number
from services.assessment.records import persons
from services.assessment.records.checks import (
    findings_before_starting,
    findings_for_review,
    findings_of_sources,
)
from services.assessment.records.domain import sending
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import SendingEnterprise, terms_of
from services.assessment.wizard.gathering import sources_for, sources_of


@use_case(action="start")
async def start(work: UnitOfWork, campaign: UUID, enterprise: UUID) -> Record:
    """添加: refused at once with everything that is missing."""
    sources = await sources_for(work, campaign, enterprise)
    refuse(await findings_before_starting(work, campaign, enterprise, sources))
    sender = await _sender(work.pool, enterprise)
    record_no = _record_no(work, sources.campaign, sender)
    record = work.add(Record.start(work.act, campaign, enterprise, record_no))
    work.created(f"/records/{record.id}")
    return record


@use_case(action="send")
async def send(
    work: UnitOfWork, id: UUID, acknowledged: tuple[str, ...], answers: tuple[Answer, ...]
) -> Record:
    """发送. Pressed twice it is one sending, with the same receipt."""
    record = await work.load(Record, id)
    asked_from = work.command.expected or ()
    if not any(sending.was_sent_from(record, each) for each in asked_from):
        before = work.made_from(record).claimed
        await _send(work, record, acknowledged, answers)
        await persons.claim(work, record, before)
    return record


async def _send(
    work: UnitOfWork, record: Record, acknowledged: tuple[str, ...], answers: tuple[Answer, ...]
) -> None:
    sources = await sources_of(work, record)
    sender = await _sender(work.pool, record.enterprise)
    sending.send(
        record,
        work.act,
        sender,
        terms_of(sources.campaign),
        _receipt_no(work, sender),
        findings=await findings_of_sources(work, record, sources, acknowledged),
        for_review=await findings_for_review(work, record, sources),
        acknowledged=acknowledged,
        answers=answers,
    )


@use_case(action="withdraw")
async def ask_withdrawal(work: UnitOfWork, id: UUID) -> Record:
    """撤回: review grants or refuses it."""
    record = await work.target(Record, id)
    sending.ask_withdrawal(record, work.act)
    work.accepted(f"/records/{id}")
    return record


async def _sender(pool: Pool, enterprise: UUID) -> SendingEnterprise:
    """The enterprise as the directory knows it. Raises Refused (STATE) if it does not."""
    listing = await Directory(pool).arriving(enterprise)
    return SendingEnterprise(
        uscc=listing.uscc,
        name=listing.name,
        supervising_city_code=listing.supervising_city_code,
    )


def _record_no(work: UnitOfWork, campaign: CampaignFacts, sender: SendingEnterprise) -> str:
    return f"{campaign.year}-{sender.supervising_city_code}-{work.ids.token(6)}"


def _receipt_no(work: UnitOfWork, sender: SendingEnterprise) -> str:
    return number(sender.supervising_city_code, f"{work.act.today:%Y%m%d}", work.ids.token(8))
