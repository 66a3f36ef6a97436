"""What is sent and answered about conclusions 拟定结论, and what leads to them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.filing import Reviewed
from services.review.cases.domain.case import Case
from services.review.cases.domain.judgement import Conclusion, Mark, Terms, Told, Verdict
from services.review.cases.domain.subject import Level, State
from services.review.texts import Printable, Said

Pointer = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^(/[^/]+)*$"),
    LINE,
    Field(examples=["/si_proofs/0/payer_uscc"]),
]


class Words(Value):
    """An expert's opinion."""

    text: Said


class GivenVerdict(Value):
    """A word on a finding; A22 and A23 are entered here."""

    rule: Annotated[
        str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[ab]?$"), Field(examples=["A11"])
    ]
    pointer: Pointer = ""
    verdict: Mark
    text: Printable = ""

    @property
    def value(self) -> Verdict:
        return Verdict(rule=self.rule, pointer=self.pointer, verdict=self.verdict, text=self.text)


class Proposing(Value):
    """拟定结论"""

    result: Annotated[
        str,
        StringConstraints(max_length=20),
        LINE,
        Field(description="PASS, BASIC or FAIL", examples=["PASS"]),
    ]
    override_reason: Printable = ""
    verdicts: Annotated[tuple[GivenVerdict, ...], Field(max_length=500)] = ()


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
