"""What the review service answers about records: conclusions, publicities, rectifications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from libs.filing.filing import Reviewed
from services.review.domain.case import Case
from services.review.domain.judgement import Told, Verdict
from services.review.domain.publicity import Objection, Publicity, Published, Standing
from services.review.domain.rectification import Hearing, Rectification, Report, Shortfall, Status
from services.review.domain.subject import Level, State


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


class ObjectionView(BaseModel):
    """For the province alone."""

    id: UUID
    record: UUID
    text: str
    who: str
    upheld: bool | None
    answer: str


class PublicityView(BaseModel):
    """公示 or 公告. `objections` are shown to the province alone."""

    id: UUID
    version: int
    standing: Standing
    results: list[Published]
    first_day: date
    last_day: date
    announced_on: date | None
    open_objections: int
    objections: list[ObjectionView] | None = None


class PublicityLine(BaseModel):
    id: UUID
    standing: Standing
    first_day: date
    last_day: date
    announced_on: date | None
    results: int


class RectificationView(BaseModel):
    id: UUID
    version: int
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    notice_date: date
    deadline: date
    shortfalls: tuple[Shortfall, ...]
    status: Status
    settled: bool
    report: Report | None
    hearing: Hearing | None


class RectificationLine(BaseModel):
    id: UUID
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    notice_date: date
    deadline: date
    status: Status
    settled: bool


def conclusion_view(case: Case) -> ConclusionView:
    subject, terms, found = case.subject, case.terms, case.conclusion
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
        proposed_by_machine=terms.proposal if terms else None,
        policy_version=terms.policy_version if terms else None,
        findings=terms.findings if terms else (),
        result=found.result if found else None,
        override_reason=found.override_reason if found else "",
        verdicts=found.verdicts if found else (),
        proposed_by=found.proposed_by if found else None,
        approved_by=found.approved_by if found else None,
        publicity=case.publicity,
    )


def conclusion_line(row: Any) -> ConclusionLine:
    return ConclusionLine.model_validate(dict(row))


def publicity_view(publicity: Publicity, *, objections: bool) -> PublicityView:
    shown = [_objection(each) for each in publicity.objections.values()] if objections else None
    return PublicityView(
        id=publicity.id,
        version=publicity.version,
        standing=publicity.standing,
        results=list(publicity.results.values()),
        first_day=publicity.first_day,
        last_day=publicity.last_day,
        announced_on=publicity.announced_on,
        open_objections=len(publicity.open_objections),
        objections=shown,
    )


def publicity_line(row: Any) -> PublicityLine:
    return PublicityLine.model_validate(dict(row))


def rectification_view(found: Rectification, today: date) -> RectificationView:
    return RectificationView(
        id=found.id,
        version=found.version,
        record=found.assessment,
        enterprise=found.enterprise,
        uscc=found.uscc,
        enterprise_name=found.enterprise_name,
        unit=found.unit,
        notice_date=found.notice_date,
        deadline=found.deadline,
        shortfalls=found.shortfalls,
        status=found.status_on(today),
        settled=found.is_settled,
        report=found.last_report,
        hearing=found.hearing,
    )


def rectification_line(row: Any) -> RectificationLine:
    return RectificationLine.model_validate(dict(row))


def _objection(each: Objection) -> ObjectionView:
    return ObjectionView(
        id=each.id,
        record=each.record,
        text=each.text,
        who=each.who,
        upheld=each.upheld,
        answer=each.answer,
    )
