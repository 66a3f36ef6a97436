"""Who counts for what on a day: persons by registration type and by speciality, and those a rule
keeps out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from libs.filing.calendar import anniversary, full_years
from libs.filing.lists import CodeList
from libs.filing.policy import AssessmentPolicy
from libs.filing.staffing.candidate import StaffCandidate
from libs.filing.standards import NonRegistered

UNTRAINED = -1  # years of practice that never count


class CountingTerms(NamedTuple):
    """What the counting follows, beside the standards themselves."""

    as_of: date
    policy: AssessmentPolicy
    non_registered: NonRegistered
    education: CodeList
    titles: CodeList

    def too_old(self, person: StaffCandidate) -> bool:
        """P05, on the day or in full years."""
        if self.policy.age_test == "FULL_YEARS":
            return full_years(person.birth_date, self.as_of) > self.policy.age_max
        return self.as_of > anniversary(person.birth_date, self.policy.age_max)

    def employed(self, person: StaffCandidate) -> bool:
        """P17."""
        return person.contract_from <= self.as_of and (
            person.contract_to is None or person.contract_to >= self.as_of
        )

    def years(self, person: StaffCandidate) -> int:
        """Full years of practice; UNTRAINED where they do not count for the lack of education, or
        are not known (P16).
        """
        if (
            person.practice_start_on is None
            or self.education.rank(person.education) < self.non_registered.education_rank_min
        ):
            return UNTRAINED
        return full_years(person.practice_start_on, self.as_of)

    def bars(self, person: StaffCandidate, any_age: bool) -> tuple[str, ...]:
        """What keeps a person from counting at all."""
        bars: tuple[str, ...] = ("A04",) if person.released else ()
        if not any_age and self.too_old(person):
            bars += ("P05",)
        return bars if self.employed(person) else (*bars, "P17")


class PoolMember(NamedTuple):
    """A person, by his place in the order of ids, and the rules that keep him out."""

    person: int
    rules: tuple[str, ...]


class Professional(NamedTuple):
    """With the rank of his title."""

    person: int
    rules: tuple[str, ...]
    title: int
    years: int

    def fits(self, title: int, years: int) -> bool:
        return self.title >= title and self.years >= years


@dataclass(frozen=True)
class Pool:
    """Persons by registration type, and by speciality and category; each list in the order of
    ids.
    """

    registered: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    barred: dict[str, list[PoolMember]] = field(default_factory=lambda: defaultdict(list))
    professional: dict[tuple[str, str], list[Professional]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def holders(self, types: Iterable[str]) -> list[int]:
        """Who holds one of these registrations, in order, nobody twice."""
        return sorted({person for each in types for person in self.registered.get(each, ())})

    def professionals(self, speciality: str, category: str) -> list[Professional]:
        """Those who are kept out too."""
        return self.professional.get((speciality, category), [])


def pool(people: Sequence[StaffCandidate], terms: CountingTerms, any_age: bool) -> Pool:
    """`people` in the order of their ids."""
    made = Pool()
    for number, person in enumerate(people):
        rules = terms.bars(person, any_age)
        _enter_registrations(made, PoolMember(number, rules), person, terms.as_of)
        if person.speciality:
            who = Professional(
                number, rules, terms.titles.rank(person.title_level), terms.years(person)
            )
            for category in person.categories:
                made.professional[person.speciality, category].append(who)
    return made


def _enter_registrations(made: Pool, who: PoolMember, person: StaffCandidate, on: date) -> None:
    valid = {each.type for each in person.registrations if each.valid(on)}
    for type in {each.type for each in person.registrations}:
        if type not in valid:
            made.barred[type].append(PoolMember(who.person, (*who.rules, "P15")))
        elif who.rules:
            made.barred[type].append(who)
        else:
            made.registered[type].append(who.person)
