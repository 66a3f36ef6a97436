"""A sent snapshot never changes; the reviewer is told when a source did (decision 36)."""

from collections.abc import Sequence
from uuid import UUID

from libs.events.value import Act
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import Drift
from services.assessment.records.domain.status import AWAITED
from services.assessment.wizard.domain.sources import Sources


def compare(assessment: Record, act: Act, sources: Sources) -> None:
    """Tells every source of the latest generation that has moved by now."""
    if latest := assessment.latest:
        drifts = [
            Drift(pointer=each.pointer, version=each.version, now=each.now)
            for each in (
                *sources.filed_sources(latest.snapshot, latest.persons),
                *sources.saved_sources(latest.snapshot),
            )
        ]
        _tell(assessment, act, drifts)


def hear_of_enterprise(assessment: Record, act: Act, now: int) -> None:
    """The enterprise has an approved version `now`."""
    if latest := assessment.latest:
        version = latest.snapshot.enterprise.filed_version
        _tell(assessment, act, [Drift(pointer="/enterprise", version=version, now=now)])


def hear_of_person(assessment: Record, act: Act, person: UUID, now: int | None) -> None:
    """The person has an approved version `now`, or is released."""
    if latest := assessment.latest:
        drifts = [
            Drift(pointer=f"/persons/{n}", version=each.filed_version, now=now)
            for n, each in enumerate(latest.persons)
            if each.person_id == person
        ]
        _tell(assessment, act, drifts)


def hear_of_project(assessment: Record, act: Act, project: UUID, now: int | None) -> None:
    """The project was saved as version `now`, or deleted."""
    if latest := assessment.latest:
        drifts = [
            Drift(pointer=f"/performances/{n}", version=each.project.version, now=now)
            for n, each in enumerate(latest.snapshot.performances)
            if each.project_id == project
        ]
        _tell(assessment, act, drifts)


def _tell(assessment: Record, act: Act, drifts: Sequence[Drift]) -> None:
    """Records what is newer than the snapshot of a record that review still has."""
    moved = tuple(each for each in drifts if each.now is None or each.now > each.version)
    if moved and assessment.status in AWAITED:
        assessment.record(Record.SnapshotDrifted(act=act, round=assessment.round, drifts=moved))
