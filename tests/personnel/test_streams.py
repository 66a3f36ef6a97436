"""How each stream of the personnel service begins: with one event, under its own id, owned by the
enterprise.
"""

from uuid import UUID

import pytest

from libs.events.aggregate import Aggregate
from libs.events.codec import LIMIT, canonical
from libs.events.testing import facts
from libs.filing.catalogue import finding
from libs.filing.content.person import Person as Content
from services.personnel.filings.domain import Batch, RefusedFiling, SentFiling
from services.personnel.papers.domain import Papers, Wanted
from services.personnel.people.domain.person import Person
from services.personnel.people.domain.place import FilingPlace
from tests.given import ENTERPRISE, clerk, id_of

PERSON, FILING, BATCH, PACKET = map(id_of, ("person", "filing", "batch", "packet"))
WANTED = (Wanted(filing=FILING, round=2),)
SENT = (SentFiling(filing=FILING, person=PERSON, receipt_no="R-1", round=1),)
REFUSED = (RefusedFiling(filing=id_of("other filing"), person=None, findings=()),)

PEOPLE = (
    Person.add(clerk(), PERSON, ENTERPRISE),
    Person.PersonAdded(
        act=clerk(), person=PERSON, enterprise=ENTERPRISE, content=Content(), person_key=None
    ),
    PERSON,
)
PLACES = (
    FilingPlace.place(clerk(), FILING, PERSON, ENTERPRISE),
    FilingPlace.FilingPlaced(act=clerk(), filing=FILING, person=PERSON, enterprise=ENTERPRISE),
    FILING,
)
BATCHES = (
    Batch.send(clerk(), BATCH, ENTERPRISE, "B-1", (*REFUSED, *SENT)),
    Batch.BatchSent(
        act=clerk(), batch=BATCH, enterprise=ENTERPRISE, batch_no="B-1", sent=SENT, refused=REFUSED
    ),
    BATCH,
)
PAPERS = (
    Papers.ask(clerk(), PACKET, ENTERPRISE, WANTED),
    Papers.FormsAsked(act=clerk(), packet=PACKET, enterprise=ENTERPRISE, filings=WANTED),
    Papers.create_id(PACKET),
)


@pytest.mark.parametrize(("begun", "first", "stream"), [PEOPLE, PLACES, BATCHES, PAPERS])
def test_a_stream_begins_with_one_event_under_its_id_and_belongs_to_the_enterprise(
    begun: Aggregate, first: Aggregate.Event, stream: UUID
) -> None:
    assert (begun.id, begun.owner, begun.version) == (stream, ENTERPRISE, 1)
    assert [facts(each) for each in begun.collect_events()] == [facts(first)]


def test_a_sending_of_a_thousand_is_told_in_events_of_bearable_size() -> None:
    missing = tuple(
        finding("E05", f"/field/{n}", field="学历", field_en="Education") for n in range(30)
    )
    outcomes = [
        SentFiling(
            filing=id_of(f"{n}"), person=PERSON, receipt_no="410100-20240902-7K3M9QXZ", round=1
        )
        if n % 2
        else RefusedFiling(filing=id_of(f"{n}"), person=PERSON, findings=missing)
        for n in range(1000)
    ]
    batch = Batch.send(clerk(), BATCH, ENTERPRISE, "B-1", outcomes)
    assert [len(batch.sent), len(batch.refused)] == [500, 500]
    assert [*batch.sent, *batch.refused] == [*outcomes[1::2], *outcomes[::2]]
    events = batch.collect_events()
    assert len(events) > 1
    assert max(len(canonical(each.model_dump(mode="json"))) for each in events) < LIMIT
