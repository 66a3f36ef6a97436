"""One first filing of a person at a time, in every order: at adding, saving and sending. Logs of
earlier versions may hold several, which are read as they are.
"""

from typing import Any

import pytest

from libs.events.refusal import Finding
from libs.events.testing import given
from libs.filing.filing import Status, Type
from services.personnel.people.domain.filed import FilingToSend
from services.personnel.people.domain.held import held
from services.personnel.people.domain.person import Person
from tests.given import clerk, id_of
from tests.personnel.test_person import (
    CHANGED,
    DATA,
    FACTS,
    FILED,
    FILING,
    KEY,
    OTHER,
    RELEASED,
    SENDER,
    SENT,
    added,
    approved,
    drafted,
    filing_saved,
    rejected,
    returned,
    sent,
    withdrawn,
)

Past = tuple[Any, ...]
THIRD = id_of("third filing")
opened = Person.FilingReviewOpened(act=clerk(), filing=FILING, round=1)
voided = Person.FilingVoided(act=clerk(), filing=FILING)
FIRST: dict[str, Past] = {
    "SENT": (filing_saved(), sent()),
    "REVIEWING": (filing_saved(), sent(), opened),
    "RETURNED": (filing_saved(), sent(), returned),
    "APPROVED": (filing_saved(), sent(), approved()),
    "WITHDRAWN": (filing_saved(), sent(), withdrawn),
}
# What stands against saving the second, against sending it, against saving the person
AGAINST = {
    "SENT": (["E24"], ["P08"], ["E24"]),
    "REVIEWING": (["E24"], ["P08"], ["E24"]),
    "RETURNED": (["P08"], ["P08"], ["E28"]),
    "APPROVED": (["P27"], ["P28"], ["P27"]),
    "WITHDRAWN": ([], [], []),
}
ORDERS: dict[str, Past] = {
    "first added first": (drafted(), drafted(OTHER)),
    "last": (drafted(OTHER), drafted()),
}
ELSEWHERE = DATA.model_copy(update={"department": "结构所"})


def blocking(findings: list[Finding]) -> list[str]:
    return [each.rule for each in findings if each.severity.blocks]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("status", FIRST)
def test_a_second_first_filing_is_no_way_around_what_holds_for_the_first(
    status: str, order: str
) -> None:
    past = (added, *ORDERS[order], filing_saved(OTHER), *FIRST[status])
    person = given(Person, *past).aggregate
    other = person.filing(OTHER)
    found = (
        blocking(person.findings_before_saving_filing(other, CHANGED, clerk(), FACTS)),
        blocking(person.findings_before_sending(other, clerk(), FACTS)),
        blocking(person.findings_before_saving(ELSEWHERE, clerk(), FACTS)),
    )
    assert found == AGAINST[status]


def test_a_filed_person_is_not_sent_for_a_first_filing_again() -> None:
    past = (added, drafted(), drafted(OTHER), filing_saved(OTHER), *FIRST["APPROVED"])
    given(Person, *past).when(
        Person.send_filing,
        clerk(),
        FilingToSend(OTHER),
        SENDER,
        FACTS,
        receipt_no="R-2",
        batch_no="B-2",
    ).then_refused("P28")


@pytest.mark.parametrize(
    ("past", "rules"),
    [
        ((), ["STATE"]),
        ((filing_saved(),), ["STATE"]),
        (FIRST["WITHDRAWN"], ["STATE"]),
        (FIRST["SENT"], ["P28"]),
        (FIRST["RETURNED"], ["P28"]),
        (FIRST["APPROVED"], ["P28"]),
        ((*FIRST["SENT"], rejected), []),
        ((voided,), []),
    ],
    ids=["draft", "saved", "withdrawn", "sent", "returned", "approved", "rejected", "given up"],
)
def test_a_first_filing_is_added_once_the_one_before_has_come_to_its_end(
    past: Past, rules: list[str]
) -> None:
    person = given(Person, added, drafted(), *past).aggregate
    assert blocking(person.findings_before_adding(Type.PER_INIT)) == rules


def test_a_change_or_release_that_was_begun_ends_with_the_release_of_the_person() -> None:
    begun = (drafted(THIRD, Type.PER_CHANGE, 1), filing_saved(THIRD, Type.PER_CHANGE))
    person = given(Person, *FILED, *begun, *RELEASED[len(FILED) :]).aggregate
    change = person.filing(THIRD)
    assert blocking(person.findings_before_saving_filing(change, CHANGED, clerk(), FACTS)) == [
        "P28"
    ]
    assert "P28" in blocking(person.findings_before_sending(change, clerk(), FACTS))


def test_a_draft_is_not_sent_before_it_is_saved() -> None:
    change = drafted(OTHER, Type.PER_CHANGE, 1)
    for past, filing in (((added, drafted()), FILING), ((*FILED, change), OTHER)):
        person = given(Person, *past).aggregate
        found = person.findings_before_sending(person.filing(filing), clerk(), FACTS)
        assert "STATE" in blocking(found)


# Logs in which both were sent


def twice_sent(*first: Any) -> Any:
    second = (drafted(OTHER), filing_saved(OTHER), sent(OTHER))
    return given(Person, *SENT, *first, *second).aggregate


def test_of_two_that_were_sent_the_one_with_the_authority_locks_the_person() -> None:
    person = twice_sent(returned)
    assert blocking(person.findings_before_saving(DATA, clerk(), FACTS)) == ["E24"]
    first = person.filing(FILING)
    found = person.findings_before_saving_filing(first, DATA, clerk(), FACTS)
    assert blocking(found) == ["E24"]


def test_one_that_was_sent_after_the_first_was_approved_is_read_as_it_is() -> None:
    person = twice_sent(approved())
    assert person.filing(OTHER).status is Status.SENT
    assert held(person).claimed == {KEY}
