"""Routes of contracts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.chassis.http.checks import Checked, checked
from libs.chassis.http.commands import Asking, Changing, Commanding, Do, Reply
from libs.chassis.http.conditions import AtVersion
from libs.chassis.http.dependencies import App, Store, TheCatalogue
from libs.chassis.http.history import Step, steps
from libs.chassis.http.pages import Listed, Page
from libs.chassis.http.positions import CaughtUp
from libs.chassis.identity.access import Granted
from libs.chassis.problems.handlers import warnings
from libs.events.application import Application
from libs.events.strict import LINE
from libs.events.value import Act
from libs.filing.content.performance import Contract as Content
from services.projects.contracts import commands, lists
from services.projects.contracts.domain import Contract
from services.projects.contracts.facts import findings_of
from services.projects.contracts.schemas import ContractLine, ContractView, contract_view
from services.projects.contracts.use import ContractUse
from services.projects.existing import existing
from services.projects.sent.lists import sent_contracts

router = APIRouter(prefix="/contracts")


@router.post("", status_code=201, dependencies=[CaughtUp])
async def add_contract(
    body: Content, command: Commanding, reach: Granted, do: Do, app: App, words: TheCatalogue
) -> ContractView:
    """添加合同 · Add a contract and save it"""
    enterprise = await reach.own()
    contract = await do(commands.add_contract, command, enterprise, body)
    return await _saved(app, contract, command.act, words)


@router.get("", dependencies=[CaughtUp])
async def list_contracts(
    reach: Granted,
    page: Page,
    store: Store,
    enterprise: UUID | None = None,
    q: Annotated[str | None, Query(max_length=50), LINE] = None,
) -> Listed[ContractLine]:
    """合同列表 · Contracts within reach, to the authority as sent with a record. `q` is a part of
    the name or number
    """
    listed = sent_contracts if reach.only_sent else lists.within_reach
    after = page.after(UUID, int) if reach.only_sent else page.after(UUID)
    found = await listed(
        store, reach.scope, enterprise=enterprise, text=q, after=after, limit=page.fetch
    )
    return page.along(found, show=ContractLine.model_validate)


@router.get("/{id}")
async def read_contract(
    id: UUID, reach: Granted, reply: Reply, app: App, version: AtVersion = None
) -> ContractView:
    """合同 · The contract as saved, to the authority as sent with a record"""
    contract = existing(await reach.read(app, Contract, id, version))
    reply.item(contract.version)
    return contract_view(contract)


@router.get("/{id}/history")
async def read_contract_history(id: UUID, reach: Granted, app: App) -> list[Step]:
    """历史记录 · Who did what, when; also of a deleted contract"""
    return steps(await reach.history(app, Contract, id))


@router.put("/{id}", dependencies=[CaughtUp])
async def save_contract(
    id: UUID,
    body: Content,
    command: Changing,
    reach: Granted,
    do: Do,
    app: App,
    words: TheCatalogue,
) -> ContractView:
    """保存 · Save the contract"""
    await reach.read(app, Contract, id)
    contract = await do(commands.save_contract, command, id, body)
    return await _saved(app, contract, command.act, words)


@router.delete("/{id}")
async def delete_contract(
    id: UUID, command: Changing, reach: Granted, do: Do, app: App
) -> ContractView:
    """删除 · Delete a contract on which no project stands"""
    await reach.read(app, Contract, id)
    return contract_view(await do(commands.delete_contract, command, id))


@router.post("/{id}:check")
async def check_contract(
    id: UUID, act: Asking, reach: Granted, app: App, words: TheCatalogue
) -> Checked:
    """检查 · What the rules say of the contract, and what may be done"""
    contract = existing(await reach.read(app, Contract, id))
    findings = await findings_of(app, contract, act)
    use = await app.read(ContractUse, ContractUse.create_id(id))
    actions = contract.actions(saving=findings, deleting=use.findings_before_ending())
    return checked(findings, actions, words)


async def _saved(
    app: Application, contract: Contract, act: Act, words: TheCatalogue
) -> ContractView:
    """The contract with its warnings."""
    return contract_view(contract, warnings(await findings_of(app, contract, act), words))
