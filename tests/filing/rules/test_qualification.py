"""Rules about qualification certificates: each broken once, kept once."""

from datetime import date
from typing import Any

import pytest

from libs.filing import reference
from libs.filing.content.enterprise import Certificate, CertificateItem
from libs.filing.facts.enterprise import Certificates
from libs.filing.rules import qualification as rules
from tests.filing import given
from tests.filing.rules.looking import places

AS_OF = date(2024, 8, 31)
INDUSTRY, SPECIALTY, OTHER_SPECIALTY = "A221", "A32101", "A30101"


def certificate(*held: tuple[str, str], **changes: Any) -> Certificate:
    """Of the design class, with these licences at these grades."""
    items = tuple(CertificateItem(licence=licence, grade=grade) for licence, grade in held)
    return given.information().certificates[0].model_copy(update={"items": items} | changes)


@pytest.mark.parametrize(
    ("number", "kind"),
    [("A14100123", "A"), ("B141001234", "A"), ("A441001234", "A"), ("C141001234", "C")],
)
def test_q01_is_broken_by_a_number_out_of_form_or_of_another_class(number: str, kind: str) -> None:
    assert places(rules.q01(certificate(cert_no=number, class_=kind), 0)) == [
        "Q01 /certificates/0/cert_no"
    ]


def test_q01_is_broken_by_a_survey_licence_under_the_letter_of_design() -> None:
    assert places(rules.q01(certificate(("B201", "A"), cert_no="A141001234"), 0)) == [
        "Q01 /certificates/0/cert_no"
    ]


@pytest.mark.parametrize(
    ("number", "kind", "licence"), [("A141001234", "A", "A32101"), ("BW241001234", "B", "B201")]
)
def test_q01_is_kept_by_the_letter_of_the_class_also_of_foreign_invested_firms(
    number: str, kind: str, licence: str
) -> None:
    assert places(rules.q01(certificate((licence, "A"), cert_no=number, class_=kind), 0)) == []


def test_q02_is_broken_by_a_number_of_another_province() -> None:
    assert places(rules.q02(certificate(cert_no="A111001234"), 2)) == [
        "Q02 /certificates/2/cert_no"
    ]


@pytest.mark.parametrize("number", ["A141001234", "AW241001234", None, "?"])
def test_q02_is_kept_by_a_number_of_henan_and_by_one_that_says_nothing(number: str | None) -> None:
    assert places(rules.q02(certificate(cert_no=number), 0)) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"valid_to": date(2021, 4, 1)}, "valid_to"),
        (
            {"extended_to": date(2026, 3, 31), "extension_basis": "建办市函〔2022〕361号"},
            "extended_to",
        ),
        ({"extended_to": date(2027, 4, 1), "extension_basis": " "}, "extended_to"),
    ],
)
def test_q03_is_broken_by_dates_in_reverse_and_an_extension_without_basis(
    changes: dict[str, Any], place: str
) -> None:
    assert places(rules.q03(certificate(**changes), 0)) == [f"Q03 /certificates/0/{place}"]


@pytest.mark.parametrize(
    "changes",
    [{}, {"extended_to": date(2026, 4, 1), "extension_basis": "通知"}, {"issued_on": None}],
)
def test_q03_is_kept_by_dates_in_order_and_a_founded_extension(changes: dict[str, Any]) -> None:
    assert places(rules.q03(certificate(**changes), 0)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_to": date(2024, 8, 30)},
        {"valid_to": None},
        {"valid_to": date(2023, 1, 1), "extended_to": date(2024, 8, 30)},
    ],
)
def test_q04_is_broken_by_a_certificate_past_its_date(changes: dict[str, Any]) -> None:
    listed = Certificates(listed=(certificate((SPECIALTY, "B"), **changes),))
    assert places(rules.q04(listed, AS_OF, reference.policy())) == ["Q04 /certificates/0/items/0"]


@pytest.mark.parametrize(
    ("grade", "changes"),
    [
        ("B", {"valid_to": AS_OF}),
        ("B", {"valid_to": date(2023, 1, 1), "extended_to": AS_OF}),
        ("C", {"valid_to": date(2019, 1, 1)}),
    ],
)
def test_q04_is_kept_until_the_last_day_and_by_a_grade_that_was_extended_for_good(
    grade: str, changes: dict[str, Any]
) -> None:
    listed = Certificates(listed=(certificate((SPECIALTY, grade), **changes),))
    assert places(rules.q04(listed, AS_OF, reference.policy())) == []


@pytest.mark.parametrize("held", [(("A999", "A"),), ((SPECIALTY, "Z"),)])
def test_q05_is_broken_by_a_licence_or_a_grade_outside_the_catalogue(
    held: tuple[tuple[str, str], ...],
) -> None:
    assert places(rules.q05((certificate(*held),))) == ["Q05 /certificates/0/items/0/licence"]
    assert places(rules.q05((certificate(*held, status="6"),))) == [
        "Q05 /certificates/0/items/0/licence"
    ]


def test_q05_is_broken_by_one_licence_on_two_certificates_in_force() -> None:
    twice = (certificate((SPECIALTY, "B")), certificate((SPECIALTY, "B")))
    assert places(rules.q05(twice)) == ["Q05 /certificates/1/items/0/licence"]


def test_q05_is_kept_by_a_cancelled_certificates_licence_and_by_open_ones_of_other_names() -> None:
    open_ones = tuple(
        CertificateItem(licence="AZ", grade="A", licence_name=name) for name in ("甲专项", "乙专项")
    )
    cancelled = certificate((SPECIALTY, "C"), status="6")
    assert (
        places(
            rules.q05(
                (
                    cancelled,
                    certificate((SPECIALTY, "B")),
                    certificate().model_copy(update={"items": open_ones}),
                )
            )
        )
        == []
    )


def test_q06_is_broken_by_a_specialty_of_an_industry_held_as_high() -> None:
    assert places(rules.q06((certificate((INDUSTRY, "B"), (SPECIALTY, "B")),))) == [
        "Q06 /certificates/0/items/1/licence"
    ]


def test_q06_is_broken_by_a_lower_grade_beside_a_higher_one() -> None:
    assert places(rules.q06((certificate((SPECIALTY, "C")), certificate((SPECIALTY, "B"))))) == [
        "Q06 /certificates/0/items/0/licence"
    ]


def test_q06_is_kept_by_a_specialty_above_its_industry_and_beside_another_one() -> None:
    assert (
        places(
            rules.q06(
                (
                    certificate((INDUSTRY, "B"), (SPECIALTY, "A")),
                    certificate((OTHER_SPECIALTY, "B")),
                )
            )
        )
        == []
    )


def test_q07_is_broken_by_a_licence_without_numbers() -> None:
    licence = next(
        each for each in reference.licences().values() if not each.standards and not each.is_open
    )
    assert places(rules.q07((certificate((licence.code, licence.grades[0])),))) == [
        "Q07 /certificates/0/items/0/licence"
    ]


def test_q07_is_kept_by_a_licence_with_a_standard() -> None:
    assert reference.standard_of("A32101", "B")
    assert places(rules.q07((certificate(("A32101", "B")),))) == []


def test_q07_is_kept_by_a_licence_whose_grade_is_not_filled_in_yet() -> None:
    row = certificate().model_copy(
        update={"items": (CertificateItem(licence="A32101"), CertificateItem(grade="B"))}
    )
    assert places(rules.q07((row,))) == []
