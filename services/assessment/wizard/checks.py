"""What the rules say of a record's choices, before they are generated."""

from libs.events.application import UnitOfWork
from libs.events.refusal import Finding
from services.assessment.records.domain.record import Record
from services.assessment.wizard.claimed_stages import claimed_elsewhere
from services.assessment.wizard.domain import generating
from services.assessment.wizard.domain.generating import JudgedChoices
from services.assessment.wizard.domain.sources import Sources


async def judged_choices(work: UnitOfWork, record: Record, sources: Sources) -> JudgedChoices:
    """With what sent records of other enterprises put forward."""
    claims = sources.claims(sources.proposed(record.wizard))
    claimed = await claimed_elsewhere(work.pool, record, claims)
    return generating.judged_choices(record, sources, work.act.today, claimed)


async def findings_before_generating(
    work: UnitOfWork, record: Record, sources: Sources
) -> list[Finding]:
    """What the record's own state says against it, else what the rules say of its choices."""
    if against := generating.findings_before_generating(record):
        return against
    return (await judged_choices(work, record, sources)).findings
