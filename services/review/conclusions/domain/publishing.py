"""What follows the conclusion of a record: it is shown (公示), looked at again or final (公告), or
ordered to rectify (domain book 5.7).
"""

from datetime import date
from uuid import UUID

from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from services.review.cases.domain.case import Case
from services.review.cases.domain.findings import about_move
from services.review.cases.domain.subject import Level, State


def publish(case: Case, act: Act, publicity: UUID) -> None:
    """Everybody sees the result. Raises Refused."""
    refuse(findings_before_publicity(case, act))
    case.record(
        case.ResultPublished(
            act=act, record=case.subject.id, publicity=publicity, result=case.result
        )
    )


def findings_before_publicity(case: Case, act: Act) -> list[Finding]:
    return about_move(case, act, "publish")


def reopen(case: Case, act: Act, due_on: date) -> None:
    """An objection was upheld: the province looks again."""
    if case.state is State.PUBLISHED:
        case.record(
            case.CaseReopened(
                act=act,
                record=case.subject.id,
                round=case.round,
                level=Level.PROV,
                due_on=due_on,
            )
        )


def settle(case: Case, act: Act) -> None:
    """The result is final."""
    if case.state is State.PUBLISHED and case.publicity:
        case.record(
            case.ResultSettled(
                act=act, record=case.subject.id, publicity=case.publicity, result=case.result
            )
        )


def findings_before_rectification(case: Case, act: Act, *, ordered: bool) -> list[Finding]:
    """A record is ordered to rectify once."""
    status = "RECTIFYING" if ordered else None
    return about_move(case, act, "order_rectification", status=status)
