"""What the five steps of the assessment wizard take. Optional parts of a campaign (equipment,
statement) go with the first step.
"""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from libs.events.strict import Boolean, Integer, Month
from libs.events.value import Value
from libs.filing.content.scan import ScanRef
from libs.filing.content.types import (
    Count,
    Day,
    Key50,
    Number,
    OneOf,
    Text100,
    Text200,
    Text500,
    Text2000,
)


class EquipmentItem(Value):
    """技术装备, surveying firms."""

    type: Annotated[str, OneOf("equipment_type")] | None = None
    model: Text100 | None = None
    quantity: Count | None = None
    owned: Boolean | None = None  # false: leased
    purchased_on: Day | None = None
    invoice_scan: ScanRef | None = None
    calibration_valid_to: Day | None = None


class Commitment(Value):
    """真实性承诺书, only if the campaign asks."""

    scan: ScanRef | None = None
    signed_on: Day | None = None


class EnterpriseStep(Value):
    """企业基本信息: the approved version is taken; `version` says which one the clerk has seen."""

    version: Integer | None = None
    self_check: Text2000 | None = None
    equipment: tuple[EquipmentItem, ...] = ()
    commitment: Commitment | None = None


class CertificateChoice(Value):
    certificate_id: UUID


class ExcludedCertificate(Value):
    certificate_id: UUID
    reason: Text200 | None = None


class QualificationsStep(Value):
    """资质信息: every certificate in force; one left out stands with its reason."""

    certificates: tuple[CertificateChoice, ...] = ()
    excluded_certificates: tuple[ExcludedCertificate, ...] = ()


class PersonChoice(Value):
    person_id: UUID


class PeopleStep(Value):
    """技术人员."""

    persons: tuple[PersonChoice, ...] = ()


class PerformanceChoice(Value):
    """Chosen by project, its contract is shown; scans of type ASM_PERF or ASM_NOPERF."""

    project_id: UUID
    contract_id: UUID | None = None
    scans: tuple[ScanRef, ...] = ()


class NilDeclaration(Value):
    """无业绩申报: derived when 暂无业绩 is chosen; the reason is the clerk's."""

    reason: Text500 | None = None
    statement_scan: ScanRef | None = None


class PerformanceStep(Value):
    """企业业绩 with 业绩扫描件."""

    performances: tuple[PerformanceChoice, ...] = ()
    nil_declaration: NilDeclaration | None = None


class InsuredPerson(Value):
    person_id: UUID
    paid: Boolean = True


class InsuranceProof(Value):
    """社保证明: who was paid for in one month, by whom, with the list's verification code."""

    month: Month | None = None
    payer_name: Text200 | None = None
    payer_uscc: Number | None = None
    verification_code: Key50 | None = None
    persons: tuple[InsuredPerson, ...] = ()
    scans: tuple[ScanRef, ...] = ()


class SocialInsuranceStep(Value):
    """社保证明."""

    si_proofs: tuple[InsuranceProof, ...] = ()


class Wizard(Value):
    """The five steps in their order."""

    model_config = ConfigDict(
        validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    enterprise: EnterpriseStep = EnterpriseStep()
    qualifications: QualificationsStep = QualificationsStep()
    people: PeopleStep = PeopleStep()
    performance: PerformanceStep = PerformanceStep()
    social_insurance: SocialInsuranceStep = Field(
        default=SocialInsuranceStep(), alias="social-insurance"
    )


STEPS: dict[str, type[Value]] = {
    field.alias or name: type(field.default) for name, field in Wizard.model_fields.items()
}
