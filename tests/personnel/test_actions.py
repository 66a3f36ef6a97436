"""What `:check` offers, a command does under that name; what no `:check` offers is listed here."""

from typing import Any

import pytest

from libs.events.testing import given
from services.personnel.people.domain.person import Person
from tests.personnel.test_person import FILED, FILING, SENT, added, drafted
from tests.use_cases import uncalled, use_cases

CASES = use_cases("personnel")
OFFERED_NOWHERE = {
    "add_person": "begins something: there is no item yet that could offer it",
    "take_form": "an effect says what came of rendering; nobody presses it",
}

nobody_filed = given(Person, added).aggregate
filed = given(Person, *FILED).aggregate
OF_PERSON = set(nobody_filed.actions(saving=[]))
OF_FILING = set(filed.actions_on(filed.filing(FILING), saving=[], sending=[]))


def commanded(room: str) -> set[str]:
    return {case.action for case in CASES if case.room == room and case.action}


def allowed(actions: dict[str, list[Any]]) -> set[str]:
    return {action for action, against in actions.items() if not against}


def test_a_person_offers_to_be_saved_and_what_begins_filings_and_each_filing_the_rest() -> None:
    begun = OF_PERSON - commanded("people")
    assert commanded("people") == {"save"}
    assert commanded("filings") == begun | OF_FILING


def test_what_no_item_offers_is_listed_with_the_reason() -> None:
    assert {case.name for case in CASES if case.action is None} == set(OFFERED_NOWHERE)


def test_each_command_about_an_item_has_an_action_of_its_own() -> None:
    actions = [(case.room, case.action) for case in CASES if case.action]
    assert sorted(set(actions)) == sorted(actions)


def test_a_person_who_is_not_filed_can_be_filed_and_one_who_is_can_change_or_leave() -> None:
    assert allowed(nobody_filed.actions(saving=[])) == {"save", "add_filing"}
    assert allowed(filed.actions(saving=[])) == {"save", "download", "release"}


def test_what_is_against_saving_stands_under_its_own_name() -> None:
    against = filed.findings_before_adding(filed.filing(FILING).type)
    assert nobody_filed.actions(saving=against)["save"] == against


@pytest.mark.parametrize(
    ("past", "actions"),
    [
        ((added, drafted()), {"discard"}),
        (SENT, {"withdraw"}),
        (FILED, set()),
    ],
    ids=["drafted", "sent", "filed"],
)
def test_a_filing_offers_what_its_status_allows_saving_and_sending_aside(
    past: tuple[Any, ...], actions: set[str]
) -> None:
    person = given(Person, *past).aggregate
    offered = person.actions_on(person.filing(FILING), saving=[], sending=[])
    assert allowed(offered) - {"save", "send"} == actions


def test_every_command_is_called() -> None:
    silent = uncalled("personnel")
    assert not silent, f"no route, policy or effect calls {silent} of commands.py"
