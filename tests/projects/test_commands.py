"""Commands of the projects service on streams in memory: what changes together, and what is
refused first.
"""

from typing import Any, cast
from uuid import UUID

import pytest

from libs.events.aggregate import Aggregate
from libs.events.application import Command, UnitOfWork
from libs.events.claims import Claim, Holder
from libs.events.errors import NotFound, VersionMismatch
from libs.events.refusal import Refused
from libs.events.testing import given
from services.projects.contracts import commands as contracts
from services.projects.contracts.domain import NUMBER, Contract, number_claim
from services.projects.contracts.facts import is_taken
from services.projects.contracts.use import ContractUse
from services.projects.existing import target
from services.projects.projects import commands as projects
from services.projects.projects.domain import Project
from services.projects.stages import commands as stages
from tests.filing import performance as made
from tests.given import ENTERPRISE, clerk, id_of

OLD, NEW, PROJECT, STAGE = made.CONTRACT, id_of("new contract"), id_of("project"), id_of("stage")
DATA = made.project()


class Nowhere:
    """A log without streams."""

    async def find(self, kind: type[Aggregate], id: UUID) -> None:
        return None


def working(*items: Aggregate, expected: int | None = None) -> UnitOfWork:
    """On these items as they stand."""
    streams = {each.id: (each.version, each) for each in items}
    versions = None if expected is None else frozenset({expected})
    return UnitOfWork(cast(Any, Nowhere()), Command(clerk(), expected=versions), streams)


def contract(id: UUID) -> Contract:
    added = Contract.ContractAdded(act=clerk(), contract=id, enterprise=ENTERPRISE)
    saved = Contract.ContractSaved(act=clerk(), content=made.contract())
    return cast(Contract, given(Contract, added, saved).aggregate)


def use(contract: UUID, *placed: UUID) -> ContractUse:
    begun = ContractUse.UseBegun(act=clerk(), contract=contract, enterprise=ENTERPRISE)
    projects = [ContractUse.ProjectPlaced(act=clerk(), project=each) for each in placed]
    return cast(ContractUse, given(ContractUse, begun, *projects).aggregate)


def project(*more: Aggregate.Event) -> Project:
    added = Project.ProjectAdded(act=clerk(), project=PROJECT, enterprise=ENTERPRISE, contract=OLD)
    saved = Project.ProjectSaved(act=clerk(), contract=OLD, content=DATA)
    return cast(Project, given(Project, added, saved, *more).aggregate)


def claim(kind: str, key: str, subject: UUID) -> Claim:
    begun = Claim.ClaimBegun(act=clerk(), kind=kind, key=key, kept_for=ENTERPRISE)
    holder = Holder(enterprise=ENTERPRISE, subject=subject)
    return cast(Claim, given(Claim, begun, Claim.ClaimTaken(act=clerk(), holder=holder)).aggregate)


def happened(work: UnitOfWork) -> list[str]:
    return [event.TOPIC.removeprefix("projects.") for _, event in work.collect()]


async def test_what_was_deleted_is_not_found_whatever_version_the_change_was_made_from() -> None:
    gone = project(Project.ProjectDeleted(act=clerk()))
    with pytest.raises(NotFound):
        await target(working(gone, expected=1), Project, PROJECT)


async def test_a_change_made_from_another_version_is_refused() -> None:
    with pytest.raises(VersionMismatch):
        await target(working(project(), expected=1), Project, PROJECT)
    assert (await target(working(project(), expected=2), Project, PROJECT)).id == PROJECT


async def test_a_stage_that_is_not_there_is_not_found_before_versions_are_compared() -> None:
    with pytest.raises(NotFound):
        await stages.remove_stage.within(working(project(), expected=1), PROJECT, STAGE)


async def test_a_contract_that_is_deleted_ends_its_use_and_frees_its_number() -> None:
    number = number_claim(ENTERPRISE, "SJ-2024-001")
    taken = claim(number.kind, number.key, OLD)
    work = working(contract(OLD), use(OLD), taken, expected=2)
    await contracts.delete_contract.within(work, OLD)
    assert happened(work) == [
        "Contract.ContractDeleted",
        "ContractUse.UseEnded",
        "events.Claim.ClaimFreed",
    ]


async def test_a_number_claimed_decomposed_before_texts_were_cleaned_is_taken_and_freed() -> None:
    before = claim(NUMBER, f"{ENTERPRISE}/HT-E\u0301-1", OLD)
    content, number = made.contract(contract_no="HT-É-1"), number_claim(ENTERPRISE, "HT-É-1")
    assert await is_taken(working(before), number, contract(NEW))
    assert not await is_taken(working(before), number, contract(OLD))
    saved = Contract.ContractSaved(act=clerk(), content=content)
    added = Contract.ContractAdded(act=clerk(), contract=OLD, enterprise=ENTERPRISE)
    of_then = cast(Contract, given(Contract, added, saved).aggregate)
    work = working(of_then, use(OLD), before, expected=2)
    await contracts.delete_contract.within(work, OLD)
    assert before.holder is None


async def test_a_contract_with_a_project_is_not_deleted() -> None:
    work = working(contract(OLD), use(OLD, PROJECT), expected=2)
    with pytest.raises(Refused, match="C11"):
        await contracts.delete_contract.within(work, OLD)
    assert happened(work) == []


async def test_a_project_saved_on_another_contract_leaves_the_one_and_comes_to_the_other() -> None:
    left, joined = use(OLD, PROJECT), use(NEW)
    work = working(project(), contract(OLD), contract(NEW), left, joined, expected=2)
    moved = DATA.model_copy(update={"contract": NEW})
    await projects.save_project.within(work, PROJECT, moved)
    assert (left.projects, joined.projects) == (frozenset(), frozenset({PROJECT}))


async def test_a_project_saved_on_its_contract_again_changes_no_use() -> None:
    work = working(project(), contract(OLD), use(OLD, PROJECT), expected=2)
    await projects.save_project.within(work, PROJECT, DATA)
    assert happened(work) == ["Project.ProjectSaved"]


async def test_without_a_client_of_its_own_a_project_has_the_contracts() -> None:
    work = working(project(), contract(OLD), use(OLD, PROJECT), expected=2)
    nobodys = DATA.model_copy(update={"client_name": None})
    saved = await projects.save_project.within(work, PROJECT, nobodys)
    assert saved.saved
    assert saved.saved.client_name == made.contract().client_name


async def test_a_deleted_project_leaves_its_contract() -> None:
    left = use(OLD, PROJECT)
    work = working(project(), left, expected=2)
    await projects.delete_project.within(work, PROJECT)
    assert left.projects == frozenset()
    assert happened(work) == ["Project.ProjectDeleted", "ContractUse.ProjectTakenAway"]
