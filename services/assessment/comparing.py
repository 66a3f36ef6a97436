"""What differs between two generations of a record."""

from collections.abc import Iterable
from uuid import UUID

from pydantic import BaseModel

from services.assessment.domain.snapshot import Generation


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
    rules = [
        sorted({f"{each.rule} {each.pointer}".strip() for each in one.findings})
        for one in (old, new)
    ]
    return Difference(
        from_generation=before.no,
        to_generation=after.no,
        enterprise_changed=old.enterprise != new.enterprise,
        certificates=_changes(
            *([(each.certificate_id, each) for each in one.certificates] for one in (old, new))
        ),
        persons=_changes(
            *([(each.person_id, each.sent) for each in one.persons] for one in (before, after))
        ),
        performances=_changes(
            *([(each.project_id, each) for each in one.performances] for one in (old, new))
        ),
        rules_added=[each for each in rules[1] if each not in rules[0]],
        rules_removed=[each for each in rules[0] if each not in rules[1]],
        result_before=old.proposal.result,
        result_after=new.proposal.result,
    )


def _changes(
    before: Iterable[tuple[UUID, object]], after: Iterable[tuple[UUID, object]]
) -> Changes:
    old, new = dict(before), dict(after)
    return Changes(
        added=[id for id in new if id not in old],
        removed=[id for id in old if id not in new],
        changed=[id for id in new if id in old and new[id] != old[id]],
    )
