"""Who leaves, and what the enterprise's licences then lack (P23)."""

from datetime import date
from uuid import UUID

from libs.filing.content.enterprise import CertificateItem
from libs.filing.content.person import Person
from libs.filing.facts.enterprise import Certificates
from services.personnel.people.domain.staffing import short_without
from tests.filing import given

TODAY = date(2024, 9, 2)
TABLE = (
    ("ARC2", "ARCH"),
    ("STR2", "STRU"),
    (None, "ARCH"),
    (None, "STRU"),
    (None, "WATR"),
    (None, "HVAC"),
    (None, "ELEC"),
)


def holding(grade: str = "C") -> Certificates:
    item = CertificateItem(licence="A32101", grade=grade)
    return Certificates(
        listed=(given.information().certificates[0].model_copy(update={"items": (item,)}),)
    )


def staff(*table: tuple[str | None, str]) -> list[tuple[UUID, Person]]:
    return [(UUID(int=n), person(n, *row)) for n, row in enumerate(table, 1)]


def person(n: int, registration: str | None, speciality: str) -> Person:
    found = given.person(n, speciality=speciality)
    rows = (
        (found.registrations[0].model_copy(update={"type": registration}),) if registration else ()
    )
    return found.model_copy(
        update={"registrations": rows, "categories": ("N", "R") if rows else ("N",)}
    )


def test_a_licence_whose_table_was_just_full_falls_short_without_them() -> None:
    assert short_without(holding(), staff(*TABLE), UUID(int=7), TODAY) == ("SJ-ZY-JZGC-C",)


def test_where_somebody_else_can_take_their_place_nothing_falls_short() -> None:
    assert short_without(holding(), staff(*TABLE, (None, "ELEC")), UUID(int=7), TODAY) == ()


def test_what_was_short_before_is_no_fault_of_their_leaving() -> None:
    assert short_without(holding(), staff(*TABLE[:6]), UUID(int=1), TODAY) == ()


def test_a_licence_without_numbers_or_out_of_force_is_not_tested() -> None:
    assert short_without(Certificates(), staff(*TABLE), UUID(int=1), TODAY) == ()
