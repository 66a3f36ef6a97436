"""A standard's staffing table as lines of slots, and who fits each."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from libs.filing import reference
from libs.filing.staffing.pool import UNTRAINED, Pool, PoolMember, Professional
from libs.filing.staffing.result import Group
from libs.filing.standards import ProfessionalNeed, RegisteredNeed, Standard

SENIOR = 4  # rank of 高级 in list title_level
ANY_TITLE = -1  # also of those whose title is unknown
STRUCTURAL = "STR1"
NON_REGISTERED = "N"  # person_category whose education and years are tested (P16)


class SlotGroup(NamedTuple):
    """So many slots of one line that ask for the same."""

    places: int
    types: tuple[str, ...] = ()  # registered
    title: int = ANY_TITLE  # professional: lowest rank
    senior: bool = False
    or_structural: bool = False


class StaffingLine(NamedTuple):
    """One entry of the table, its parts in slot order: those with a number in brackets first."""

    group: Group
    code: str
    places: int
    parts: tuple[SlotGroup, ...]
    categories: tuple[str, ...] = ()
    years: int = UNTRAINED  # of practice, for category N
    brackets_unknown: bool = False

    def fitting(self, pool: Pool, part: SlotGroup) -> list[int]:
        """In the order of ids."""
        if self.group is Group.REGISTERED:
            return pool.holders(part.types)
        return sorted(
            {
                who.person
                for who, years in self._professionals(pool)
                if not who.rules and who.fits(part.title, years)
            }
        )

    @property
    def loosest(self) -> "StaffingLine":
        """Without its numbers: whoever fits any of its slots fits this one."""
        types = max((part.types for part in self.parts), key=len)
        part = SlotGroup(0, types, min(part.title for part in self.parts))
        return self._replace(places=0, parts=(part,), brackets_unknown=False)

    def barred(self, pool: Pool) -> Iterator[PoolMember]:
        """Of a loosest line: who would fit but for a rule; too low a title is P16 too."""
        (part,) = self.parts
        for type in part.types:
            yield from pool.barred.get(type, ())
        for who, years in self._professionals(pool):
            if not who.fits(part.title, years):
                yield PoolMember(who.person, (*who.rules, "P16"))
            elif who.rules:
                yield PoolMember(who.person, who.rules)

    def _professionals(self, pool: Pool) -> Iterator[tuple[Professional, int]]:
        """Of the accepted categories, with the years asked of them."""
        for category in self.categories:
            years = self.years if category == NON_REGISTERED else UNTRAINED
            for who in pool.professionals(self.code, category):
                yield who, years


def lines(standard: Standard, version: str = reference.VERSION) -> tuple[StaffingLine, ...]:
    """Registered lines first, each group in the order of the standard; a group that is not known
    has none.
    """
    rule = reference.general_rules(version).non_registered
    years = (
        rule.practice_years_min_survey
        if standard.kind == "survey"
        else rule.practice_years_min_design
    )
    registered = [_registered(need, version) for need in standard.min_registered or ()]
    return (*registered, *(_professional(need, years) for need in standard.min_professionals or ()))


@cache
def accepted(types: tuple[str, ...], version: str = reference.VERSION) -> tuple[str, ...]:
    """These registration types, and class 1 of the family where class 2 is asked."""
    every = reference.code_list("registration_type", version).items
    families = {
        item.more("family") for item in every if item.code in types and item.more("level") == 2
    }
    return types + tuple(
        item.code
        for item in every
        if item.more("family") in families and item.more("level") == 1 and item.code not in types
    )


def _registered(need: RegisteredNeed, version: str) -> StaffingLine:
    types = accepted(tuple(dict.fromkeys((need.type, *need.any_of))), version)
    either = min(need.str1_max or 0, need.count)
    parts = (
        SlotGroup(either, (*types, STRUCTURAL), or_structural=True),
        SlotGroup(need.count - either, types),
    )
    unknown = "str1_max" in need.model_fields_set and need.str1_max is None
    return StaffingLine(
        Group.REGISTERED, need.type, need.count, _kept(parts), brackets_unknown=unknown
    )


def _professional(need: ProfessionalNeed, years: int) -> StaffingLine:
    lowest = ANY_TITLE if need.min_title is None else need.min_title
    senior = min(need.senior_min or 0, need.count)
    parts = (
        SlotGroup(senior, title=max(lowest, SENIOR), senior=True),
        SlotGroup(need.count - senior, title=lowest),
    )
    return StaffingLine(
        Group.PROFESSIONAL, need.speciality, need.count, _kept(parts), need.accepts, years
    )


def _kept(parts: tuple[SlotGroup, ...]) -> tuple[SlotGroup, ...]:
    return tuple(part for part in parts if part.places)
