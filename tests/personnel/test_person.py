"""Person: saved data, filings one by one, approved versions, release; and who holds a person
meanwhile.
"""

from datetime import date
from typing import Any

import pytest

from libs.events.testing import given
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Decision, ReturnedItem, Status, Type
from services.personnel.people.domain.filed import FilingToSend, Sender
from services.personnel.people.domain.held import held
from services.personnel.people.domain.person import Person
from tests.filing.given import person, scan
from tests.given import ENTERPRISE, USCC, clerk, id_of, officer

PERSON, FILING, OTHER, DECISION = (
    id_of("person"),
    id_of("filing"),
    id_of("other filing"),
    id_of("decision"),
)
DATA = person(1)
CHANGED = DATA.model_copy(update={"post": "总工程师"})
FACTS = PersonFacts(uscc=USCC)
KEY, NEW_KEY = "k" * 64, "n" * 64
SENDER = Sender(uscc=USCC, name="某设计院", supervising_city_code="410100")
ITEM = ReturnedItem(pointer="/post", reason="R01", text="职务与证明不一致")
LEAVING = Release(left_on=date(2024, 8, 30), release_reason="3", scans=(scan("PER_LEAVE"),))

added = Person.PersonAdded(
    act=clerk(), person=PERSON, enterprise=ENTERPRISE, content=DATA, person_key=KEY
)


def drafted(
    filing: Any = FILING,
    type: Type = Type.PER_INIT,
    base: int | None = None,
    release: Release | None = None,
) -> Any:
    return Person.FilingDrafted(
        act=clerk(), filing=filing, type=type, filing_no="N-1", base_version=base, release=release
    )


def filing_saved(
    filing: Any = FILING,
    type: Type = Type.PER_INIT,
    content: Content | None = DATA,
    release: Release | None = None,
    key: str = KEY,
    status: Status = Status.SAVED,
) -> Any:
    return Person.FilingSaved(
        act=clerk(),
        filing=filing,
        type=type,
        status=status,
        content=content,
        release=release,
        person_key=key,
    )


def sent(
    filing: Any = FILING, round: int = 1, content: Content | None = DATA, **changes: Any
) -> Any:
    facts: dict[str, Any] = {
        "filing": filing,
        "type": Type.PER_INIT,
        "filing_no": "N-1",
        "receipt_no": "R-1",
        "batch_no": "B-1",
        "round": round,
        "base_version": None,
        "sender": SENDER,
        "content": content,
        "release": None,
        "person_key": KEY,
        "acknowledged": (),
        "answers": (),
    }
    return Person.FilingSent(act=clerk(), **(facts | changes))


def approved(
    filing: Any = FILING,
    type: Type = Type.PER_INIT,
    version: int = 1,
    released_as: str | None = None,
) -> Any:
    return Person.FilingApproved(
        act=officer(),
        filing=filing,
        type=type,
        round=1,
        decision=DECISION,
        filed_version=version,
        released_as=released_as,
    )


SENT = (added, drafted(), filing_saved(), sent())
FILED = (*SENT, approved())
RELEASED = (
    *FILED,
    drafted(OTHER, Type.PER_RELEASE, 1, LEAVING),
    sent(OTHER, content=None, type=Type.PER_RELEASE, base_version=1, release=LEAVING),
    approved(OTHER, Type.PER_RELEASE, 1, "4"),
)
returned = Person.FilingReturned(
    act=officer(), filing=FILING, round=1, decision=DECISION, items=(ITEM,), comment=""
)
withdrawn = Person.FilingWithdrawn(act=clerk(), filing=FILING, round=1)
rejected = Person.FilingRejected(
    act=officer(), filing=FILING, round=1, decision=DECISION, items=(ITEM,), comment=""
)


# Saving


def test_an_incomplete_person_can_be_saved() -> None:
    given(Person, added).when(Person.save, clerk(), Content(name="示范甲"), None, FACTS).then(
        Person.PersonSaved(act=clerk(), content=Content(name="示范甲"), person_key=None)
    )


def test_a_document_number_belongs_to_one_person_of_the_enterprise() -> None:
    facts = PersonFacts(uscc=USCC, same_number_here=True)
    given(Person, added).when(Person.save, clerk(), DATA, KEY, facts).then_refused("P07")


def test_a_filed_person_changes_only_through_a_change_filing() -> None:
    given(Person, *FILED).when(Person.save, clerk(), CHANGED, KEY, FACTS).then_refused("P27")


def test_the_person_is_locked_while_their_filing_is_sent() -> None:
    given(Person, *SENT).when(Person.save, clerk(), CHANGED, KEY, FACTS).then_refused("E24")


# Sending


def test_a_saved_person_can_be_sent() -> None:
    given(Person, *SENT[:-1]).when(
        Person.send_filing,
        clerk(),
        FilingToSend(FILING),
        SENDER,
        FACTS,
        receipt_no="R-1",
        batch_no="B-1",
    ).then(sent())


def test_a_person_filed_elsewhere_is_not_sent_and_the_other_enterprise_is_named() -> None:
    facts = PersonFacts(uscc=USCC, held_by="河南另一设计公司")
    scenario = given(Person, *SENT[:-1]).when(
        Person.send_filing,
        clerk(),
        FilingToSend(FILING),
        SENDER,
        facts,
        receipt_no="R-1",
        batch_no="B-1",
    )
    scenario.then_refused("P06")
    found = scenario.aggregate.findings_before_sending(
        scenario.aggregate.filing(FILING), clerk(), facts
    )
    assert dict(found[0].facts)["enterprise"] == "河南另一设计公司"


def test_an_initial_filing_is_only_for_a_person_not_filed() -> None:
    given(Person, *FILED).when(
        Person.add_filing, clerk(), OTHER, Type.PER_INIT, "N-2"
    ).then_refused("P28")


@pytest.mark.parametrize("type", [Type.PER_CHANGE, Type.PER_RELEASE])
def test_changes_and_releases_are_only_for_a_filed_person(type: Type) -> None:
    given(Person, added).when(Person.add_filing, clerk(), OTHER, type, "N-2").then_refused("P28")


def test_a_returned_person_keeps_everything_but_the_returned_points() -> None:
    other = DATA.model_copy(update={"department": "结构所"})
    given(Person, *SENT, returned).when(
        Person.save_filing, clerk(), FILING, other, KEY, FACTS
    ).then_refused("E28")


def test_a_returned_person_can_be_corrected_and_sent_again() -> None:
    corrected = Person.FilingSaved(
        act=clerk(),
        filing=FILING,
        type=Type.PER_INIT,
        status=Status.RETURNED,
        content=CHANGED,
        release=None,
        person_key=KEY,
    )
    given(Person, *SENT, returned).when(
        Person.save_filing, clerk(), FILING, CHANGED, KEY, FACTS
    ).then(corrected)
    given(Person, *SENT, returned, corrected).when(
        Person.send_filing,
        clerk(),
        FilingToSend(FILING),
        SENDER,
        FACTS,
        receipt_no="R-9",
        batch_no="B-2",
    ).then(sent(round=2, content=CHANGED, batch_no="B-2"))


# Changing, leaving


def test_downloading_copies_the_approved_version() -> None:
    scenario = given(Person, *FILED).when(Person.add_filing, clerk(), OTHER, Type.PER_CHANGE, "N-1")
    scenario.then(drafted(OTHER, Type.PER_CHANGE, 1))
    assert scenario.aggregate.content_of(scenario.aggregate.filing(OTHER)) == DATA


def test_a_change_that_changes_nothing_is_not_sent() -> None:
    change = (drafted(OTHER, Type.PER_CHANGE, 1), filing_saved(OTHER, Type.PER_CHANGE))
    given(Person, *FILED, *change).when(
        Person.send_filing,
        clerk(),
        FilingToSend(OTHER),
        SENDER,
        FACTS,
        receipt_no="R-1",
        batch_no="B-1",
    ).then_refused("E23")


def test_an_approved_change_supersedes_the_filing_before() -> None:
    change = (
        drafted(OTHER, Type.PER_CHANGE, 1),
        sent(OTHER, content=CHANGED, type=Type.PER_CHANGE, base_version=1),
    )
    given(Person, *FILED, *change).when(
        Person.decide, officer(), OTHER, 1, DECISION, Decision.PASS, as_sent=True
    ).then(
        approved(OTHER, Type.PER_CHANGE, 2),
        Person.FilingSuperseded(act=officer(), filing=FILING, superseded_by=OTHER),
    )


def test_leaving_needs_its_proof() -> None:
    without = LEAVING.model_copy(update={"scans": ()})
    release = (
        drafted(OTHER, Type.PER_RELEASE, 1, without),
        filing_saved(OTHER, Type.PER_RELEASE, content=None, release=without),
    )
    given(Person, *FILED, *release).when(
        Person.send_filing,
        clerk(),
        FilingToSend(OTHER),
        SENDER,
        FACTS,
        receipt_no="R-1",
        batch_no="B-1",
    ).then_refused("P22")


def test_a_released_person_may_be_filed_again() -> None:
    given(Person, *RELEASED).when(
        Person.add_filing, clerk(), id_of("again"), Type.PER_INIT, "N-1"
    ).then(drafted(id_of("again")))


# Who holds the person


@pytest.mark.parametrize(
    ("past", "keys"),
    [
        ((added,), set()),
        ((added, drafted()), set()),
        (SENT, {KEY}),
        ((*SENT, returned), {KEY}),
        (FILED, {KEY}),
        ((*SENT, withdrawn), set()),
        ((*SENT, rejected), set()),
        ((*SENT, returned, Person.FilingVoided(act=clerk(), filing=FILING)), set()),
        (RELEASED, set()),
        (
            (
                *FILED,
                drafted(OTHER, Type.PER_CHANGE, 1),
                sent(
                    OTHER, content=CHANGED, type=Type.PER_CHANGE, base_version=1, person_key=NEW_KEY
                ),
            ),
            {KEY, NEW_KEY},
        ),
    ],
    ids=[
        "saved",
        "drafted",
        "sent",
        "returned",
        "filed",
        "withdrawn",
        "rejected",
        "given up",
        "released",
        "number changing",
    ],
)
def test_a_person_is_held_from_sending_until_they_are_free(
    past: tuple[Any, ...], keys: set[str]
) -> None:
    assert held(given(Person, *past).aggregate).claimed == keys
