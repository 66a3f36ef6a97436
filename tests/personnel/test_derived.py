"""What a resident ID number says of its holder is filled in on every way into a person's data, and
follows the number when it is corrected (domain book 4.2).
"""

from datetime import date
from typing import Any

import pytest

from libs.events.testing import given
from libs.filing.content.person import Person as Content
from libs.filing.content.person import derived
from libs.filing.filing import ReturnedItem, Status, Type
from libs.filing.identifiers import sex
from libs.filing.rules.person import p03
from services.personnel.people.domain.filed import FilingToSend
from services.personnel.people.domain.person import Person
from tests.filing.given import id_number
from tests.given import clerk, officer
from tests.personnel.test_person import (
    DATA,
    DECISION,
    FACTS,
    FILED,
    FILING,
    KEY,
    NEW_KEY,
    OTHER,
    SENDER,
    added,
    drafted,
    filing_saved,
    sent,
)

BORN = date(1990, 12, 31)
NUMBER = id_number(2, BORN)
SAID = {"birth_date": BORN, "sex": sex(NUMBER)}
NOTHING: dict[str, Any] = {"birth_date": None, "sex": None}
ALONE = DATA.model_copy(update={"id_no": NUMBER, **NOTHING})
WHOLE = DATA.model_copy(update={"id_no": NUMBER, **SAID})
# read with the number before, of which only the number was corrected
CORRECTED = DATA.model_copy(update={"id_no": NUMBER})


def stored(content: Content) -> Any:
    """Saved before numbers were read."""
    return Person.PersonSaved(act=clerk(), content=content, person_key=NEW_KEY)


@pytest.mark.parametrize("typed", [ALONE, WHOLE, CORRECTED], ids=["alone", "whole", "read before"])
def test_a_person_is_saved_with_what_the_number_says(typed: Content) -> None:
    given(Person, added).when(Person.save, clerk(), typed, NEW_KEY, FACTS).then(
        Person.PersonSaved(act=clerk(), content=WHOLE, person_key=NEW_KEY)
    )


@pytest.mark.parametrize("typed", [ALONE, CORRECTED], ids=["alone", "read before"])
@pytest.mark.parametrize("type", [Type.PER_INIT, Type.PER_CHANGE])
def test_a_filing_is_saved_with_what_the_number_says(type: Type, typed: Content) -> None:
    past = (added,) if type is Type.PER_INIT else FILED
    begun = drafted(OTHER, type, None if type is Type.PER_INIT else 1)
    given(Person, *past, begun).when(
        Person.save_filing, clerk(), OTHER, typed, NEW_KEY, FACTS
    ).then(filing_saved(OTHER, type, WHOLE, key=NEW_KEY))


CORRECT = id_number(4, date(1985, 3, 1))


@pytest.mark.parametrize("number", [NUMBER, CORRECT], ids=["the same", "another"])
def test_a_resident_id_after_another_document_is_read_anew(number: str) -> None:
    """Of what the first number had said nobody knows any more that it was not typed."""
    passport = WHOLE.model_copy(update={"id_type": "3", "id_no": "E12345678"})
    typed = passport.model_copy(update={"id_type": "1", "id_no": number})
    found = derived(typed, derived(passport, WHOLE))
    assert p03(found) == []
    assert {"sex": found.sex, "birth_date": found.birth_date} == found.said_by_number


def test_what_is_typed_with_the_new_document_is_still_told() -> None:
    passport = WHOLE.model_copy(update={"id_type": "3", "id_no": "E12345678"})
    other = {"id_type": "1", "id_no": CORRECT, "birth_date": date(1985, 3, 2)}
    found = derived(passport.model_copy(update=other), passport)
    assert [each.pointer for each in p03(found)] == ["/birth_date"]


def test_what_was_stored_without_is_sent_with_what_the_number_says() -> None:
    past = (added, stored(ALONE), drafted(), filing_saved(content=ALONE, key=NEW_KEY))
    given(Person, *past).when(
        Person.send_filing,
        clerk(),
        FilingToSend(FILING),
        SENDER,
        FACTS,
        receipt_no="R-1",
        batch_no="B-1",
    ).then(sent(content=WHOLE, person_key=NEW_KEY))


def test_what_was_typed_otherwise_is_refused() -> None:
    other = WHOLE.model_copy(update={"birth_date": date(1990, 12, 30)})
    given(Person, added).when(Person.save, clerk(), other, NEW_KEY, FACTS).then_refused("P03")


def test_of_another_document_nothing_is_derived() -> None:
    passport = ALONE.model_copy(update={"id_type": "3", "id_no": "E12345678"})
    given(Person, added).when(Person.save, clerk(), passport, NEW_KEY, FACTS).then(
        Person.PersonSaved(act=clerk(), content=passport, person_key=NEW_KEY)
    )


def test_what_a_number_had_said_goes_with_it_and_another_may_follow() -> None:
    saved, cleared = stored(WHOLE), WHOLE.model_copy(update={"id_no": None})
    empty = cleared.model_copy(update=NOTHING)
    saved_empty = Person.PersonSaved(act=clerk(), content=empty, person_key=None)
    given(Person, added, saved).when(Person.save, clerk(), cleared, None, FACTS).then(saved_empty)
    typed = cleared.model_copy(update={"birth_date": date(1990, 12, 30)})
    kept = typed.model_copy(update={"sex": None})
    given(Person, added, saved).when(Person.save, clerk(), typed, None, FACTS).then(
        Person.PersonSaved(act=clerk(), content=kept, person_key=None)
    )


def test_a_returned_number_may_be_taken_out_first() -> None:
    item = ReturnedItem(pointer="/id_no", reason="R01", text="证件号码与身份证不一致")
    returned = Person.FilingReturned(
        act=officer(), filing=FILING, round=1, decision=DECISION, items=(item,), comment=""
    )
    before = filing_saved(content=WHOLE, key=NEW_KEY)
    past = (added, drafted(), before, sent(content=WHOLE, person_key=NEW_KEY), returned)
    cleared = WHOLE.model_copy(update={"id_no": None})
    empty = filing_saved(content=cleared.model_copy(update=NOTHING), status=Status.RETURNED)
    given(Person, *past).when(Person.save_filing, clerk(), FILING, cleared, None, FACTS).then(
        empty.model_copy(update={"person_key": None})
    )


@pytest.mark.parametrize("typed", [ALONE, CORRECTED], ids=["alone", "read before"])
def test_a_returned_number_is_corrected_with_what_follows_from_it(typed: Content) -> None:
    item = ReturnedItem(pointer="/id_no", reason="R01", text="证件号码与身份证不一致")
    returned = Person.FilingReturned(
        act=officer(), filing=FILING, round=1, decision=DECISION, items=(item,), comment=""
    )
    past = (added, drafted(), filing_saved(), sent(), returned)
    given(Person, *past).when(Person.save_filing, clerk(), FILING, typed, NEW_KEY, FACTS).then(
        filing_saved(content=WHOLE, key=NEW_KEY, status=Status.RETURNED)
    )


def test_who_is_too_young_by_the_number_alone_is_not_saved() -> None:
    child = ALONE.model_copy(update={"id_no": id_number(3, date(2010, 1, 1))})
    given(Person, added).when(Person.save, clerk(), child, KEY, FACTS).then_refused("P04")
