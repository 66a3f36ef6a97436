"""What the rules must know of a contract besides what is filled in, and what they say of it."""

from uuid import UUID

from libs.chassis.replicas.directory import Directory
from libs.events import claims
from libs.events.application import Application, Command, UnitOfWork
from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.content.performance import Contract as Content
from libs.filing.facts.projects import ContractFacts
from services.projects.contracts.domain import Claimed, Contract, number_claim, placeholder_claim
from services.projects.contracts.use import ContractUse
from services.projects.neighbours.certificates import certificates
from services.projects.neighbours.people import people_here


async def facts_for(work: UnitOfWork, contract: Contract, content: Content) -> ContractFacts:
    """Facts from elsewhere about this content of the contract. Raises Refused for an enterprise
    that is not known.
    """
    enterprise = contract.owner
    listing = await Directory(work.pool).arriving(enterprise)
    number = number_claim(enterprise, content.contract_no or "")
    return ContractFacts(
        uscc=listing.uscc,
        established_on=listing.established_on,
        certificates=await certificates.of(work.pool, enterprise),
        number_taken=await is_taken(work, number, contract),
        another_placeholder=await is_taken(work, placeholder_claim(enterprise), contract),
        here=await people_here(work, enterprise, leaders_of(content)),
    )


async def findings_of(application: Application, contract: Contract, act: Act) -> list[Finding]:
    """What the rules say now of the contract as saved."""
    work = UnitOfWork(application, Command(act))
    facts = await facts_for(work, contract, contract.saved)
    return contract.findings_before_saving(contract.saved, act, facts)


async def saved_contract(work: UnitOfWork, enterprise: UUID, id: UUID | None) -> Content | None:
    """The contract as saved; None if it is not the enterprise's own, not saved, or deleted."""
    found = await work.find(Contract, id) if id else None
    return found.saved if found and found.owner == enterprise and found.is_saved else None


async def use_of(work: UnitOfWork, contract: UUID) -> ContractUse:
    """Which projects the contract has. Raises NotFound."""
    return await work.load(ContractUse, ContractUse.create_id(contract))


def leaders_of(content: Content) -> list[UUID]:
    """Who leads the project by the contract; nobody leads 暂无业绩."""
    leader = content.project_leader_person_id
    return [leader] if leader and not content.is_placeholder else []


async def is_taken(work: UnitOfWork, claimed: Claimed, contract: Contract) -> bool:
    """Held by another contract."""
    holders = [await claims.holder(work, *each) for each in claimed.spellings]
    return any(each is not None and each.subject != contract.id for each in holders)
