"""Routes of contracts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.chassis.access import Granted, Reach
from libs.chassis.checks import Checked, checked
from libs.chassis.commands import Asking, Changing, Commanding, Reply
from libs.chassis.dependencies import Store, Words, application
from libs.chassis.history import Step, steps
from libs.chassis.pages import Listed, Page
from libs.chassis.positions import CaughtUp
from libs.events.errors import NotFound
from libs.filing.content.performance import Contract as Content
from libs.filing.rules.contract import c11
from services.projects import bodies, queries
from services.projects.application import ProjectsApplication
from services.projects.domain.contract import Contract
from services.projects.domain.project import Project
from services.projects.domain.use import ContractUse
from services.projects.views import (
    ContractLine,
    ContractView,
    PlaceholderView,
    contract_line,
    contract_view,
    project_view,
    warnings,
)

router = APIRouter(prefix="/contracts")
App = Annotated[ProjectsApplication, Depends(application)]
ADDED_AND_SAVED = 2  # version of a new contract, as a repeated command must show it


@router.post("", status_code=201, dependencies=[CaughtUp])
async def add_contract(
    body: Content, command: Commanding, reach: Granted, reply: Reply, app: App, words: Words
) -> ContractView:
    """添加合同 · Add a contract and save it"""
    if (enterprise := command.act.by.enterprise) is None:
        raise NotFound
    await reach.to(enterprise)
    outcome = await app.add_contract(command, enterprise, body)
    reply.done(outcome)
    contract = await app.read(Contract, outcome.stream, outcome.version)
    return contract_view(
        contract, warnings(await app.findings_of_contract(contract, command.act), words)
    )


@router.post(":placeholder", status_code=201)
async def add_placeholder(
    command: Commanding,
    reach: Granted,
    reply: Reply,
    app: App,
    words: Words,
    body: bodies.NewPlaceholder | None = None,
) -> PlaceholderView:
    """新建暂无业绩 · Contract, project and stage that say: no new performance"""
    if (enterprise := command.act.by.enterprise) is None:
        raise NotFound
    await reach.to(enterprise)
    outcome = await app.add_placeholder(command, enterprise, body.contract_no if body else None)
    reply.done(outcome)
    project = await app.read(Project, outcome.stream, outcome.version)
    contract = await app.read(Contract, project.contract, ADDED_AND_SAVED)
    return PlaceholderView(contract=contract_view(contract), project=project_view(project, words))


@router.get("", dependencies=[CaughtUp])
async def list_contracts(
    reach: Granted,
    page: Page,
    store: Store,
    enterprise: UUID | None = None,
    q: Annotated[str | None, Query(max_length=50)] = None,
) -> Listed[ContractLine]:
    """合同列表 · Contracts within reach. `q` is a part of the name or number"""
    after = page.after(UUID)
    rows = await queries.contracts(
        store, reach.scope, enterprise, q, after[0] if after else None, page.fetch
    )
    return page.of(rows, key=lambda row: (str(row["id"]),), show=contract_line)


@router.get("/{id}")
async def read_contract(id: UUID, reach: Granted, reply: Reply, app: App) -> ContractView:
    """合同 · The contract as saved"""
    contract = await within(app, reach, id)
    if contract.deleted:
        raise NotFound
    reply.item(contract.version)
    return contract_view(contract)


@router.get("/{id}/history")
async def read_contract_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; also of a deleted contract"""
    await within(app, reach, id)
    return steps(await app.history(id))


@router.put("/{id}", dependencies=[CaughtUp])
async def save_contract(
    id: UUID, body: Content, command: Changing, reach: Granted, reply: Reply, app: App, words: Words
) -> ContractView:
    """保存 · Save the contract"""
    await within(app, reach, id)
    outcome = await app.save_contract(command, id, body)
    reply.done(outcome)
    contract = await app.read(Contract, id, outcome.version)
    return contract_view(
        contract, warnings(await app.findings_of_contract(contract, command.act), words)
    )


@router.delete("/{id}")
async def delete_contract(
    id: UUID, command: Changing, reach: Granted, reply: Reply, app: App
) -> ContractView:
    """删除 · Delete a contract on which no project stands"""
    await within(app, reach, id)
    outcome = await app.delete_contract(command, id)
    reply.done(outcome)
    return contract_view(await app.read(Contract, id, outcome.version))


@router.post("/{id}:check")
async def check_contract(id: UUID, act: Asking, reach: Granted, app: App, words: Words) -> Checked:
    """检查 · What the rules say of the contract, and what may be done"""
    contract = await within(app, reach, id)
    if contract.deleted:
        raise NotFound
    findings = await app.findings_of_contract(contract, act)
    use = await app.read(ContractUse, ContractUse.create_id(id))
    return checked(findings, {"save": findings, "delete": c11(projects=len(use.projects))}, words)


async def within(app: ProjectsApplication, reach: Reach, id: UUID) -> Contract:
    contract = await app.read(Contract, id)
    await reach.to(contract.owner)
    return contract
