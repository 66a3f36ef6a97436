"""Where a record's case goes when its owner has followed the decision (domain book 5.7)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.events.value import Act
from libs.filing.filing import Decision
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Level, State


@dataclass(frozen=True)
class CasePosition:
    """Where the case stands, and the record (code list `assessment_status`)."""

    level: Level
    state: State
    status: str
    due_on: date


def forward(case: Case, act: Act, round: int, decision: UUID, *, province_due: date) -> None:
    """The record followed the decision. What the city passed the province reviews by
    `province_due`; an answer about another round changes nothing.
    """
    if not case.awaits_outcome(round):
        return
    returned = case.decision is Decision.RETURN
    place = vars(_next(case, province_due))
    case.record(
        case.DecisionTookEffect(act=act, round=round, decision=decision, returned=returned, **place)
    )


def _next(case: Case, province_due: date) -> CasePosition:
    if case.decision is Decision.RETURN:
        return CasePosition(case.level, State.RETURNED, "RETURNED", case.due_on)
    if case.decision is Decision.ONSITE:
        return CasePosition(case.level, State.ONSITE, "ONSITE", case.due_on)
    if case.decision is Decision.ESCALATE:
        return CasePosition(Level.EXPERT, State.WAITING, "EXPERT", case.due_on)
    if case.level is Level.CITY:
        return CasePosition(Level.PROV, State.WAITING, "CITY_PASSED", province_due)
    return CasePosition(Level.PROV, State.CONCLUDED, "CONCLUDED", case.due_on)
