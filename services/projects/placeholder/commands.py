"""The command of the placeholder 暂无业绩: an enterprise without new performance says so."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.filing.content.performance import Contract, Stage
from libs.filing.content.performance import Project as ProjectContent
from libs.filing.rules.placeholder import NAME
from services.projects.contracts.commands import add_contract
from services.projects.projects.commands import add_project
from services.projects.projects.domain import Project

STAGE = Stage(stage="D1", status="1")  # any stage makes it selectable


@use_case()
async def add_placeholder(work: UnitOfWork, enterprise: UUID, contract_no: str | None) -> Project:
    """新建暂无业绩: contract, project and stage, three ordinary records. Raises Refused (C10) if
    there is one already.
    """
    number = contract_no or f"ZWYJ-{work.act.today:%Y%m%d}-{work.ids.token(8)}"
    named = Contract(contract_no=number, name=NAME)
    contract = await add_contract.within(work, enterprise, named)
    empty = ProjectContent(contract=contract.id, name=NAME)
    project = await add_project.within(work, enterprise, empty)
    project.save_stage(work.act, work.ids.new(), STAGE, contract.saved, {})
    work.created(f"/projects/{project.id}")
    return project
