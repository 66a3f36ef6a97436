"""What the rules say of a project as saved, on its contract as saved."""

from libs.events.application import Application, Command, UnitOfWork
from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.rules.project import j01
from services.projects.contracts.facts import saved_contract
from services.projects.projects.domain import Project


async def findings_of(application: Application, project: Project, act: Act) -> list[Finding]:
    """What the rules say now of the project; of one that is not saved, why it cannot be chosen."""
    return project.reasons if project.saved is None else await saving_of(application, project, act)


async def saving_of(application: Application, project: Project, act: Act) -> list[Finding]:
    """What stands against saving the project as it stands; before the first saving, against one
    on its contract.
    """
    work = UnitOfWork(application, Command(act))
    on = await saved_contract(work, project.owner, project.contract)
    if project.saved is None:
        return j01(saved=on is not None)
    return project.findings_before_saving(project.saved, on)
