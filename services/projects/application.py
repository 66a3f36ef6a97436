"""Commands of the projects service: load, look up facts, decide, save."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar
from uuid import UUID

from libs.chassis.directory import Directory, Listing
from libs.chassis.scans import known_scans
from libs.events import claims
from libs.events.aggregate import Aggregate
from libs.events.application import Application, Command, Unit, use_case
from libs.events.errors import NotFound
from libs.events.refusal import Finding, Refused, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.content.performance import Contract as ContractContent
from libs.filing.content.performance import Project as ProjectContent
from libs.filing.content.performance import Stage
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.facts.projects import ContractFacts, PersonHere
from libs.filing.rules import placeholder
from libs.filing.rules.project import j01
from services.projects import queries
from services.projects.domain.contract import NUMBER, PLACEHOLDER, Contract, marked, number_key
from services.projects.domain.project import Project
from services.projects.domain.use import ContractUse
from services.projects.people import people_here

V = TypeVar("V", bound=Value)
T = TypeVar("T")
S = TypeVar("S", Contract, Project)
# for a newly registered enterprise or a newly saved person to arrive, in seconds
TRIES, PAUSE = 20, 0.05
PLACEHOLDERS_STAGE = Stage(stage="D1", status="1")  # any stage makes it selectable


class ProjectsApplication(Application):
    @use_case
    async def add_contract(
        self, unit: Unit, enterprise: UUID, content: ContractContent
    ) -> Aggregate:
        contract = await self._new_contract(unit, enterprise, content)
        unit.created(f"/contracts/{contract.id}")
        return contract

    @use_case
    async def save_contract(self, unit: Unit, id: UUID, content: ContractContent) -> Aggregate:
        contract = unit.match(await standing(unit, Contract, id))
        await self._save_contract(unit, contract, content)
        return contract

    @use_case
    async def delete_contract(self, unit: Unit, id: UUID) -> Aggregate:
        contract = unit.match(await standing(unit, Contract, id))
        (await use_of(unit, id)).end(unit.act)
        held = contract.claims
        contract.delete(unit.act)
        await self._move(unit, contract, held)
        return contract

    @use_case
    async def add_placeholder(
        self, unit: Unit, enterprise: UUID, contract_no: str | None
    ) -> Aggregate:
        """新建暂无业绩: contract, project and stage, three ordinary records."""
        number = contract_no or f"ZWYJ-{unit.act.today:%Y%m%d}-{self.ids.token(8)}"
        named = ContractContent(contract_no=number, name=placeholder.NAME)
        contract = await self._new_contract(unit, enterprise, named)
        project = await self._new_project(unit, enterprise, contract.id)
        content = ProjectContent(contract=contract.id, name=placeholder.NAME)
        project.save(unit.act, content, contract.saved)
        project.save_stage(unit.act, self.ids.new(), PLACEHOLDERS_STAGE, contract.saved, {})
        unit.created(f"/projects/{project.id}")
        return project

    @use_case
    async def add_project(self, unit: Unit, enterprise: UUID, content: ProjectContent) -> Aggregate:
        """添加, with nothing but the contract to stand on, or filled in and saved at once."""
        if content.contract is None:
            raise Refused(j01(saved=False))
        project = await self._new_project(unit, enterprise, content.contract)
        if content != ProjectContent(contract=content.contract):
            await self._save_project(unit, project, content)
        unit.created(f"/projects/{project.id}")
        return project

    @use_case
    async def save_project(self, unit: Unit, id: UUID, content: ProjectContent) -> Aggregate:
        project = unit.match(await standing(unit, Project, id))
        before = project.contract
        await self._save_project(unit, project, content)
        if project.contract != before:
            (await use_of(unit, before)).take_away(unit.act, id)
            (await use_of(unit, project.contract)).place(unit.act, id)
        return project

    @use_case
    async def delete_project(self, unit: Unit, id: UUID) -> Aggregate:
        project = unit.match(await standing(unit, Project, id))
        (await use_of(unit, project.contract)).take_away(unit.act, id)
        project.delete(unit.act)
        return project

    @use_case
    async def add_stage(self, unit: Unit, id: UUID, content: Stage) -> Aggregate:
        project = unit.match(await standing(unit, Project, id))
        stage = self.ids.new()
        await self._save_stage(unit, project, stage, content)
        unit.created(f"/projects/{id}/stages/{stage}")
        return project

    @use_case
    async def save_stage(self, unit: Unit, id: UUID, stage: UUID, content: Stage) -> Aggregate:
        project = await standing(unit, Project, id)
        project.stage(stage)
        await self._save_stage(unit, unit.match(project), stage, content)
        return project

    @use_case
    async def remove_stage(self, unit: Unit, id: UUID, stage: UUID) -> Aggregate:
        project = await standing(unit, Project, id)
        project.stage(stage)
        unit.match(project).remove_stage(unit.act, stage)
        return project

    # What the rules say now

    async def findings_of_contract(self, contract: Contract, act: Act) -> list[Finding]:
        facts = await self._facts(Unit(self, Command(act)), contract, contract.saved)
        return contract.findings_before_saving(contract.saved, act, facts)

    async def findings_of_project(self, project: Project, act: Act) -> list[Finding]:
        on = await self._on(Unit(self, Command(act)), project.owner, project.contract)
        return (
            project.findings_before_saving(project.saved, on) if project.saved else project.reasons
        )

    async def findings_of_stage(self, project: Project, stage: UUID, act: Act) -> list[Finding]:
        content = project.stage(stage)
        on = await self._on(Unit(self, Command(act)), project.owner, project.contract)
        return project.findings_before_saving_stage(
            stage, content, on, await self._here(project.owner, people_of(content))
        )

    # Parts of the commands

    async def _new_contract(
        self, unit: Unit, enterprise: UUID, content: ContractContent
    ) -> Contract:
        contract = Contract.add(unit.act, self.ids.new(), enterprise)
        await self._save_contract(unit, contract, content)
        unit.add(ContractUse.begin_for(unit.act, contract.id, enterprise))
        return unit.add(contract)

    async def _save_contract(
        self, unit: Unit, contract: Contract, content: ContractContent
    ) -> None:
        content, held = marked(await self._filled(unit, contract.owner, content)), contract.claims
        contract.save(unit.act, content, await self._facts(unit, contract, content))
        await self._move(unit, contract, held)

    async def _new_project(self, unit: Unit, enterprise: UUID, contract: UUID) -> Project:
        refuse(j01(saved=await self._on(unit, enterprise, contract) is not None))
        project = Project.add(unit.act, self.ids.new(), enterprise, contract=contract)
        (await use_of(unit, contract)).place(unit.act, project.id)
        return unit.add(project)

    async def _save_project(self, unit: Unit, project: Project, content: ProjectContent) -> None:
        on = await self._on(unit, project.owner, content.contract)
        client = content.client_name or (on.client_name if on else None)
        content = await self._filled(
            unit, project.owner, content.model_copy(update={"client_name": client})
        )
        project.save(unit.act, content, on)

    async def _save_stage(self, unit: Unit, project: Project, stage: UUID, content: Stage) -> None:
        on = await self._on(unit, project.owner, project.contract)
        project.save_stage(
            unit.act, stage, content, on, await self._here(project.owner, people_of(content))
        )

    async def _on(
        self, unit: Unit, enterprise: UUID, contract: UUID | None
    ) -> ContractContent | None:
        """The contract as saved, if it is the enterprise's own."""
        found = await unit.find(Contract, contract) if contract else None
        return found.saved if found and found.owner == enterprise and found.is_saved else None

    async def _facts(
        self, unit: Unit, contract: Contract, content: ContractContent
    ) -> ContractFacts:
        """What the rules must know besides what is filled in."""
        listing = await self.listing(contract.owner)
        leaders = leaders_of(content)
        number = number_key(contract.owner, content.contract_no or "")
        return ContractFacts(
            uscc=listing.uscc,
            established_on=listing.established_on,
            certificates=await queries.certificates(self.pool, contract.owner),
            number_taken=await self._taken(unit, NUMBER, number, contract),
            another_placeholder=await self._taken(unit, PLACEHOLDER, str(contract.owner), contract),
            here=await self._here(contract.owner, leaders),
        )

    async def _taken(self, unit: Unit, kind: str, key: str, contract: Contract) -> bool:
        holder = await claims.holder(unit, kind, key)
        return holder is not None and holder.subject != contract.id

    async def _move(self, unit: Unit, contract: Contract, held: frozenset[tuple[str, str]]) -> None:
        """Takes what the contract needs now, gives back what it no longer needs."""
        for kind, key in sorted(held - contract.claims):
            await claims.free(unit, kind, key, contract.id)
        for kind, key in sorted(contract.claims - held):
            await claims.take(
                unit,
                kind,
                key,
                contract.owner,
                claims.Holder(enterprise=contract.owner, subject=contract.id),
            )

    async def listing(self, enterprise: UUID) -> Listing:
        """The enterprise as the directory knows it."""
        found = await arriving(lambda: Directory(self.pool).find(enterprise), bool)
        if found is None:
            raise Refused((finding(STATE, case="enterprise_unknown"),))
        return found

    async def _here(self, enterprise: UUID, ids: Collection[UUID]) -> dict[UUID, PersonHere]:
        """Those of them that are saved persons of the enterprise."""
        return await arriving(
            lambda: people_here(self.pool, self.keyring, enterprise, ids),
            lambda found: len(found) == len(ids),
        )

    async def _filled(self, unit: Unit, owner: UUID, content: V) -> V:
        """With what is known of its scans."""
        wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
        return with_scans(content, await known_scans(unit, owner, wanted))


async def standing(unit: Unit, kind: type[S], id: UUID) -> S:
    """What was not deleted. Raises NotFound."""
    found = await unit.load(kind, id)
    if found.deleted:
        raise NotFound
    return found


async def use_of(unit: Unit, contract: UUID) -> ContractUse:
    """Which projects stand on the contract. Raises NotFound."""
    return await unit.load(ContractUse, ContractUse.create_id(contract))


async def arriving(look: Callable[[], Awaitable[T]], complete: Callable[[T], bool]) -> T:
    """Polls for up to a second what was just done elsewhere and is on its way here by topic."""
    for _ in range(TRIES):
        if complete(found := await look()):
            break
        await asyncio.sleep(PAUSE)
    return found


def people_of(stage: Stage) -> frozenset[UUID]:
    return frozenset(each.person_id for each in stage.participants if each.person_id)


def leaders_of(content: ContractContent) -> list[UUID]:
    """Who leads the project by the contract; nobody leads 暂无业绩."""
    leader = content.project_leader_person_id
    return [leader] if leader and not content.is_placeholder else []
