"""Persons who count for one thing, and whole enterprises made of them."""

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from libs.filing import reference
from libs.filing.staffing import HeldRegistration, StaffCandidate

AS_OF = date(2024, 8, 31)
TYPES = tuple(sorted(reference.codes("registration_type")))
SPECIALITIES = tuple(sorted(reference.codes("speciality")))


def candidate(number: int, **changes: Any) -> StaffCandidate:
    """In the middle of his life, under contract, of no use for any standard yet."""
    facts: dict[str, Any] = {
        "id": UUID(int=number),
        "name": f"示范{number}",
        "birth_date": date(1980, 5, 1),
        "contract_from": date(2015, 1, 1),
        "education": "21",
        "title_level": "3",
        "practice_start_on": date(2004, 7, 1),
    }
    return StaffCandidate(**(facts | changes))


def held(type: str, **changes: Any) -> HeldRegistration:
    facts: dict[str, Any] = {"type": type, "status": "1", "valid_to": date(2026, 12, 31)}
    return HeldRegistration(**(facts | changes))


def registered(number: int, *types: str, **changes: Any) -> StaffCandidate:
    facts: dict[str, Any] = {"categories": ("R",), "registrations": tuple(map(held, types))}
    return candidate(number, **(facts | changes))


def professional(number: int, speciality: str, **changes: Any) -> StaffCandidate:
    return candidate(number, **({"categories": ("N",), "speciality": speciality} | changes))


def full_staff(code: str = "SJ-ZY-JZGC-B", start: int = 1) -> list[StaffCandidate]:
    """Exactly one person a slot, in slot order."""
    standard = reference.standards()[code]
    types = [need.type for need in standard.min_registered or () for _ in range(need.count)]
    specialities = [
        (need.speciality, need.accepts)
        for need in standard.min_professionals or ()
        for _ in range(need.count)
    ]
    people = [registered(number, type) for number, type in enumerate(types, start)]
    return people + [
        professional(number, speciality, categories=accepts, title_level="2")
        for number, (speciality, accepts) in enumerate(specialities, start + len(types))
    ]


def without(people: Iterable[StaffCandidate], *numbers: int) -> list[StaffCandidate]:
    return [person for person in people if person.id.int not in numbers]


def crowd(count: int, seed: int = 0) -> list[StaffCandidate]:
    """A large enterprise: some too old, some with registrations that ran out, some who serve two
    purposes.
    """
    draw = Random(seed)
    return [_anyone(number, draw) for number in range(1, count + 1)]


def _anyone(number: int, draw: Random) -> StaffCandidate:
    holds = tuple(
        held(draw.choice(TYPES), status=draw.choice("1112"))
        for _ in range(draw.choice((0, 0, 1, 1, 2)))
    )
    return candidate(
        number,
        birth_date=date(draw.randint(1955, 2000), draw.randint(1, 12), draw.randint(1, 28)),
        contract_to=draw.choice((None, None, None, date(2024, 6, 30))),
        released=draw.random() < 0.05,
        categories=tuple(sorted({draw.choice("NNNRW"), draw.choice("NRT")})),
        education=draw.choice(("11", "21", "21", "31", "41")),
        title_level=draw.choice(("1", "2", "3", "3", "4", "9")),
        speciality=draw.choice(SPECIALITIES),
        practice_start_on=date(draw.randint(1985, 2022), 7, 1),
        registrations=holds,
    )
