"""What `:check` offers, a command does under that name; what no `:check` offers is listed here."""

from libs.events.testing import given
from libs.filing.catalogue import finding
from services.assessment.records.domain.actions import actions
from services.assessment.records.domain.record import Record
from tests.assessment import given as the
from tests.use_cases import uncalled, use_cases

CASES = use_cases("assessment")
BEGINS = "begins something: there is no item yet that could offer it"
BEFORE = {"start"}  # offered by `/records:check`, of a campaign, while there is no record yet
BY_PHASE = "a campaign has no `:check`: its phase alone says which of its acts is next"
OFFERED_NOWHERE = {
    "plan": BEGINS,
    "change": BY_PHASE,
    "open_for_records": BY_PHASE,
    "close": BY_PHASE,
}


def test_a_record_offers_what_its_commands_do_and_nothing_else() -> None:
    offered = actions(given(Record, the.started()).aggregate, generating=[], sending=[])
    assert set(offered) | BEFORE == {case.action for case in CASES if case.action}


def test_warnings_that_are_read_with_the_sending_do_not_stand_against_it() -> None:
    record = given(Record, the.started(), *the.made()).aggregate
    offered = actions(record, generating=[], sending=[finding("A25"), finding("A24")])
    assert [each.rule for each in offered["send"]] == ["A24"]


def test_what_no_item_offers_is_listed_with_the_reason() -> None:
    assert {case.name for case in CASES if case.action is None} == set(OFFERED_NOWHERE)


def test_every_command_is_called() -> None:
    silent = uncalled("assessment")
    assert not silent, f"no route, policy or effect calls {silent} of commands.py"
