"""Commands of projects 项目: added to a contract, saved, moved to another, deleted."""

from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.events.refusal import Refused, refuse
from libs.filing.content.performance import Project as Content
from libs.filing.rules.project import j01
from services.projects.contracts.facts import saved_contract, use_of
from services.projects.existing import target
from services.projects.filling import filled
from services.projects.projects.domain import Project


@use_case()
async def add_project(work: UnitOfWork, enterprise: UUID, content: Content) -> Project:
    """添加, with nothing but its contract, or filled in and saved at once. Raises Refused (J01)
    without a saved contract.
    """
    if content.contract is None:
        raise Refused(j01(saved=False))
    project = await _begin(work, enterprise, content.contract)
    if content != Content(contract=content.contract):
        await _save(work, project, content)
    work.created(f"/projects/{project.id}")
    return project


@use_case(action="save")
async def save_project(work: UnitOfWork, id: UUID, content: Content) -> Project:
    """保存; on another contract it is taken from the one and placed on the other."""
    project = await target(work, Project, id)
    before = project.contract
    await _save(work, project, content)
    if project.contract != before:
        (await use_of(work, before)).take_away(work.act, id)
        (await use_of(work, project.contract)).place(work.act, id)
    return project


@use_case(action="delete")
async def delete_project(work: UnitOfWork, id: UUID) -> Project:
    """删除, with its stages."""
    project = await target(work, Project, id)
    (await use_of(work, project.contract)).take_away(work.act, id)
    project.delete(work.act)
    return project


async def _begin(work: UnitOfWork, enterprise: UUID, contract: UUID) -> Project:
    on = await saved_contract(work, enterprise, contract)
    refuse(j01(saved=on is not None))
    project = Project.add(work.act, work.ids.new(), enterprise, contract=contract)
    (await use_of(work, contract)).place(work.act, project.id)
    return work.add(project)


async def _save(work: UnitOfWork, project: Project, content: Content) -> None:
    """Without a client of its own it has the contract's."""
    on = await saved_contract(work, project.owner, content.contract)
    client = content.client_name or (on.client_name if on else None)
    named = content.model_copy(update={"client_name": client})
    project.save(work.act, await filled(work, project, named), on)
