"""待办 of an enterprise with its performance: contracts without a project, projects that cannot be
chosen (domain book 5.4).
"""

from uuid import UUID

from libs.chassis.http.dependencies import Store
from libs.chassis.identity.access import Granted
from libs.filing.worklist import Progress, Task, WorkKind, YearStep, reason
from services.projects.contracts import lists as contract_lists
from services.projects.contracts.lists import ContractRow
from services.projects.projects import lists as project_lists
from services.projects.projects.domain import reasons
from services.projects.projects.lists import ListedProject
from services.worklist import Awaiting, known


async def awaiting(reach: Granted, store: Store) -> Awaiting:
    enterprise = await reach.own()
    tasks = [_project(each) for each in await project_lists.unselectable(store, enterprise)]
    tasks += map(_contract, await contract_lists.without_project(store, enterprise))
    if not tasks and not await contract_lists.has_any(store, enterprise):
        tasks.append(_nothing(enterprise))
    works = await project_lists.works(store, enterprise)
    enough = works.selectable > 0
    progress = Progress.counted(YearStep.PROJECTS, works.selectable, works.known, enough=enough)
    return Awaiting(known(tasks), [progress])


def _project(row: ListedProject) -> Task:
    (why, *_) = reasons(saved=row.saved, stages=row.stages)
    return Task(
        kind=WorkKind.UNFINISHED,
        id=row.id,
        title=row.name or row.contract_name or "",
        action="add_stage" if row.saved else "save",
        path=f"/projects/{row.id}",
        reason=why,
    )


def _contract(row: ContractRow) -> Task:
    return Task(
        kind=WorkKind.UNFINISHED,
        id=row.id,
        title=row.name,
        action="add_project",
        path=f"/contracts/{row.id}",
        reason=reason("contract_without_project"),
    )


def _nothing(enterprise: UUID) -> Task:
    return Task(
        kind=WorkKind.MISSING,
        id=enterprise,
        title="",
        action="add_contract",
        path="/contracts",
        reason=reason("performance_missing"),
    )
