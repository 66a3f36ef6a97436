"""Scans that were sent with a record: of its generation, and of the sending itself. These the
authority may open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.application import Application
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.content.scans import scans_in
from services.assessment.records.domain.experts import is_before
from services.assessment.records.domain.record import Generated, Record
from services.assessment.records.domain.slots import Slot, slots_of


@dataclass(frozen=True)
class GeneratedScan:
    record: UUID
    generation: int
    scan: UUID
    in_slot: bool = False  # of the generation alone: a sending may have another one there


@dataclass(frozen=True)
class SentGeneration:
    record: UUID
    generation: int
    whole: bool = False  # with the slots as generated, which it did not name yet


generated_scans = ReadModel(
    "generated_scans",
    GeneratedScan,
    key=("record", "generation", "scan"),
    indexes={"generated_scans_by_scan": "(scan)"},
)
sent_generations = ReadModel("sent_generations", SentGeneration, key=("record", "generation"))


@generated_scans.on(Record.AssessmentGenerated, Record.AssessmentRegenerated)
def _generated(e: Generated, at: StoredEvent) -> Iterator[Change]:
    in_slots = _scans(slots_of(e.snapshot.choices))
    for scan in sorted({each.scan for each in scans_in(e.snapshot)}):
        yield generated_scans.put(GeneratedScan(at.stream, e.generation, scan, scan in in_slots))


@generated_scans.on(Record.AssessmentSent)
def _in_slots(e: Record.AssessmentSent, at: StoredEvent) -> Iterator[Change]:
    for scan in sorted(_scans(e.slots or ())):
        yield generated_scans.put(GeneratedScan(at.stream, e.generation, scan))


@sent_generations.on(Record.AssessmentSent)
def _sent(e: Record.AssessmentSent, at: StoredEvent) -> Iterator[Change]:
    yield sent_generations.put(SentGeneration(at.stream, e.generation, whole=e.slots is None))


def _scans(slots: Iterable[Slot]) -> set[UUID]:
    return {each.scan for slot in slots for each in slot.scans}


SENT = """
SELECT g.* FROM generated_scans g
JOIN sent_generations s ON s.record = g.record AND s.generation = g.generation
WHERE g.scan = $1 AND (s.whole OR NOT g.in_slot)
"""


async def is_sent(application: Application, scan: UUID) -> bool:
    return bool(await select(application.pool, GeneratedScan, SENT, scan))


async def is_before_expert(application: Application, scan: UUID, expert: str) -> bool:
    """Whether a record that lies before this expert was sent with it."""
    sent = await select(application.pool, GeneratedScan, SENT, scan)
    records = [await application.read(Record, id) for id in {each.record for each in sent}]
    return any(is_before(each, expert) for each in records)
