"""What the staffing check found. Persons stand in it by id only, so that it may be kept in events
and shown to anybody.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from libs.events.value import Value


class Group(StrEnum):
    REGISTERED = "registered"  # 注册人员
    PROFESSIONAL = "professional"  # 非注册专业技术人员


class Tally(Value):
    filled: int
    slots: int

    @property
    def ratio(self) -> Fraction:
        """Exact; a table that needs nobody is full."""
        return Fraction(self.filled, self.slots) if self.slots else Fraction(1)

    @property
    def full(self) -> bool:
        return self.filled == self.slots

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(filled=self.filled + other.filled, slots=self.slots + other.slots)

    def __str__(self) -> str:
        return f"{self.filled}/{self.slots}"


class Slot(Value):
    """One place of the staffing table: a registration type or a speciality, and who fills it."""

    group: Group
    code: str
    senior: bool = False  # asks for 高级
    or_structural: bool = False  # a class-1 structural engineer may fill it
    person: UUID | None = None


class Exclusion(Value):
    """Who would count for `code` but for these rules: A04 released, P05 age, P15 registration, P16
    education, title or years, P17 contract.
    """

    person: UUID
    code: str
    rules: tuple[str, ...]


class Shortfall(Value):
    """A line of the staffing table that is not full: who fits it but is needed elsewhere in the
    table, and who was not chosen.
    """

    group: Group
    code: str
    need: int
    have: int
    elsewhere: tuple[UUID, ...] = ()
    not_chosen: tuple[UUID, ...] = ()
    # structural engineers might count, the standard's number is not known (A28)
    brackets_unknown: bool = False


class LicenceStaffing(Value):
    """One standard. None: a group without known numbers, which a person judges."""

    standard: str
    registered: tuple[Slot, ...] | None
    professionals: tuple[Slot, ...] | None
    shortfalls: tuple[Shortfall, ...] = ()
    excluded: tuple[Exclusion, ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """In the order of the standard."""
        return (self.registered or ()) + (self.professionals or ())

    def tally(self, group: Group) -> Tally | None:
        slots = self.registered if group is Group.REGISTERED else self.professionals
        return None if slots is None else tally(slots)

    @property
    def total(self) -> Tally | None:
        """Both groups together; None where one is not known."""
        return None if self.registered is None or self.professionals is None else tally(self.slots)

    @property
    def reached(self) -> bool:
        return self.total is not None and self.total.full


class Staffing(Value):
    as_of: date
    licences: tuple[LicenceStaffing, ...]

    def of(self, standard: str) -> LicenceStaffing:
        """Raises KeyError if the standard was not assessed."""
        for each in self.licences:
            if each.standard == standard:
                return each
        raise KeyError(standard)


def tally(slots: Iterable[Slot]) -> Tally:
    filled = [slot.person is not None for slot in slots]
    return Tally(filled=sum(filled), slots=len(filled))
