"""Because of what other services tell, sent records hear that one of their sources has moved:
approved versions, and projects that were saved again or are gone.
"""

from libs.events.application import UnitOfWork
from libs.events.policy import Policy
from libs.events.records import StoredEvent
from libs.published import enterprise, personnel, projects
from services.assessment.drifts import domain as drifts
from services.assessment.records.domain.record import Record
from services.assessment.records.of_enterprise import records_of
from services.assessment.wizard.gathering import sources_of

enterprises = Policy("assessment.enterprises")
people = Policy("assessment.people")
performance = Policy("assessment.performance")
sendings = Policy("assessment.sendings")


@enterprises.on(enterprise.FilingApproved)
async def enterprise_changed(
    work: UnitOfWork, fact: enterprise.FilingApproved, at: StoredEvent
) -> None:
    for record in await records_of(work, at.owner):
        drifts.hear_of_enterprise(record, work.act, fact.filed_version)


@people.on(personnel.FilingApproved)
async def person_changed(work: UnitOfWork, fact: personnel.FilingApproved, at: StoredEvent) -> None:
    for record in await records_of(work, at.owner):
        now = None if fact.released_as else fact.filed_version
        drifts.hear_of_person(record, work.act, at.stream, now)


@performance.on(projects.ProjectSaved, projects.StageSaved, projects.StageRemoved)
async def project_changed(work: UnitOfWork, fact: object, at: StoredEvent) -> None:
    for record in await records_of(work, at.owner):
        drifts.hear_of_project(record, work.act, at.stream, at.version)


@performance.on(projects.ProjectDeleted)
async def project_deleted(work: UnitOfWork, fact: projects.ProjectDeleted, at: StoredEvent) -> None:
    for record in await records_of(work, at.owner):
        drifts.hear_of_project(record, work.act, at.stream, None)


@sendings.on(Record.AssessmentSent)
async def compare_again(work: UnitOfWork, fact: Record.AssessmentSent, at: StoredEvent) -> None:
    """What moved between the clerk's last look and the sending."""
    record = await work.load(Record, at.stream)
    drifts.compare(record, work.act, await sources_of(work, record))
