"""退回补正: what was returned, and whether it was changed or answered since."""

from collections.abc import Sequence

from libs.events.refusal import Finding
from libs.filing.catalogue import finding
from libs.filing.filing import Answer
from libs.filing.rules import paths
from services.assessment.domain.record import Record
from services.assessment.domain.snapshot import Generation
from services.assessment.domain.status import Status

Fact = tuple[str, object, object]  # its place, what it is, and what is frozen of it


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
    sent, latest = assessment.sent, assessment.latest
    if sent is None or latest is None or sent is latest:
        return False
    before, now = _facts(sent), _facts(latest)
    if pointer.count("/") == 1:  # all persons, all performance: one that was added is a change too
        return _below(pointer, before) != _below(pointer, now)
    present = {name: fact for _, name, fact in now}
    touched = [(name, fact) for place, name, fact in before if _meet(place, pointer)]
    return any(present.get(name) != fact for name, fact in touched)


def _below(pointer: str, facts: Sequence[Fact]) -> dict[object, object]:
    return {name: fact for place, name, fact in facts if paths.covers(pointer, place)}


def _meet(one: str, other: str) -> bool:
    return paths.covers(one, other) or paths.covers(other, one)


def _facts(generation: Generation) -> list[Fact]:
    """Everything that can be returned. A place moves when something before it is dropped; what the
    fact is does not.
    """
    snapshot, wizard = generation.snapshot, generation.snapshot.choices
    scans = {each.project_id: each.scans for each in wizard.performance.performances}
    whole: list[Fact] = [
        ("/enterprise", "enterprise", (snapshot.enterprise, wizard.enterprise)),
        ("/si_proofs", "proofs", wizard.social_insurance),
    ]
    certificates = [
        (f"/certificates/{n}", each.certificate_id, each)
        for n, each in enumerate(snapshot.certificates)
    ]
    persons = [
        (f"/persons/{n}", each.person_id, each.sent) for n, each in enumerate(generation.persons)
    ]
    performances = [
        (f"/performances/{n}", each.project_id, (each, scans.get(each.project_id)))
        for n, each in enumerate(snapshot.performances)
    ]
    return [*whole, *certificates, *persons, *performances]
