"""退回补正: what was returned, and whether it was changed or answered since."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from libs.events.refusal import Finding
from libs.filing.catalogue import finding
from libs.filing.filing import Answer
from libs.filing.rules import paths
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.snapshot import Generation, Snapshot
from services.assessment.records.domain.status import Status


class Fact(NamedTuple):
    """What can be returned. Its place moves when something before it is dropped, its name not."""

    place: str
    name: object
    content: object


def is_open(assessment: Record, place: str) -> bool:
    """Whether a returned point lies at the place, in it or around it."""
    return any(_meet(place, each.pointer) for each in assessment.returned_items)


def uncorrected(assessment: Record, answers: Sequence[Answer]) -> list[Finding]:
    """V14 for each returned point that was neither changed nor answered."""
    if assessment.status is not Status.RETURNED:
        return []
    answered = {paths.normal(each.pointer) for each in answers if each.text.strip()}
    return [
        finding("V14", item.pointer, point=item.text)
        for item in assessment.returned_items
        if paths.normal(item.pointer) not in answered and not _changed(assessment, item.pointer)
    ]


def _changed(assessment: Record, pointer: str) -> bool:
    """Whether what lies at or above the returned place differs from what was sent in the round
    that came back.
    """
    sent, ready = assessment.sent, assessment.ready
    if sent is None or ready is None:
        return False
    before, now = _facts(sent), _facts(ready)
    if pointer.count("/") == 1:  # all persons, all performance: one that was added is a change too
        return _below(pointer, before) != _below(pointer, now)
    touched = [fact for fact in before if _meet(fact.place, pointer)]
    present = _contents(now)
    return any(present.get(fact.name) != fact.content for fact in touched)


def _below(pointer: str, facts: Iterable[Fact]) -> dict[object, object]:
    return _contents(fact for fact in facts if paths.covers(pointer, fact.place))


def _contents(facts: Iterable[Fact]) -> dict[object, object]:
    return {fact.name: fact.content for fact in facts}


def _meet(one: str, other: str) -> bool:
    """Whether one place is the other, or lies in it."""
    return paths.covers(one, other) or paths.covers(other, one)


def _facts(generation: Generation) -> list[Fact]:
    """Everything in a generation that can be returned."""
    snapshot, choices = generation.snapshot, generation.snapshot.choices
    return [
        Fact("/enterprise", "enterprise", (snapshot.enterprise, choices.enterprise)),
        Fact("/si_proofs", "proofs", choices.social_insurance),
        *(
            Fact(f"/certificates/{n}", each.certificate_id, each)
            for n, each in enumerate(snapshot.certificates)
        ),
        *(
            Fact(f"/persons/{n}", each.person_id, each.sent)
            for n, each in enumerate(generation.persons)
        ),
        *_performances(snapshot),
    ]


def _performances(snapshot: Snapshot) -> Iterator[Fact]:
    """Each with the scans that were chosen for it."""
    chosen = snapshot.choices.performance.performances
    scans = {each.project_id: each.scans for each in chosen}
    for n, each in enumerate(snapshot.performances):
        content = (each, scans.get(each.project_id))
        yield Fact(f"/performances/{n}", each.project_id, content)
