"""What differs between two states of a record: generations, rounds, what is chosen now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.filing.comparing import Change, Point
from libs.filing.content.record import Wizard
from libs.filing.filing import Answer, ReturnedItem
from libs.filing.rules import labels, paths
from services.assessment.records.domain import correcting, places
from services.assessment.records.domain.correcting import CERTIFICATES, PERSONS, PROJECTS
from services.assessment.records.domain.places import ROW, Place, lies_in
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.snapshot import FrozenPerformance, Generation, Snapshot
from services.assessment.records.domain.status import Status

ENTERPRISE = ("enterprise",)
DRAFT_ROWS = {  # step and rows that name a source, and by what
    CERTIFICATES: "certificate_id",
    PERSONS: "person_id",
    PROJECTS: "project_id",
}


class Changes(BaseModel):
    added: list[UUID]
    removed: list[UUID]
    changed: list[UUID]


class Difference(BaseModel):
    """Persons by person id, performance by project id; `changed`: chosen in both, in another
    version. `changes` has the same place by place, as the form names them; `points`: what was
    returned before the later state was sent.
    """

    from_generation: int
    to_generation: int
    enterprise_changed: bool
    certificates: Changes
    persons: Changes
    performances: Changes
    rules_added: list[str]
    rules_removed: list[str]
    result_before: str
    result_after: str
    changes: list[Change] = []
    points: list[Point] = []


@dataclass(frozen=True)
class Names:
    """Of persons and projects, by id."""

    persons: Mapping[UUID, str] = field(default_factory=dict)
    projects: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """A state of a record. `is_draft`: its facts are those of the latest generation, as far as they
    are still chosen. `record`: as it stood then, `answers`: the enterprise's words of that round.
    """

    record: Record
    made: Generation
    answers: tuple[Answer, ...] = ()
    is_draft: bool = False

    @property
    def choices(self) -> Wizard:
        return self.made.snapshot.choices

    def facts(self) -> dict[Place, Any]:
        """What every chosen row was taken from; None where it was chosen since."""
        snapshot = self.made.snapshot
        found: dict[Place, Any] = {ENTERPRISE: snapshot.enterprise}
        found |= {(*CERTIFICATES, str(e.certificate_id)): e for e in snapshot.certificates}
        found |= {(*PERSONS, str(each.person_id)): each for each in self.made.persons}
        found |= {(*PROJECTS, str(each.project_id)): each for each in snapshot.performances}
        if not self.is_draft:
            return found
        chosen = [
            (*rows, key) for rows in DRAFT_ROWS for key in places.keys_of(self.choices, *rows)
        ]
        return {at: found.get(at) for at in (ENTERPRISE, *chosen)}


def draft(record: Record) -> Compared | None:
    """What is chosen now, beside the facts of the latest generation; None before there is one."""
    if record.latest is None:
        return None
    return Compared(record, record.latest.with_choices(record.wizard), is_draft=True)


def difference(before: Compared, after: Compared, names: Names = Names()) -> Difference:
    """`names`: those that the reader may see; labels name projects, never persons."""
    old, new = before.made.snapshot, after.made.snapshot
    facts_before, facts_after = before.facts(), after.facts()
    rules_before, rules_after = _rules(old), _rules(new)
    certificates, persons, performances = [
        _changes(_of(facts_before, rows), _of(facts_after, rows)) for rows in DRAFT_ROWS
    ]
    compared = _Places(before, after, names)
    return Difference(
        from_generation=before.made.no,
        to_generation=after.made.no,
        enterprise_changed=old.enterprise != new.enterprise,
        certificates=certificates,
        persons=persons,
        performances=performances,
        rules_added=sorted(rules_after - rules_before),
        rules_removed=sorted(rules_before - rules_after),
        result_before=old.proposal.result,
        result_after=new.proposal.result,
        changes=list(compared.changes()),
        points=list(compared.points()),
    )


class _Places:
    """Place by place: the form's own fields, and rows whose source is another version."""

    def __init__(self, before: Compared, after: Compared, names: Names) -> None:
        self._before, self._after, self._names = before, after, names
        self._facts = before.facts(), after.facts()
        self._sent = _came_back(after.record)
        self._items = after.record.returned_items if self._sent else ()

    def changes(self) -> Iterator[Change]:
        for at in self._differing():
            was, now = (self._value(side, at) for side in (0, 1))
            pointer = places.pointer(at, self._after.choices, self._before.choices)
            yield Change(
                pointer=pointer,
                label=labels.of_record(pointer, *self._project(at)),
                kind="added" if was is None else "removed" if now is None else "changed",
                old=was,
                new=now,
                point=next((each for each in self._items if self._answers(at, each)), None),
            )

    def points(self) -> Iterator[Point]:
        if (sent := self._sent) is None:
            return
        said = {paths.in_record(each.pointer): each.text for each in self._after.answers}
        for item in self._items:
            now = correcting.now(sent, self._after.made, item)
            yield Point(
                pointer=item.pointer,
                label=correcting.words(sent, item),
                reason=item.reason,
                text=item.text,
                answer=said.get(paths.in_record(item.pointer)) or said.get(paths.in_record(now)),
                corrected=correcting.is_changed(sent, self._after.made, item),
            )

    def _differing(self) -> list[Place]:
        """In the order of the form."""
        old, new = self._facts
        found = [at for at in old if at in new and _moved(old[at], new[at])]
        moved = tuple(found)
        before = places.leaves(self._before.choices)
        after = places.leaves(self._after.choices)
        for at in places.changed(before, after):
            if not any(lies_in(at, each) for each in moved):
                found.append(at)
        steps = list(Wizard.model_fields)
        return sorted(found, key=lambda at: steps.index(at[0].replace("-", "_")))

    def _value(self, side: int, at: Place) -> Any:
        """What is shown of the place; None where there is nothing."""
        compared, facts = (self._before, self._after)[side], self._facts[side]
        if at == ENTERPRISE:
            return {"filed_version": facts[at].filed_version}
        choices = compared.choices
        if len(at) >= ROW and at[2] not in places.keys_of(choices, at[0], at[1]):
            return None
        pointer = paths.in_record(places.pointer(at, choices))
        found = paths.lookup(paths.plain(choices), pointer)
        if len(at) == ROW and at[:2] in DRAFT_ROWS:
            return found | self._told(facts.get(at), UUID(at[2]))
        return None if found in ([], "") else found

    def _told(self, fact: Any, id: UUID) -> dict[str, Any]:
        """Of a row's source, what a reader knows it by."""
        if isinstance(fact, FrozenPerformance):
            return {
                "name": fact.name or self._names.projects.get(id),
                "version": fact.project.version,
            }
        told = {"cert_no", "valid_to", "status", "filed_version"}
        shown = fact.model_dump(mode="json", include=told) if fact else {}
        name = self._names.persons.get(id) or self._names.projects.get(id)
        return shown | ({"name": name} if name else {})

    def _project(self, at: Place) -> list[str]:
        projects = self._before.made.snapshot.projects | self._after.made.snapshot.projects
        if at[:2] != PROJECTS or len(at) < ROW:
            return []
        id = UUID(at[2])
        name = projects.get(id) or self._names.projects.get(id)
        return [name] if name else []

    def _answers(self, at: Place, item: ReturnedItem) -> bool:
        assert self._sent
        there = places.place(item.pointer, self._sent.snapshot.choices)
        return lies_in(at, there) or lies_in(there, at)


def _came_back(record: Record) -> Generation | None:
    """The round that was returned last, before anything was sent again."""
    is_returned = record.status is Status.RETURNED
    back = record.rounds[-1:] if is_returned else record.rounds[-2:-1]
    if not back or not record.returned_items:
        return None
    return record.as_sent(back[0])


def _moved(old: Any, new: Any) -> bool:
    """Another version of the source, of performance one that says something else. What was chosen
    since is compared with nothing.
    """
    if old is None or new is None:
        return False
    before, after = (getattr(each, "values_sha256", None) for each in (old, new))
    if before and after:
        return bool(before != after)
    return bool(_fact(old) != _fact(new))


def _fact(source: Any) -> Any:
    """A person is known by the event that filed them: another version is another event."""
    return getattr(source, "sent", source)


def _of(facts: Mapping[Place, Any], rows: Place) -> dict[UUID, Any]:
    """The facts of these rows, by the id of each."""
    found: dict[UUID, Any] = {}
    for at, fact in facts.items():
        if at[:2] == rows:
            found[UUID(at[2])] = _fact(fact)
    return found


def _rules(snapshot: Snapshot) -> set[str]:
    """Each broken rule with its place."""
    return {f"{each.rule} {each.pointer}".strip() for each in snapshot.findings}


def _changes(old: Mapping[UUID, Any], new: Mapping[UUID, Any]) -> Changes:
    """A fact that is not known is not a change."""
    both = [id for id in new if id in old and new[id] is not None and old[id] is not None]
    return Changes(
        added=[id for id in new if id not in old],
        removed=[id for id in old if id not in new],
        changed=[id for id in both if new[id] != old[id]],
    )
