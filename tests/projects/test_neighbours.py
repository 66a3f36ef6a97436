"""What the projects service keeps of persons and certificates that other services publish."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.facts.projects import PersonHere
from libs.published import enterprise, personnel
from services.projects.neighbours.certificates import certificates
from services.projects.neighbours.people import back_again, people, people_sent
from tests.given import ENTERPRISE, clerk, id_of

PERSON, FILING = id_of("person"), id_of("filing")
CONTENT: dict[str, Any] = {
    "name": "sealed",
    "id_number": "sealed",
    "categories": ["T"],
    "title_level": "2",
    "hired_on": "2010-01-01",
    "registrations": [{"type": "ARCH1", "cert_no": "sealed"}],
}
KEPT = {
    "name": "sealed",
    "categories": ["T"],
    "title_level": "2",
    "employed_from": "2010-01-01",
    "registered": True,
}


def changed(model: ReadModel[Any], kind: type[Any], stream: UUID = PERSON, **facts: Any) -> Change:
    """The one change that this event makes in the read model."""
    event = kind.model_construct(act=clerk(), **facts)
    at = StoredEvent(
        1, stream, 1, kind.TOPIC, ENTERPRISE, b"{}", b"{}", datetime(2024, 9, 2, tzinfo=UTC)
    )
    (change,) = model.changes(event, at)
    assert isinstance(change, Change)
    return change


def test_of_a_saved_person_only_what_rules_ask_is_kept() -> None:
    change = changed(people, personnel.PersonSaved, content=CONTENT)
    assert change.values == {
        "id": PERSON,
        "enterprise": ENTERPRISE,
        "data": KEPT,
        "content_of": None,
    }


@pytest.mark.parametrize(
    "registrations", [[], [{"type": "ARCH1"}], [{"cert_no": "sealed"}]], ids=["none", "type", "no"]
)
def test_who_has_no_complete_registration_counts_as_not_registered(
    registrations: list[dict[str, str]],
) -> None:
    content = CONTENT | {"registrations": registrations}
    change = changed(people, personnel.PersonSaved, content=content)
    assert change.values["data"] == KEPT | {"registered": False}


def test_an_approved_filing_says_whose_content_holds_and_ends_a_release() -> None:
    change = changed(people, personnel.FilingApproved, filing=FILING, released_as=None)
    assert change.values == {"id": PERSON, "filed": True, "content_of": FILING, "left_by": None}


def test_an_approved_release_leaves_the_content_and_says_by_which_filing_they_left() -> None:
    change = changed(people, personnel.FilingApproved, filing=FILING, released_as="9")
    assert change.values == {"id": PERSON, "left_by": FILING}


def test_a_release_that_is_sent_has_a_last_day_and_no_content() -> None:
    release = {"left_on": "2023-03-31"}
    change = changed(
        people_sent, personnel.FilingSent, filing=FILING, content=None, release=release
    )
    assert change.values == {"filing": FILING, "data": None, "left_on": "2023-03-31"}


def test_certificates_are_kept_without_the_names_of_persons() -> None:
    certificate = {"id": "7", "class": "design", "status": "1", "legal_representative": "张示范"}
    change = changed(
        certificates.sent,
        enterprise.WholeFilingSent,
        filing=FILING,
        content={"certificates": [certificate]},
    )
    (kept,) = change.values["certificates"]
    assert (kept["id"], kept["class"], kept["status"]) == ("7", "design", "1")
    assert "张示范" not in kept.values()


@pytest.mark.parametrize(
    ("since", "until", "left_on"),
    [
        (date(2010, 1, 1), date(2023, 3, 31), date(2023, 3, 31)),
        (date(2024, 1, 1), date(2023, 3, 31), None),
        (None, date(2023, 3, 31), date(2023, 3, 31)),
    ],
    ids=["left", "came back", "came nobody knows when"],
)
def test_who_came_back_after_leaving_is_employed(
    since: date | None, until: date, left_on: date | None
) -> None:
    person = PersonHere(id=PERSON, employed_from=since, employed_to=until)
    assert back_again(person).employed_to == left_on
