"""What `:check` offers, a command does under that name; what no `:check` offers is listed here."""

from libs.events.testing import given
from libs.filing.filing import Decision
from services.review.cases.domain.actions import actions
from services.review.cases.domain.case import Case
from services.review.publicity.domain import Publicity
from services.review.rectification.domain import Rectification
from tests.given import officer
from tests.review import test_case, test_publicity, test_rectification
from tests.review.given import CITY, PROV, Story
from tests.use_cases import uncalled, use_cases

CASES = use_cases("review")
ANY_TIME = "whoever has an interest says so at any time"
NO_CHECK = "the authority's own data have no `:check`"
OFFERED_NOWHERE = {
    "declare_interest": ANY_TIME,
    "change_reference": NO_CHECK,
    "set_clock": NO_CHECK,
    "register_key": NO_CHECK,
    "confirm_key": NO_CHECK,
    "revoke_key": NO_CHECK,
}
OFFERED_BY_CHOICE: dict[str, set[str]] = {
    "decide": set(Decision),
    "close_objection": {"uphold", "dismiss"},
    "recheck": {Decision.PASS, Decision.RETURN, Decision.FAIL},
}
BEGUN_AT_THE_CASE = {"open_publicity": "publish", "order": "order_rectification"}
OF_RECORDS = {"sign", "opinion", "lapse", "propose", "approve"}

filing = given(Case, test_case.opened).aggregate
publicity = given(Publicity, test_publicity.opened()).aggregate
rectification = given(Rectification, test_rectification.ordered).aggregate


def commanded(*rooms: str) -> set[str]:
    cases = [each for each in CASES if each.room in rooms]
    chosen = [OFFERED_BY_CHOICE.get(each.name, set[str]()) for each in cases]
    return {each.action for each in cases if each.action}.union(*chosen)


def test_the_case_of_a_record_offers_what_its_commands_do_and_nothing_else() -> None:
    offered = commanded("cases", "conclusions") | set(BEGUN_AT_THE_CASE.values())
    assert set(actions(Story().case, CITY)) == offered


def test_the_case_of_a_filing_offers_the_same_but_for_what_a_record_alone_goes_through() -> None:
    assert set(actions(filing, officer())) == commanded("cases", "conclusions") - OF_RECORDS


def test_a_publicity_offers_what_its_commands_do_and_nothing_else() -> None:
    assert set(publicity.actions(PROV)) == commanded("publicity")


def test_a_rectification_offers_what_its_commands_do_and_nothing_else() -> None:
    assert set(rectification.actions(PROV)) == commanded("rectification")


def test_what_no_item_offers_under_one_name_is_listed_with_the_reason() -> None:
    named = {case.name for case in CASES if case.action is None}
    assert named == OFFERED_NOWHERE.keys() | OFFERED_BY_CHOICE.keys() | BEGUN_AT_THE_CASE.keys()


def test_every_command_is_called() -> None:
    silent = uncalled("review")
    assert not silent, f"no route, policy or effect calls {silent} of commands.py"
