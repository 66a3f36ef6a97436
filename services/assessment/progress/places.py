"""Where each record stands, and since when: from its own events, so that totals are moved by
exactly what changes.

Its city is the one that its number names, from its first sending on the one that it was sent to.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from libs.events.readmodel import Change, ReadModel, RowStep
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.filing.calendar import local_day
from libs.filing.conclusion import Proposal
from services.assessment.progress import totals
from services.assessment.progress.totals import ShortageKey, StateKey
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.status import Status
from services.assessment.records.lists import records


@dataclass(frozen=True)
class PlaceRow:
    """`lacks`: what the round that was sent last has nobody for, as `group:code`."""

    record: UUID
    campaign: UUID
    city: str
    status: str
    since: date
    lacks: Json

    @property
    def state(self) -> StateKey:
        return StateKey(self.campaign, self.city, self.status)

    @property
    def shortages(self) -> frozenset[ShortageKey]:
        return frozenset(ShortageKey(self.campaign, self.city, each) for each in self.lacks)


Next = Callable[[PlaceRow], PlaceRow]
Steps = Iterator[Change | RowStep]
places = ReadModel("record_places", PlaceRow, key=("record",))


@places.on(Record.AssessmentStarted)
def _started(e: Record.AssessmentStarted, at: StoredEvent) -> Iterator[RowStep]:
    _, city, _ = e.record_no.split("-")
    place = PlaceRow(
        record=at.stream,
        campaign=e.campaign,
        city=city,
        status=Status.DRAFT,
        since=local_day(at.recorded_at),
        lacks=[],
    )
    yield places.step(lambda _: _entered(place), record=at.stream)


@places.on(Record.AssessmentSent)
def _sent(e: Record.AssessmentSent, at: StoredEvent) -> Iterator[RowStep]:
    lacks = lacking(e.proposal)

    def sent(place: PlaceRow) -> PlaceRow:
        return replace(
            place,
            status=Status.SENT,
            city=e.supervising_city_code,
            lacks=lacks,
        )

    yield _moved(at, sent)


# whatever else changes the status, as the list of records has it
MOVING = [
    kind
    for kind in records.kinds.values()
    if kind not in (Record.AssessmentStarted, Record.AssessmentSent)
]


@places.on(*MOVING)
def _passed(e: Record.Event, at: StoredEvent) -> Iterator[RowStep]:
    (change,) = records.changes(e, at)
    status = change.values["status"]

    def passed(place: PlaceRow) -> PlaceRow:
        lacks = [] if status == Status.WITHDRAWN else place.lacks
        return replace(place, status=status, lacks=lacks)

    yield _moved(at, passed)


def lacking(proposal: Proposal) -> list[str]:
    """What places of the staffing tables nobody fills, each once, however many licences ask."""
    found: set[str] = set()
    for item in proposal.per_item:
        for slot in item.open_slots:
            found.add(f"{slot.group}:{slot.code}")
    return sorted(found)


def _moved(at: StoredEvent, to: Next) -> RowStep:
    """From where it stands to the next place, and the totals with it."""

    def then(before: PlaceRow | None) -> Steps:
        assert before, "a record begins with its start"
        day = max(before.since, local_day(at.recorded_at))
        after = to(before)
        if after.state == before.state:
            yield places.put(after)
        else:
            yield totals.leaves(before.state, before.since, day)
            yield from _entered(replace(after, since=day))
        yield from _shortages(before, after, day)

    return places.step(then, record=at.stream)


def _entered(place: PlaceRow) -> Steps:
    yield places.put(place)
    yield totals.enters(place.state, place.since)


def _shortages(before: PlaceRow, after: PlaceRow, day: date) -> Iterator[RowStep]:
    """What is lacking no more, and what is now."""
    was, now = before.shortages, after.shortages
    for each in sorted(was - now):
        yield totals.lacks(each, day, -1)
    for each in sorted(now - was):
        yield totals.lacks(each, day, 1)
