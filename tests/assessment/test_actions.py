"""What `:check` offers, a command does under that name; what no `:check` offers is listed here."""

from libs.events.testing import given
from services.assessment.records.domain.actions import actions
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.sending import findings_before_sending
from tests.assessment import given as the
from tests.use_cases import use_cases

CASES = use_cases("assessment")
BEGINS = "begins something: there is no item yet that could offer it"
BY_PHASE = "a campaign has no `:check`: its phase alone says which of its acts is next"
OFFERED_NOWHERE = {
    "plan": BEGINS,
    "start": BEGINS,
    "change": BY_PHASE,
    "open_for_records": BY_PHASE,
    "close": BY_PHASE,
}
STARTED = (the.started(),)
GENERATED = (*STARTED, *the.made())
WAITING = (*GENERATED, the.sent())


def allowed(*past: Record.Event) -> set[str]:
    """What a record with this past offers, and nothing is against."""
    record = given(Record, *past).aggregate
    against = actions(record, findings_before_sending(record))
    return {action for action, findings in against.items() if not findings}


def test_a_record_offers_what_its_commands_do_and_nothing_else() -> None:
    offered = actions(given(Record, *STARTED).aggregate, [])
    assert set(offered) == {case.action for case in CASES if case.action}


def test_each_is_allowed_where_the_record_stands_for_it() -> None:
    assert allowed(*STARTED) == {"save", "generate"}
    assert allowed(*GENERATED) == {"save", "generate", "send"}
    assert allowed(*WAITING) == {"withdraw"}


def test_what_no_item_offers_is_listed_with_the_reason() -> None:
    assert {case.name for case in CASES if case.action is None} == set(OFFERED_NOWHERE)
