"""What is answered of cases."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from libs.filing.filing import Decision, ReturnedItem, Reviewed
from services.review.cases.domain.case import Case
from services.review.cases.domain.judgement import Terms
from services.review.cases.domain.subject import Level, State, Subject
from services.review.cases.lists import CaseRow


class CaseView(BaseModel):
    id: UUID
    version: int
    subject_kind: str
    subject_id: UUID
    filing: UUID | None
    type: str
    no: str
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    level: Level
    round: int
    reviewed: Reviewed
    state: State
    assignee: str | None
    opened_at: datetime
    taken_at: datetime | None
    decided_at: datetime | None
    decision: Decision | None
    items: tuple[ReturnedItem, ...]
    comment: str
    returns: int
    due_on: date
    stopped_at: datetime | None = Field(
        description="The clock stands while the enterprise has the ball"
    )
    status: str | None = Field(
        description="Of a record, as far as review knows: code list `assessment_status`",
        examples=["PROV_REVIEW"],
    )
    terms: Terms | None = Field(
        description="Of a record: what the machine proposes, and the campaign's rules"
    )
    visited_on: date | None
    minutes: str = Field(description="Of the visit, in this round")
    expert_opinion: str = Field(description="Of the experts, in this round")


class CaseLine(BaseModel):
    id: UUID
    subject_kind: str
    subject_id: UUID
    filing: UUID | None
    type: str
    no: str
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    level: Level
    round: int
    reviewed: Reviewed
    state: State
    assignee: str | None
    opened_at: datetime
    taken_at: datetime | None
    decided_at: datetime | None
    decision: Decision | None
    due_on: date


def case_view(case: Case) -> CaseView:
    return CaseView(
        id=case.id,
        version=case.version,
        **_subject(case.subject),
        level=case.level,
        round=case.round,
        reviewed=case.reviewed,
        state=case.state,
        assignee=case.assignee,
        opened_at=case.opened_at,
        taken_at=case.taken_at,
        decided_at=case.decided_at,
        decision=case.decision,
        items=case.items,
        comment=case.comment,
        returns=case.returns,
        due_on=case.due_on,
        stopped_at=case.stopped_at,
        status=case.status if case.subject.is_record else None,
        terms=case.terms,
        visited_on=case.visited_on,
        minutes=case.minutes,
        expert_opinion=case.expert_opinion,
    )


def case_line(row: CaseRow) -> CaseLine:
    fields = asdict(row)
    reviewed = Reviewed(position=fields.pop("position"), data_sha256=fields.pop("data_sha256"))
    return CaseLine(reviewed=reviewed, **fields)


def _subject(subject: Subject) -> dict[str, Any]:
    fields = subject.model_dump()
    return {"subject_kind": fields.pop("kind"), "subject_id": fields.pop("id"), **fields}
