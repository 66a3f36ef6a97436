"""What `:check` offers, a command does under that name; what no `:check` offers is listed here."""

from libs.events.testing import given
from services.projects.contracts.domain import Contract
from services.projects.projects.domain import Project
from tests.projects import test_contract, test_project
from tests.use_cases import uncalled, use_cases

CASES = use_cases("projects")
BEGINS = "begins something: there is no item yet that could offer it"
ON_THE_PAGE = "a stage has no `:check` of its own; the project's page shows each with its buttons"
OFFERED_NOWHERE = {
    "add_contract": BEGINS,
    "add_placeholder": BEGINS,
    "add_project": BEGINS,
    "save_stage": ON_THE_PAGE,
    "remove_stage": ON_THE_PAGE,
}
CHOSEN_ELSEWHERE = {"choose"}  # a record of the assessment service does it
CONTRACTS, PROJECTS = {"contracts"}, {"projects", "stages"}  # rooms whose commands are about it

added_contract = given(Contract, test_contract.added).aggregate
added_project = given(Project, test_project.added).aggregate
complete = given(Project, test_project.added, test_project.saved, test_project.staged()).aggregate


def commanded(rooms: set[str]) -> set[str]:
    return {case.action for case in CASES if case.room in rooms and case.action}


def test_a_contract_offers_what_its_commands_do_and_nothing_else() -> None:
    assert set(added_contract.actions(saving=[], deleting=[])) == commanded(CONTRACTS)


def test_a_project_offers_what_its_commands_do_and_to_be_chosen() -> None:
    assert set(complete.actions(saving=[])) == commanded(PROJECTS) | CHOSEN_ELSEWHERE


def test_what_no_item_offers_is_listed_with_the_reason() -> None:
    assert {case.name for case in CASES if case.action is None} == set(OFFERED_NOWHERE)


def test_a_project_that_is_not_saved_says_what_is_against_a_stage_and_against_choosing_it() -> None:
    against = {
        action: [each.rule for each in findings]
        for action, findings in added_project.actions(saving=[]).items()
    }
    assert against == {"save": [], "delete": [], "add_stage": ["STATE"], "choose": ["STATE", "J03"]}
    assert not any(complete.actions(saving=[]).values())


def test_what_is_against_saving_and_deleting_a_contract_stands_under_its_own_name() -> None:
    saving, deleting = [added_project.reasons[0]], added_project.reasons[1:]
    against = added_contract.actions(saving=saving, deleting=deleting)
    assert against == {"save": saving, "delete": deleting}


def test_every_command_is_called() -> None:
    silent = uncalled("projects")
    assert not silent, f"no route, policy or effect calls {silent} of commands.py"
