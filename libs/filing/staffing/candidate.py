"""What the staffing check needs to know about an approved person: the projection
`personnel.filed`.
"""

from datetime import date
from typing import Self
from uuid import UUID

from libs.events.personal import PersonalData
from libs.events.value import Value
from libs.filing.content.person import Person

LEFT = frozenset({"3", "4", "5"})  # left, transferred out, deceased: list employment_status


class HeldRegistration(Value):
    """执业注册: codes of registration_type and registration_status."""

    type: str
    status: str | None = None
    valid_to: date | None = None

    def valid(self, on: date) -> bool:
        """P15."""
        return self.status == "1" and self.valid_to is not None and self.valid_to >= on


class StaffCandidate(Value):
    """One approved person. What is not known never counts for him."""

    id: UUID
    name: PersonalData[str]
    birth_date: PersonalData[date]
    contract_from: date
    contract_to: date | None = None  # None: open-ended
    released: bool = False
    categories: tuple[str, ...] = ()
    education: str | None = None
    title_level: str | None = None
    speciality: str | None = None
    practice_start_on: date | None = None
    registrations: tuple[HeldRegistration, ...] = ()

    @classmethod
    def of(cls, id: UUID, person: Person, released: bool = False) -> Self:
        """From the approved content; ValidationError where a mandatory date is missing."""
        same = (
            "name",
            "contract_from",
            "contract_to",
            "categories",
            "education",
            "title_level",
            "speciality",
        )
        held = tuple(
            HeldRegistration(type=each.type, status=each.status, valid_to=each.valid_to)
            for each in person.registrations
            if each.type
        )
        facts = {name: getattr(person, name) for name in (*same, "practice_start_on")}
        return cls(
            id=id,
            birth_date=person.born,
            registrations=held,
            released=released or person.employment_status in LEFT,
            **facts,
        )
