"""A person, and each of their filings."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from libs.events.testing import given
from libs.filing.filing import Type
from services.personnel.people.domain.filed import FilingToSend
from services.personnel.people.domain.person import Person
from tests.given import clerk
from tests.offers.offer import READ, Offer
from tests.personnel import test_first_filing as first
from tests.personnel import test_person as the

ADDED = (the.added,)
CHANGE = (
    the.drafted(the.OTHER, Type.PER_CHANGE, 1),
    the.filing_saved(the.OTHER, Type.PER_CHANGE, the.CHANGED),
)
CHANGE_SENT = the.sent(the.OTHER, content=the.CHANGED, type=Type.PER_CHANGE, base_version=1)
RELEASE = (
    the.drafted(the.OTHER, Type.PER_RELEASE, 1, the.LEAVING),
    the.filing_saved(the.OTHER, Type.PER_RELEASE, None, the.LEAVING),
)
SUPERSEDED = Person.FilingSuperseded(act=clerk(), filing=the.FILING, superseded_by=the.OTHER)
LATER = (
    the.drafted(first.THIRD, Type.PER_CHANGE, 1),
    the.filing_saved(first.THIRD, Type.PER_CHANGE, the.CHANGED),
)
TWO = (the.added, the.drafted(), the.drafted(the.OTHER), the.filing_saved(the.OTHER))
STORIES: dict[str, tuple[Any, ...]] = {
    "added": ADDED,
    "drafted": (*ADDED, the.drafted()),
    "saved": the.SENT[:-1],
    "sent": the.SENT,
    "opened": (*the.SENT, first.opened),
    "returned": (*the.SENT, the.returned),
    "withdrawn": (*the.SENT, the.withdrawn),
    "rejected": (*the.SENT, the.rejected),
    "given up": (*ADDED, the.drafted(), first.voided),
    "filed": the.FILED,
    "change drafted": (*the.FILED, CHANGE[0]),
    "change saved": (*the.FILED, *CHANGE),
    "change sent": (*the.FILED, *CHANGE, CHANGE_SENT),
    "changed": (
        *the.FILED,
        *CHANGE,
        CHANGE_SENT,
        the.approved(the.OTHER, Type.PER_CHANGE, 2),
        SUPERSEDED,
    ),
    "leaving": (*the.FILED, *RELEASE),
    "released": (*the.FILED, *LATER, *the.RELEASED[len(the.FILED) :]),
    "back again": (*the.RELEASED, the.drafted(first.THIRD), the.filing_saved(first.THIRD)),
    "two begun": TWO,
    **{f"two begun, one {status}": (*TWO, *past) for status, past in first.FIRST.items()},
    "two sent": (*TWO, the.filing_saved(), the.sent(), the.sent(the.OTHER)),
}


def people() -> Iterator[Offer]:
    for story, past in STORIES.items():
        person = given(Person, *past).aggregate
        saving = person.findings_before_saving(person.saved, clerk(), the.FACTS)
        yield Offer(
            f"person: {story}",
            "filed" if person.filed else person.released_as or "not filed",
            person,
            person.actions(saving=saving),
            {
                "save": lambda p: p.save(clerk(), p.saved, p.person_key, the.FACTS),
                "add_filing": lambda p: _begin(p, Type.PER_INIT),
                "download": lambda p: _begin(p, Type.PER_CHANGE),
                "release": lambda p: _begin(p, Type.PER_RELEASE),
            },
        )


def filings() -> Iterator[Offer]:
    for story, past in STORIES.items():
        person = given(Person, *past).aggregate
        for id, current in person.filings.items():
            content = person.content_of(current)
            saving = person.findings_before_saving_filing(current, content, clerk(), the.FACTS)
            sending = person.findings_before_sending(current, clerk(), the.FACTS)
            yield Offer(
                f"{current.type} {current.status}: {story}",
                current.status,
                person,
                person.actions_on(current, saving=saving, sending=sending),
                _acts_on_filing(id),
            )


def _acts_on_filing(id: UUID) -> dict[str, Any]:
    return {
        "save": lambda p: p.save_filing(clerk(), id, None, p.key_of(p.filing(id)), the.FACTS),
        "send": lambda p: _send(p, id),
        "withdraw": lambda p: p.ask_withdrawal(clerk(), id),
        "discard": lambda p: p.void_filing(clerk(), id),
    }


def _begin(person: Person, type: Type) -> None:
    person.add_filing(clerk(), the.DECISION, type, "N")


def _send(person: Person, filing: Any) -> None:
    sending = FilingToSend(filing, READ)
    person.send_filing(clerk(), sending, the.SENDER, the.FACTS, receipt_no="R", batch_no="B")
