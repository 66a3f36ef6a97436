"""A record that keeps every rule: one building-design licence of grade B, its twelve slots filled,
one project, three months paid.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from libs.events.value import SHANGHAI
from libs.filing import reference
from libs.filing.content.person import PersonalProject
from libs.filing.content.record import (
    CertificateChoice,
    InsuranceProof,
    InsuredPerson,
    PeopleStep,
    PerformanceChoice,
    PerformanceStep,
    PersonChoice,
    QualificationsStep,
    SocialInsuranceStep,
    Wizard,
)
from libs.filing.facts.enterprise import Certificates, FiledEnterprise
from libs.filing.facts.person import FiledPerson
from libs.filing.facts.record import CampaignFacts, Chosen, RecordState
from tests.filing import given
from tests.filing.staffing.given import full_staff

POLICY = reference.policy()
TODAY = date(2024, 9, 20)
MONTHS = ("2024-06", "2024-07", "2024-08")
CERTIFICATE = given.information().certificates[0]
PROJECT, PLACEHOLDER = UUID(int=501), UUID(int=502)
GENERATED = RecordState(status="GENERATED")


def campaign(**changes: Any) -> CampaignFacts:
    facts: dict[str, Any] = {
        "year": 2024,
        "status": "OPEN",
        "as_of_date": date(2024, 8, 31),
        "submission_window": (date(2024, 9, 2), date(2024, 10, 31)),
        "contract_period": (date(2023, 1, 1), date(2024, 8, 31)),
        "si_months": MONTHS,
        "commitment_required": False,
        "legal_rep_confirms": False,
        "policy": POLICY,
    }
    return CampaignFacts(**(facts | changes))


def returned(at: date) -> RecordState:
    return RecordState(
        status="RETURNED",
        returned_at=datetime(at.year, at.month, at.day, 16, 30, tzinfo=SHANGHAI),
        returns=1,
    )


def staff() -> list[FiledPerson]:
    """One person a slot of the licence, the first of them its technical leader."""
    leads = (PersonalProject(project_name="示范项目", role="PM", scale="L", year=2020),)
    return [
        filed(
            each.id,
            given.person(
                each.id.int,
                categories=(*each.categories, "T"),
                speciality=each.speciality,
                personal_projects=leads,
                registrations=tuple(
                    given.person().registrations[0].model_copy(update={"type": held.type})
                    for held in each.registrations
                ),
            ),
        )
        for each in full_staff()
    ]


def filed(id: UUID, content: Any, released: bool = False) -> FiledPerson:
    return FiledPerson(
        id=id, filing=UUID(int=id.int + 1000), version=1, content=content, released=released
    )


def information(**changes: Any) -> FiledEnterprise:
    return FiledEnterprise(version=1, information=given.information().model_copy(update=changes))


def proofs(
    people: list[FiledPerson], months: tuple[str, ...] = MONTHS, **changes: Any
) -> SocialInsuranceStep:
    """One proof a month that names everybody as paid."""
    insured = tuple(InsuredPerson(person_id=each.id) for each in people)
    facts: dict[str, Any] = {
        "payer_uscc": given.credit_code(),
        "persons": insured,
        "scans": (given.scan("SI_PROOF"),),
    }
    return SocialInsuranceStep(
        si_proofs=tuple(InsuranceProof(**({"month": month} | facts | changes)) for month in months)
    )


def performance(*projects: UUID, scan: str = "ASM_PERF") -> PerformanceStep:
    return PerformanceStep(
        performances=tuple(
            PerformanceChoice(project_id=each, scans=(given.scan(scan),)) for each in projects
        )
    )


def chosen(people: list[FiledPerson] | None = None, **changes: Any) -> Chosen:
    people = staff() if people is None else people
    wizard = Wizard(
        qualifications=QualificationsStep(
            certificates=(CertificateChoice(certificate_id=UUID(int=1)),)
        ),
        people=PeopleStep(persons=tuple(PersonChoice(person_id=each.id) for each in people)),
        performance=performance(PROJECT),
        social_insurance=proofs(people),
    )
    facts: dict[str, Any] = {
        "wizard": wizard,
        "enterprise": information(),
        "approved": Certificates(listed=(CERTIFICATE,)),
        "filed": {each.id: each for each in people},
        "placeholders": frozenset({PLACEHOLDER}),
    }
    return Chosen(**(facts | changes))


def wizard(**steps: Any) -> Chosen:
    """As `chosen`, with other steps."""
    base = chosen()
    return base.model_copy(update={"wizard": base.wizard.model_copy(update=steps)})
