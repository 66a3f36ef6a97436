"""Commands of the wizard: each step is saved by itself, then everything is generated."""

from typing import TypeVar
from uuid import UUID

from libs.chassis.scans.scan import known_scans
from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.refusal import refuse
from libs.events.value import Value
from libs.filing.content.record import Wizard
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.rules.slots import slot_findings
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.slots import FIELDS
from services.assessment.wizard import checks
from services.assessment.wizard.domain import choosing, generating
from services.assessment.wizard.gathering import sources_of

V = TypeVar("V", bound=Value)


@use_case(action="save")
async def save_step(work: UnitOfWork, id: UUID, step: str, content: Value) -> Record:
    """保存 of one step, with what the uploads say of its scans."""
    record = await work.target(Record, id)
    complete = await _filled(work, record, content)
    choices = Wizard().model_copy(update={FIELDS[step]: complete})
    available = (await sources_of(work, record)).available(choosing.chosen(record))
    choosing.save_step(record, work.act, step, choices, available=available)
    return record


@use_case(action="generate")
async def generate(work: UnitOfWork, id: UUID) -> Record:
    """生成, 重新生成."""
    record = await work.target(Record, id)
    sources = await sources_of(work, record)
    made = await checks.judged_choices(work, record, sources)
    generating.refuse_generating(record, made.findings)
    frozen = generating.freeze(sources, made.wizard, made.judged, made.findings)
    generating.generate(record, work.act, *frozen)
    return record


async def _filled(work: UnitOfWork, record: Record, content: V) -> V:
    """The content with what the uploads say of its scans. Raises Refused for an unknown one, and
    for one that does not fit its slot.
    """
    wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
    complete = with_scans(content, await known_scans(work, record, wanted))
    refuse(slot_findings(complete))
    return complete
