"""What review says about a person's filing, and what is asked of it."""

from libs.events.testing import given
from libs.filing.filing import Decision
from services.personnel.people.domain.person import Person
from tests.given import clerk, officer
from tests.personnel.test_person import DECISION, FILING, SENT

opened = Person.FilingReviewOpened(act=officer(), filing=FILING, round=1)
asked = Person.WithdrawalAsked(act=clerk(), filing=FILING, round=1)


def test_a_reviewer_opens_the_filing() -> None:
    given(Person, *SENT).when(Person.open_review, officer(), FILING, 1).then(opened)


def test_opening_an_earlier_round_changes_nothing() -> None:
    given(Person, *SENT).when(Person.open_review, officer(), FILING, 0).then()


def test_a_filing_is_asked_back_once() -> None:
    given(Person, *SENT).when(Person.ask_withdrawal, clerk(), FILING).then(asked)
    given(Person, *SENT, asked).when(Person.ask_withdrawal, clerk(), FILING).then()


def test_a_filing_that_a_reviewer_opened_is_not_asked_back() -> None:
    given(Person, *SENT, opened).when(Person.ask_withdrawal, clerk(), FILING).then_refused("E25")


def test_a_decision_about_other_bytes_than_were_sent_does_not_apply() -> None:
    given(Person, *SENT, opened).when(
        Person.decide, officer(), FILING, 1, DECISION, Decision.PASS, as_sent=False
    ).then(Person.DecisionNotApplied(act=officer(), filing=FILING, round=1, decision=DECISION))
