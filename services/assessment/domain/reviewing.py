"""What review said of a round: each takes effect only on the round that was sent, and only where
the state machine has a place for it (domain book 5.7).
"""

from typing import Any
from uuid import UUID

from libs.events.value import Act, Value
from libs.filing.calendar import correction_end
from libs.filing.filing import Decision, ReturnedItem
from services.assessment.domain.record import Record, Ruled
from services.assessment.domain.status import UNDER_REVIEW, Status


class Ruling(Value):
    """What review decided on one round: `decision` is the id of its event, `result` that of a
    conclusion.
    """

    decision: UUID
    round: int
    level: str
    taken: Decision
    items: tuple[ReturnedItem, ...] = ()
    comment: str = ""
    result: str | None = None


def open_review(assessment: Record, act: Act, round: int, level: str) -> None:
    """An officer of that level took the case; it cannot be withdrawn any more."""
    if _may(assessment, "take_city" if level == "CITY" else "take_province", round):
        assessment.record(Record.AssessmentReviewOpened(act=act, round=round, level=level))


def decide(assessment: Record, act: Act, ruling: Ruling, *, as_sent: bool) -> None:
    """A decision takes effect only on the round that was sent and lies at that level, and only if
    the reviewer saw these bytes (`as_sent`); else it is recorded as not applied.
    """
    applies = (
        as_sent
        and assessment.status == UNDER_REVIEW.get(ruling.level)
        and _may(assessment, ruling.taken, ruling.round)
    )
    assessment.record(_effect(assessment, act, ruling, applies=applies))


def _effect(assessment: Record, act: Act, ruling: Ruling, *, applies: bool) -> Ruled:
    """The event that follows from it. At the city PASS and FAIL are opinions, at the province they
    conclude.
    """
    about: dict[str, Any] = {"act": act, "round": ruling.round, "decision": ruling.decision}
    if not applies:
        return Record.DecisionNotApplied(**about)
    if ruling.taken is Decision.RETURN:
        return Record.AssessmentReturned(
            **about,
            level=ruling.level,
            items=ruling.items,
            comment=ruling.comment,
            correct_until=correction_end(act.today, assessment.return_fix_days),
        )
    if ruling.taken is Decision.ONSITE:
        return Record.AssessmentOnsiteOrdered(**about, level=ruling.level)
    if ruling.taken is Decision.ESCALATE:
        return Record.AssessmentEscalated(**about)
    if assessment.status is Status.CITY_REVIEW:
        return Record.AssessmentCityPassed(**about, opinion=ruling.taken)
    return Record.AssessmentConcluded(**about, result=ruling.result or ruling.taken)


def lapse(assessment: Record, act: Act, round: int) -> None:
    """The time to correct ran out: judged is what was sent last."""
    if assessment.back_to and _may(assessment, "lapse", round):
        assessment.record(
            Record.AssessmentReturnLapsed(act=act, round=round, status=assessment.back_to)
        )


def record_onsite(assessment: Record, act: Act, round: int) -> None:
    """The minutes of the visit are recorded."""
    if assessment.back_to and _may(assessment, "minutes", round):
        assessment.record(
            Record.AssessmentOnsiteDone(act=act, round=round, status=assessment.back_to)
        )


def hear_expert(assessment: Record, act: Act, round: int) -> None:
    """The experts gave their opinion; the province goes on."""
    if _may(assessment, "opinion", round):
        assessment.record(Record.AssessmentExpertHeard(act=act, round=round))


def _may(assessment: Record, move: str, round: int) -> bool:
    """Whether it is about the last round, and the state machine has a place for it."""
    return round == assessment.round and assessment.may(move)
