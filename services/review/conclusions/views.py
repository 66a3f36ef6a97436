"""What is answered of conclusions 拟定结论."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.filing.filing import Reviewed
from services.review.cases.domain.case import Case
from services.review.cases.domain.judgement import Conclusion, Terms, Told, Verdict
from services.review.cases.domain.subject import Level, State


class ConclusionView(BaseModel):
    """拟定结论: what the machine proposed, what persons made of it."""

    record: UUID
    version: int
    case: UUID
    no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    round: int
    reviewed: Reviewed
    level: Level
    state: State
    status: str = Field(
        description="Of the record, as far as review knows: code list `assessment_status`",
        examples=["PROV_REVIEW"],
    )
    proposed_by_machine: str | None
    policy_version: str | None
    findings: tuple[Told, ...]
    result: str | None
    override_reason: str
    verdicts: tuple[Verdict, ...]
    proposed_by: str | None
    approved_by: str | None
    publicity: UUID | None


class ConclusionLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    record: UUID
    case_id: UUID
    no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    state: State
    proposal: str
    result: str
    overridden: bool
    proposed_at: datetime
    approved_at: datetime | None
    publicity: UUID | None
    announced: bool


def conclusion_view(case: Case) -> ConclusionView:
    """What persons made of a record, beside what the machine had proposed."""
    subject = case.subject
    return ConclusionView(
        record=subject.id,
        version=case.version,
        case=case.id,
        no=subject.no,
        enterprise=subject.enterprise,
        uscc=subject.uscc,
        enterprise_name=subject.enterprise_name,
        unit=subject.unit,
        round=case.round,
        reviewed=case.reviewed,
        level=case.level,
        state=case.state,
        status=case.status,
        publicity=case.publicity,
        **_of_machine(case.terms),
        **_of_people(case.conclusion),
    )


def _of_machine(terms: Terms | None) -> dict[str, Any]:
    return {
        "proposed_by_machine": terms.proposal if terms else None,
        "policy_version": terms.policy_version if terms else None,
        "findings": terms.findings if terms else (),
    }


def _of_people(conclusion: Conclusion | None) -> dict[str, Any]:
    return {
        "result": conclusion.result if conclusion else None,
        "override_reason": conclusion.override_reason if conclusion else "",
        "verdicts": conclusion.verdicts if conclusion else (),
        "proposed_by": conclusion.proposed_by if conclusion else None,
        "approved_by": conclusion.approved_by if conclusion else None,
    }
