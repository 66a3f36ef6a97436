"""公示, 异议, 公告: a conclusion becomes public. What has no place in the state machine changes
nothing (domain book 5.7).
"""

from datetime import date

from libs.events.value import Act
from services.assessment.records.domain.record import Record


def publish(assessment: Record, act: Act, last_day: date) -> None:
    """The conclusion is open to objections up to that day."""
    if assessment.may("publish"):
        assessment.record(Record.AssessmentPublished(act=act, last_day=last_day))


def object_to(assessment: Record, act: Act) -> None:
    """Somebody objects; the publicity waits."""
    if assessment.may("object"):
        assessment.record(Record.AssessmentObjected(act=act))


def close_objection(assessment: Record, act: Act, *, upheld: bool) -> None:
    """Upheld, it reopens the review of the province; dismissed, the publicity goes on."""
    if assessment.may("uphold" if upheld else "dismiss"):
        assessment.record(Record.AssessmentObjectionClosed(act=act, upheld=upheld))


def announce(assessment: Record, act: Act, result: str, announced_on: date) -> None:
    """PASS and BASIC close at once; FAIL is ordered to rectify."""
    if assessment.may("announce"):
        assessment.record(
            Record.AssessmentAnnounced(act=act, result=result, announced_on=announced_on)
        )
        if result != "FAIL":
            assessment.record(Record.AssessmentClosed(act=act))
