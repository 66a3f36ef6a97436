"""The staffing check over all standards an enterprise is held to."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import islice
from uuid import UUID

from libs.filing import reference
from libs.filing.policy import AssessmentPolicy
from libs.filing.staffing.candidate import StaffCandidate
from libs.filing.staffing.matching import PROFESSIONAL, REGISTERED, SlotKind, best
from libs.filing.staffing.needs import SlotGroup, StaffingLine, lines
from libs.filing.staffing.pool import CountingTerms, Pool, pool
from libs.filing.staffing.result import Exclusion, Group, LicenceStaffing, Shortfall, Slot, Staffing
from libs.filing.standards import Standard

MATCHED = {Group.REGISTERED: REGISTERED, Group.PROFESSIONAL: PROFESSIONAL}


def assess(
    standards: Iterable[Standard],
    people: Iterable[StaffCandidate],
    as_of: date,
    policy: AssessmentPolicy | None = None,
    others: Iterable[StaffCandidate] = (),
    version: str = reference.VERSION,
) -> Staffing:
    """Each standard by itself: a person fills at most one slot of it and may serve several
    standards. `others` are approved persons who were not chosen; `version` is the standards' own.
    The order of people changes nothing. ValueError if a person comes twice.
    """
    rules = reference.general_rules(version)
    education, titles = (
        reference.code_list("education_level", version),
        reference.code_list("title_level", version),
    )
    terms = CountingTerms(
        as_of, policy or reference.policy(), rules.non_registered, education, titles
    )
    chosen, spare = _in_order(people), _in_order(others)

    @cache
    def pools(any_age: bool) -> tuple[Named, Named]:
        return Named(chosen, pool(chosen, terms, any_age)), Named(
            spare, pool(spare, terms, any_age)
        )

    licences = (
        _staffing(each, lines(each, version), *pools(each.code in rules.age_exceptions))
        for each in standards
    )
    return Staffing.model_construct(as_of=as_of, licences=tuple(licences))


class Named:
    """A pool and its persons' ids. Lines of several standards often ask for the same, so who is
    excluded is worked out once.
    """

    def __init__(self, people: Sequence[StaffCandidate], pool: Pool) -> None:
        self.pool, self.ids = pool, [each.id for each in people]
        self.excluded = cache(self._excluded)

    def fitting(self, line: StaffingLine, parts: Iterable[SlotGroup]) -> list[UUID]:
        """In the order of ids."""
        return [
            self.ids[person]
            for person in sorted({each for part in parts for each in line.fitting(self.pool, part)})
        ]

    def _excluded(self, loosest: StaffingLine) -> tuple[Exclusion, ...]:
        """One for each person who would fit and does not, with every rule that keeps him out."""
        fitting = set(loosest.fitting(self.pool, *loosest.parts))
        rules: dict[int, tuple[str, ...]] = {}
        for each in loosest.barred(self.pool):
            if each.person not in fitting:
                rules[each.person] = tuple(
                    dict.fromkeys((*rules.get(each.person, ()), *each.rules))
                )
        named = ((self.ids[person], found) for person, found in sorted(rules.items()))
        return tuple(
            Exclusion.model_construct(person=person, code=loosest.code, rules=found)
            for person, found in named
        )


def _in_order(people: Iterable[StaffCandidate]) -> Sequence[StaffCandidate]:
    ordered = sorted(people, key=lambda each: each.id.int)
    if len({each.id.int for each in ordered}) < len(ordered):
        raise ValueError("a person comes twice")
    return ordered


def _staffing(
    standard: Standard, table: Sequence[StaffingLine], chosen: Named, others: Named
) -> LicenceStaffing:
    kinds = [
        SlotKind(MATCHED[line.group], part.places, line.fitting(chosen.pool, part))
        for line in table
        for part in line.parts
    ]
    found = iter(best(kinds))
    filled = [(line, _slots(line, list(islice(found, line.places)), chosen)) for line in table]
    known = {
        Group.REGISTERED: standard.min_registered,
        Group.PROFESSIONAL: standard.min_professionals,
    }
    by_group = {
        group: None
        if needs is None
        else tuple(slot for line, slots in filled if line.group is group for slot in slots)
        for group, needs in known.items()
    }
    return LicenceStaffing.model_construct(
        standard=standard.code,
        registered=by_group[Group.REGISTERED],
        professionals=by_group[Group.PROFESSIONAL],
        shortfalls=tuple(
            _shortfall(line, slots, chosen, others)
            for line, slots in filled
            if any(slot.person is None for slot in slots)
        ),
        excluded=tuple(each for line in table for each in chosen.excluded(line.loosest)),
    )


def _slots(line: StaffingLine, found: Sequence[int | None], chosen: Named) -> tuple[Slot, ...]:
    parts = [part for part in line.parts for _ in range(part.places)]
    return tuple(
        Slot.model_construct(
            group=line.group,
            code=line.code,
            senior=part.senior,
            or_structural=part.or_structural,
            person=None if person is None else chosen.ids[person],
        )
        for part, person in zip(parts, found, strict=True)
    )


def _shortfall(
    line: StaffingLine, slots: Sequence[Slot], chosen: Named, others: Named
) -> Shortfall:
    """Whoever fits an open slot and is free would fill it: those who fit are needed elsewhere, or
    were not chosen.
    """
    here = {slot.person for slot in slots}
    parts = [part for part in line.parts if _has_open(slots, part)]
    return Shortfall(
        group=line.group,
        code=line.code,
        need=line.places,
        have=sum(slot.person is not None for slot in slots),
        elsewhere=tuple(each for each in chosen.fitting(line, parts) if each not in here),
        not_chosen=tuple(others.fitting(line, parts)),
        brackets_unknown=line.brackets_unknown,
    )


def _has_open(slots: Sequence[Slot], part: SlotGroup) -> bool:
    asked = (None, part.senior, part.or_structural)
    return any((slot.person, slot.senior, slot.or_structural) == asked for slot in slots)
