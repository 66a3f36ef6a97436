"""退回补正: exactly what was returned opens; each point is changed or answered before the record is
sent again (domain book 5.7).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from libs.events.refusal import Finding
from libs.filing.catalogue import Texts
from libs.filing.content.record import Wizard
from libs.filing.filing import Answer, ReturnedItem
from libs.filing.rules import labels, paths, states
from services.assessment.records.domain import places
from services.assessment.records.domain.places import ROW, Leaves, Place, lies_in
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.snapshot import Generation
from services.assessment.records.domain.status import Status

LEFT_OUT = ("qualifications", "excluded_certificates")
CERTIFICATES = ("qualifications", "certificates")
PERSONS = ("people", "persons")
PROJECTS = ("performance", "performances")
STATEMENT = ("performance", "nil_declaration")

# Saving a step


def beside_the_returned(
    assessment: Record, step: str, choices: Wizard, available: Wizard
) -> list[Finding]:
    """E28 at each place of the step that differs from what was sent and was not returned.
    `available`: what was sent as it can be chosen now; taking that is no new choice.
    """
    sent = assessment.sent
    assert sent
    before = sent.snapshot.choices
    correction = Correction(
        opened=frozenset(_opened(sent, assessment.returned_items)),
        before=places.leaves(before),
        after=places.leaves(choices),
        available=places.leaves(available),
    )
    closed = correction.closed(step)
    pointers = [places.pointer(at, choices, before) for at in closed]
    returned = [words(sent, each) for each in assessment.returned_items]
    return [states.beside(each, returned) for each in dict.fromkeys(pointers)]


def _opened(sent: Generation, items: Iterable[ReturnedItem]) -> Iterator[Place]:
    """Where the returned items lead, the row with what it is named by; with the scans of 暂无业绩
    its statement.
    """
    before = places.leaves(sent.snapshot.choices)
    performances = sent.snapshot.performances
    placeholders = {str(each.project_id) for each in performances if each.is_placeholder}
    for each in items:
        at = places.place(each.pointer, sent.snapshot.choices)
        yield at[:ROW] if places.names_its_row(at, before) else at
        if placeholders.isdisjoint(at):
            continue
        yield STATEMENT if len(at) == ROW else (*STATEMENT, "statement_scan")


@dataclass(frozen=True)
class Correction:
    """The choices of a step beside those that were sent, and where they may differ."""

    opened: frozenset[Place]
    before: Leaves
    after: Leaves
    available: Leaves

    def closed(self, step: str) -> list[Place]:
        """Places that differ and may not. A returned row may be replaced by another."""
        changed = places.changed(self.before, self.after)
        differ = [at for at in changed if at[0] == step]
        closed = [at for at in differ if not self._may_differ(at)]
        dropped = [at for at in differ if at in self.opened and self._is_gone(at)]
        added = [at for at in closed if len(at) == ROW and not self._is_gone(at)]
        replacements = added[: len(dropped)]
        return [at for at in closed if at not in replacements]

    def _may_differ(self, at: Place) -> bool:
        if any(lies_in(at, above) for above in self.opened):
            return True
        if at[:2] == LEFT_OUT:
            return self._may_be_left_out((*CERTIFICATES, at[2]))
        return places.within(self.after, at) == places.within(self.available, at)

    def _may_be_left_out(self, certificate: Place) -> bool:
        """With its reason: a certificate that was returned, or was approved since."""
        known = places.within(self.before, certificate)
        is_new = places.within(self.available, certificate) and not known
        return certificate in self.opened or bool(is_new)

    def _is_gone(self, at: Place) -> bool:
        return not places.within(self.after, at)


# Sending again


def uncorrected(assessment: Record, answers: Sequence[Answer]) -> list[Finding]:
    """V14 for each returned point that was neither changed nor answered, in the pointer of the
    return or of the V14.
    """
    sent, ready = assessment.sent, assessment.ready
    if assessment.status is not Status.RETURNED or sent is None or ready is None:
        return []
    answered = {paths.in_record(each.pointer) for each in answers if each.text.strip()}
    left = [
        (item, at)
        for item in assessment.returned_items
        if answered.isdisjoint(map(paths.in_record, (item.pointer, at := now(sent, ready, item))))
        and not is_changed(sent, ready, item)
    ]
    return [states.unanswered(item, at, words(sent, item)) for item, at in left]


def now(sent: Generation, ready: Generation, item: ReturnedItem) -> str:
    """Where the returned point lies in what is sent next."""
    at = places.place(item.pointer, sent.snapshot.choices)
    choices = ready.snapshot.choices
    if len(at) >= ROW and places.within(places.leaves(choices), at[:ROW]):
        return places.pointer(at, choices)
    return paths.normal(item.pointer)


def is_changed(sent: Generation, ready: Generation, item: ReturnedItem) -> bool:
    """Whether what stood there differs: the form's own field, else what it was taken from too."""
    at = places.place(item.pointer, sent.snapshot.choices)
    before = places.leaves(sent.snapshot.choices)
    now = places.leaves(ready.snapshot.choices)
    if places.within(before, at) != places.within(now, at):
        return True
    performances = (*sent.snapshot.performances, *ready.snapshot.performances)
    by_value = all(each.values_sha256 for each in performances)
    facts = [_facts(each, at, by_value=by_value) for each in (sent, ready)]
    return not places.is_own(at) and facts[0] != facts[1]


def _facts(generation: Generation, at: Place, *, by_value: bool) -> dict[Place, object]:
    """What the place was taken from, or everything below it. `by_value`: of performance, what it
    says, and not by which event.
    """
    snapshot = generation.snapshot
    facts: dict[Place, object] = {("enterprise",): snapshot.enterprise}
    for certificate in snapshot.certificates:
        facts[*CERTIFICATES, str(certificate.certificate_id)] = certificate
    for person in generation.persons:
        facts[*PERSONS, str(person.person_id)] = person.sent
    for project in snapshot.performances:
        fact = project.values_sha256 if by_value else (project.project, project.contract)
        facts[*PROJECTS, str(project.project_id)] = fact
    return {key: fact for key, fact in facts.items() if lies_in(key, at) or lies_in(at, key)}


def words(sent: Generation, item: ReturnedItem) -> Texts:
    """The returned place as the form and its project or certificate are called."""
    snapshot = sent.snapshot
    names = {str(id): name for id, name in snapshot.projects.items()}
    for certificate in snapshot.certificates:
        names[str(certificate.certificate_id)] = certificate.cert_no or ""
    at = places.place(item.pointer, snapshot.choices)
    known = [names[each] for each in at if each in names]
    return labels.of_record(item.pointer, *known)
