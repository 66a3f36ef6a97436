"""A contract with its use, and a project."""

from collections.abc import Iterator
from typing import Any

from libs.events.refusal import refuse
from libs.events.testing import given
from libs.filing.content.performance import Contract as Content
from libs.filing.facts.projects import ContractFacts
from libs.filing.rules.performance import j03
from services.projects.contracts.domain import Contract
from services.projects.contracts.use import ContractUse
from services.projects.projects.domain import Project, unsaved
from tests.filing import performance as made
from tests.given import clerk, id_of
from tests.offers.offer import Offer
from tests.projects import test_contract as contract
from tests.projects import test_project as project

USES: dict[str, tuple[Any, ...]] = {
    "unused": (contract.begun,),
    "in use": (contract.begun, contract.placed),
    "used before": (contract.begun, contract.placed, contract.taken_away),
}
PROJECTS: dict[str, tuple[Any, ...]] = {
    "added": (project.added,),
    "saved": (project.added, project.saved),
    "staged": (project.added, project.saved, project.staged()),
    "stage removed": (project.added, project.saved, project.staged(), project.removed),
}


def contracts() -> Iterator[Offer]:
    for story, past in USES.items():
        use = given(ContractUse, *past).aggregate
        for taken in (False, True):
            facts, item = made.facts(number_taken=taken), (contract.added, contract.saved)
            saved = given(Contract, *item).aggregate
            saving = saved.findings_before_saving(saved.saved, clerk(), facts)
            yield Offer(
                f"contract: {story}, number {'taken' if taken else 'free'}",
                story,
                [saved, use],
                saved.actions(saving=saving, deleting=use.findings_before_ending()),
                _acts_on_contract(facts),
            )


def _acts_on_contract(facts: ContractFacts) -> dict[str, Any]:
    return {
        "save": lambda both: both[0].save(clerk(), contract.DATA, facts),
        "delete": lambda both: (both[1].end(clerk()), both[0].delete(clerk())),
    }


def projects() -> Iterator[Offer]:
    for story, past in PROJECTS.items():
        for on in (project.ON, None):
            found = given(Project, *past).aggregate
            yield Offer(
                f"project: {story}, {'on a contract' if on else 'contract gone'}",
                story,
                found,
                found.actions(saving=found.findings_before_saving(project.DATA, on)),
                _acts_on_project(on),
            )


def _acts_on_project(on: Content | None) -> dict[str, Any]:
    return {
        "save": lambda p: p.save(clerk(), project.DATA, on),
        "delete": lambda p: p.delete(clerk()),
        "add_stage": _add_stage,
        "choose": _choose,
    }


def _add_stage(found: Project) -> None:
    stage = made.stage("D1")
    found.save_stage(clerk(), id_of("new stage"), stage, project.ON, project.HERE)


def _choose(found: Project) -> None:
    """As generating a record refuses it (J03); of what was never saved no record knows."""
    refuse([*unsaved(saved=found.is_saved), *j03(len(found.stages), "/stages")])
