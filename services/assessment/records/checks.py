"""What stands against sending a record, with the facts that are looked up for it."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.refusal import Finding
from libs.filing.rules.record_generate import a09
from libs.filing.rules.record_send import a19
from services.assessment.records.domain import sending
from services.assessment.records.domain.record import Record
from services.assessment.records.of_enterprise import earlier_results
from services.assessment.records.persons import is_claimed_elsewhere
from services.assessment.wizard.checks import findings_before_generating
from services.assessment.wizard.domain.sources import Sources
from services.assessment.wizard.gathering import sources_of


@dataclass(frozen=True)
class RecordFindings:
    """What stands against generating a record anew, and against sending it."""

    generating: list[Finding]
    sending: list[Finding]


async def findings_before_starting(
    work: UnitOfWork, campaign: UUID, enterprise: UUID, sources: Sources
) -> list[Finding]:
    """What stands against 添加: there is one already, or something of it is missing."""
    begun = await work.find(Record, Record.create_id(campaign, enterprise))
    return [*a09(exists=begun is not None), *sources.before_starting(work.act.today)]


async def findings_of(work: UnitOfWork, record: Record) -> RecordFindings:
    """Everything, as `:check` says it before anything is acknowledged."""
    sources = await sources_of(work, record)
    of_sources = await findings_of_sources(work, record, sources)
    return RecordFindings(
        generating=await findings_before_generating(work, record, sources),
        sending=[*sending.findings_before_sending(record), *of_sources],
    )


async def findings_of_sources(
    work: UnitOfWork, record: Record, sources: Sources, acknowledged: tuple[str, ...] = ()
) -> list[Finding]:
    """Of what 发送 would send beside what its sources say now; nothing where nothing was generated,
    which the record's own state says.
    """
    if (ready := record.ready) is None:
        return []
    findings = sources.before_sending(
        ready.snapshot, ready.persons, record.state, work.act.today, acknowledged
    )
    for n, person in enumerate(ready.persons):
        elsewhere = await is_claimed_elsewhere(work, record, person.person_key)
        findings += a19(n, claimed_elsewhere=elsewhere)
    return findings


async def findings_for_review(work: UnitOfWork, record: Record, sources: Sources) -> list[Finding]:
    """What is found in it for the reviewer alone."""
    if (ready := record.ready) is None:
        return []
    return sources.for_review(ready.snapshot, await earlier_results(work, record))
