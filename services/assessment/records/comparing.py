"""What differs between two generations of a record."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel

from services.assessment.records.domain.snapshot import Generation, Snapshot


class Changes(BaseModel):
    added: list[UUID]
    removed: list[UUID]
    changed: list[UUID]


class Difference(BaseModel):
    """Persons by person id, performance by project id; `changed`: chosen in both, in another
    version.
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


def difference(before: Generation, after: Generation) -> Difference:
    old, new = before.snapshot, after.snapshot
    rules_before, rules_after = _rules(old), _rules(new)
    return Difference(
        from_generation=before.no,
        to_generation=after.no,
        enterprise_changed=old.enterprise != new.enterprise,
        certificates=_changes(_certificates(old), _certificates(new)),
        persons=_changes(_persons(before), _persons(after)),
        performances=_changes(_performances(old), _performances(new)),
        rules_added=sorted(rules_after - rules_before),
        rules_removed=sorted(rules_before - rules_after),
        result_before=old.proposal.result,
        result_after=new.proposal.result,
    )


def _certificates(snapshot: Snapshot) -> dict[UUID, object]:
    return {each.certificate_id: each for each in snapshot.certificates}


def _persons(generation: Generation) -> dict[UUID, object]:
    """By the event that filed each: another version is another event."""
    return {each.person_id: each.sent for each in generation.persons}


def _performances(snapshot: Snapshot) -> dict[UUID, object]:
    return {each.project_id: each for each in snapshot.performances}


def _rules(snapshot: Snapshot) -> set[str]:
    """Each broken rule with its place."""
    return {f"{each.rule} {each.pointer}".strip() for each in snapshot.findings}


def _changes(old: Mapping[UUID, object], new: Mapping[UUID, object]) -> Changes:
    return Changes(
        added=[id for id in new if id not in old],
        removed=[id for id in old if id not in new],
        changed=[id for id in new if id in old and new[id] != old[id]],
    )
