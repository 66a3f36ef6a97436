"""Who counts for what on a day: persons by registration type and by speciality, and those a rule keeps out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from libs.filing.calendar import anniversary, full_years
from libs.filing.lists import CodeList
from libs.filing.policy import Policy
from libs.filing.staffing.candidate import Candidate
from libs.filing.standards import NonRegistered

NON_REGISTERED = "N"  # person_category whose education and years are tested (P16)


class Terms(NamedTuple):
    """What the counting follows, beside the standards themselves."""

    as_of: date
    policy: Policy
    non_registered: NonRegistered
    education: CodeList
    titles: CodeList

    def too_old(self, person: Candidate) -> bool:
        """P05, on the day or in full years."""
        if self.policy.age_test == "FULL_YEARS":
            return full_years(person.birth_date, self.as_of) > self.policy.age_max
        return self.as_of > anniversary(person.birth_date, self.policy.age_max)

    def employed(self, person: Candidate) -> bool:
        """P17."""
        return person.contract_from <= self.as_of and (person.contract_to is None or person.contract_to >= self.as_of)

    def experienced(self, person: Candidate, kind: Literal["survey", "design"]) -> bool:
        """Education and years of P16; the title is each slot's own matter."""
        rule = self.non_registered
        years = rule.practice_years_min_survey if kind == "survey" else rule.practice_years_min_design
        since = person.practice_start_on
        return (
            since is not None
            and full_years(since, self.as_of) >= years
            and self.education.rank(person.education) >= rule.education_rank_min
        )


class Professional(NamedTuple):
    """A person, by his place in the order of ids, and the rank of his title."""

    person: int
    title: int


class Barred(NamedTuple):
    person: int
    title: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """Persons by place in the order of ids; professionals by speciality and category."""

    registered: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    professional: dict[tuple[str, str], list[Professional]] = field(default_factory=lambda: defaultdict(list))
    barred_registered: dict[str, list[Barred]] = field(default_factory=lambda: defaultdict(list))
    barred_professional: dict[tuple[str, str], list[Barred]] = field(default_factory=lambda: defaultdict(list))

    def holders(self, types: Iterable[str]) -> list[int]:
        """Who holds one of these registrations, in order, nobody twice."""
        lists = [self.registered[each] for each in types if each in self.registered]
        return list(lists[0]) if len(lists) == 1 else sorted({person for each in lists for person in each})

    def professionals(self, speciality: str, categories: Iterable[str], title: int) -> list[int]:
        """Whose title ranks so high or higher, in order."""
        lists = [self.professional[speciality, each] for each in categories if (speciality, each) in self.professional]
        return sorted({each.person for people in lists for each in people if each.title >= title})


def pool(people: Sequence[Candidate], terms: Terms, kind: Literal["survey", "design"], any_age: bool = False) -> Pool:
    """`people` in the order of their ids."""
    made = Pool()
    for number, person in enumerate(people):
        rules = _bars(person, terms, any_age)
        _enter_registrations(made, number, person, rules, terms.as_of)
        if person.speciality:
            _enter_professional(made, number, person, rules, terms, kind)
    return made


def _bars(person: Candidate, terms: Terms, any_age: bool) -> tuple[str, ...]:
    """What keeps a person from counting at all."""
    bars: tuple[str, ...] = ("A04",) if person.released else ()
    if not any_age and terms.too_old(person):
        bars += ("P05",)
    return bars if terms.employed(person) else (*bars, "P17")


def _enter_registrations(made: Pool, number: int, person: Candidate, rules: tuple[str, ...], on: date) -> None:
    valid = {each.type for each in person.registrations if each.valid(on)}
    for type in sorted({each.type for each in person.registrations}):
        if type in valid and not rules:
            made.registered[type].append(number)
        else:
            made.barred_registered[type].append(Barred(number, 0, rules if type in valid else (*rules, "P15")))


def _enter_professional(
    made: Pool, number: int, person: Candidate, rules: tuple[str, ...], terms: Terms, kind: Literal["survey", "design"]
) -> None:
    title = terms.titles.rank(person.title_level)
    for category in person.categories:
        own = rules if category != NON_REGISTERED or terms.experienced(person, kind) else (*rules, "P16")
        key = (person.speciality or "", category)
        if own:
            made.barred_professional[key].append(Barred(number, title, own))
        else:
            made.professional[key].append(Professional(number, title))
