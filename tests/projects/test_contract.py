"""Contract: saved data, what it claims in its enterprise, and its use by projects."""

from typing import Any

import pytest

from libs.events.testing import given
from libs.filing.content.performance import Contract as Content
from services.projects.contracts.domain import NUMBER, PLACEHOLDER, Contract, marked
from services.projects.contracts.use import ContractUse
from tests.filing import performance as made
from tests.given import ENTERPRISE, clerk, id_of

CONTRACT, PROJECT = id_of("contract"), id_of("project")
DATA, NOTHING_NEW = made.contract(), made.placeholder()
NUMBER_OF_DATA = (NUMBER, f"{ENTERPRISE}/SJ-2024-001")

added = Contract.ContractAdded(act=clerk(), contract=CONTRACT, enterprise=ENTERPRISE)
saved = Contract.ContractSaved(act=clerk(), content=DATA)
deleted = Contract.ContractDeleted(act=clerk())
begun = ContractUse.UseBegun(act=clerk(), contract=CONTRACT, enterprise=ENTERPRISE)
placed = ContractUse.ProjectPlaced(act=clerk(), project=PROJECT)
taken_away = ContractUse.ProjectTakenAway(act=clerk(), project=PROJECT)


def as_placeholder(**changes: Any) -> Contract.ContractSaved:
    return Contract.ContractSaved(act=clerk(), content=made.placeholder(**changes))


def test_a_complete_contract_can_be_saved() -> None:
    given(Contract, added).when(Contract.save, clerk(), DATA, made.facts()).then(saved)


def test_an_incomplete_contract_is_not_saved_and_everything_that_is_missing_is_said() -> None:
    content = DATA.model_copy(update={"scope": None, "client_name": "无"})
    given(Contract, added).when(Contract.save, clerk(), content, made.facts()).then_refused(
        "C01", "E05"
    )


def test_a_number_is_used_once_in_an_enterprise() -> None:
    given(Contract, added).when(
        Contract.save, clerk(), DATA, made.facts(number_taken=True)
    ).then_refused("C02")


def test_the_placeholder_needs_nothing_but_its_number_and_name() -> None:
    content = marked(Content(contract_no="ZWYJ-2024", name=" “暂无业绩” "))
    given(Contract, added).when(Contract.save, clerk(), content, made.facts()).then(
        as_placeholder(name=" “暂无业绩” ")
    )


def test_there_is_one_placeholder() -> None:
    facts = made.facts(another_placeholder=True)
    given(Contract, added).when(Contract.save, clerk(), NOTHING_NEW, facts).then_refused("C10")
    given(Contract, added).when(Contract.save, clerk(), DATA, facts).then(saved)


def test_whether_it_is_the_placeholder_follows_from_the_name_whatever_the_client_says() -> None:
    assert marked(made.contract(is_placeholder=True)).is_placeholder is False
    assert marked(made.placeholder(is_placeholder=False)).is_placeholder is True
    assert marked(made.placeholder(contract_type="100")).contract_type == "100"


def test_a_warning_does_not_stop_a_saving() -> None:
    late = DATA.model_copy(update={"signed_on": clerk().today.replace(year=2025)})
    scenario = given(Contract, added).when(Contract.save, clerk(), late, made.facts())
    scenario.then(Contract.ContractSaved(act=clerk(), content=late))
    assert [
        each.rule for each in scenario.aggregate.findings_before_saving(late, clerk(), made.facts())
    ] == ["C04"]


@pytest.mark.parametrize(
    ("past", "claims"),
    [
        ((added,), set()),
        ((added, saved), {NUMBER_OF_DATA}),
        (
            (added, as_placeholder()),
            {(NUMBER, f"{ENTERPRISE}/ZWYJ-2024"), (PLACEHOLDER, str(ENTERPRISE))},
        ),
        ((added, as_placeholder(), saved), {NUMBER_OF_DATA}),
        (
            (
                added,
                Contract.ContractSaved(
                    act=clerk(), content=made.contract(contract_no=" sj-2024-００1 ")
                ),
            ),
            {NUMBER_OF_DATA},
        ),
        ((added, as_placeholder(), deleted), set()),
    ],
    ids=["added", "saved", "placeholder", "renamed", "typed differently", "deleted"],
)
def test_a_contract_holds_its_number_and_the_place_of_the_placeholder_while_it_has_them(
    past: tuple[Any, ...], claims: set[Any]
) -> None:
    assert given(Contract, *past).aggregate.claims == claims


def test_a_contract_on_which_a_project_stands_is_not_deleted() -> None:
    given(ContractUse, begun, placed).when(ContractUse.end, clerk()).then_refused("C11")


def test_a_contract_whose_projects_are_gone_can_be_deleted() -> None:
    given(ContractUse, begun, placed, taken_away).when(ContractUse.end, clerk()).then(
        ContractUse.UseEnded(act=clerk())
    )


def test_no_project_is_placed_on_a_deleted_contract() -> None:
    given(ContractUse, begun, ContractUse.UseEnded(act=clerk())).when(
        ContractUse.place, clerk(), PROJECT
    ).then_refused("J01")


def test_a_project_is_placed_and_taken_away_once() -> None:
    given(ContractUse, begun, placed).when(ContractUse.place, clerk(), PROJECT).then()
    given(ContractUse, begun).when(ContractUse.take_away, clerk(), PROJECT).then()
