"""Commands of contracts 合同: added, saved, deleted, with the claims that go with each."""

from collections.abc import Set
from uuid import UUID

from libs.events import claims
from libs.events.application import UnitOfWork
from libs.events.commands import use_case
from libs.filing.content.performance import Contract as Content
from services.projects.contracts.domain import Claimed, Contract, marked
from services.projects.contracts.facts import facts_for, use_of
from services.projects.contracts.use import ContractUse
from services.projects.existing import target
from services.projects.filling import filled


@use_case()
async def add_contract(work: UnitOfWork, enterprise: UUID, content: Content) -> Contract:
    """添加合同, saved at once."""
    contract = Contract.add(work.act, work.ids.new(), enterprise)
    await _save(work, contract, content)
    work.add(ContractUse.begin_for(work.act, contract.id, enterprise))
    work.created(f"/contracts/{contract.id}")
    return work.add(contract)


@use_case(action="save")
async def save_contract(work: UnitOfWork, id: UUID, content: Content) -> Contract:
    """保存."""
    contract = await target(work, Contract, id)
    await _save(work, contract, content)
    return contract


@use_case(action="delete")
async def delete_contract(work: UnitOfWork, id: UUID) -> Contract:
    """删除. Raises Refused (C11) while the contract has projects."""
    contract = await target(work, Contract, id)
    (await use_of(work, id)).end(work.act)
    before = contract.claims
    contract.delete(work.act)
    await _move_claims(work, contract, before)
    return contract


async def _save(work: UnitOfWork, contract: Contract, content: Content) -> None:
    complete = marked(await filled(work, contract, content))
    before = contract.claims
    contract.save(work.act, complete, await facts_for(work, contract, complete))
    await _move_claims(work, contract, before)


async def _move_claims(work: UnitOfWork, contract: Contract, before: Set[Claimed]) -> None:
    """Takes what the contract needs now, gives back what it no longer needs."""
    holder = claims.Holder(enterprise=contract.owner, subject=contract.id)
    for old in sorted(before - contract.claims):
        for spelt in old.spellings:
            await claims.free(work, *spelt, contract.id)
    for new in sorted(contract.claims - before):
        await claims.take(work, new.kind, new.key, contract.owner, holder)
