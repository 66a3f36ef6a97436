"""What the rules must know of a stage besides what is filled in, and what they say of it."""

from uuid import UUID

from libs.events.application import Application, Command, UnitOfWork
from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.content.performance import Stage
from services.projects.contracts.facts import saved_contract
from services.projects.neighbours.people import people_here
from services.projects.projects.domain import Project


async def findings_of_stage(
    application: Application, project: Project, stage: UUID, act: Act
) -> list[Finding]:
    """What the rules say now of one saved stage. Raises NotFound."""
    work = UnitOfWork(application, Command(act))
    content = project.stage(stage)
    on = await saved_contract(work, project.owner, project.contract)
    here = await people_here(work, project.owner, participants_of(content))
    return project.findings_before_saving_stage(stage, content, on, here)


async def findings_of_stages(application: Application, project: Project, act: Act) -> list[Finding]:
    """Of all saved stages, each with its place in the project."""
    return [
        found.model_copy(update={"pointer": f"/stages/{n}{found.pointer}"})
        for n, stage in enumerate(project.stages)
        for found in await findings_of_stage(application, project, stage, act)
    ]


def participants_of(stage: Stage) -> frozenset[UUID]:
    return frozenset(each.person_id for each in stage.participants if each.person_id)
