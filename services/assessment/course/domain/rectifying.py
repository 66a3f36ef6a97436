"""限期整改: what a failed record must mend, up to its end. What has no place in the state machine
changes nothing (domain book 5.7).
"""

from datetime import date

from libs.events.value import Act
from services.assessment.records.domain.record import Record
from services.assessment.records.domain.rounds import Measured
from services.assessment.records.domain.status import Status


def rectify(assessment: Record, act: Act, deadline: date | None) -> None:
    """Ordered with a deadline, or sent back without a new one because the report was incomplete."""
    if assessment.may("order_rectification") or assessment.status is Status.RECHECK:
        assessment.record(Record.AssessmentInRectification(act=act, deadline=deadline))


def report(assessment: Record, act: Act, measured: Measured) -> None:
    """The report 整改报告 is checked from now on, beside what the enterprise has."""
    if assessment.may("report"):
        assessment.record(Record.AssessmentInRecheck(act=act, measured=measured))


def propose_withdrawal(assessment: Record, act: Act) -> None:
    """What was not mended may cost the licence."""
    if assessment.may("propose_withdrawal"):
        assessment.record(Record.AssessmentWithdrawalProposed(act=act))


def close(assessment: Record, act: Act) -> None:
    """The rectification was accepted, or the proposal of withdrawal is settled."""
    if assessment.may("close") or assessment.status is Status.RECHECK:
        assessment.record(Record.AssessmentClosed(act=act))
