"""What review said of a round: each takes effect only on the round that was sent, and only where
the state machine has a place for it (domain book 5.7).
"""

from collections.abc import Callable
from typing import TypedDict
from uuid import UUID

from libs.events.value import Act, Value
from libs.filing.calendar import correction_end
from libs.filing.filing import Decision, ReturnedItem
from services.assessment.records.domain.record import Record, Ruled
from services.assessment.records.domain.status import UNDER_REVIEW, Status


class About(TypedDict):
    """The fields that every consequence of a decision has."""

    act: Act
    round: int
    decision: UUID


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
    about = About(act=act, round=ruling.round, decision=ruling.decision)
    applies = (
        as_sent
        and assessment.status == UNDER_REVIEW.get(ruling.level)
        and _may(assessment, ruling.taken, ruling.round)
    )
    effect = EFFECTS[ruling.taken] if applies else _not_applied
    assessment.record(effect(assessment, ruling, about))


def _returned(assessment: Record, ruling: Ruling, about: About) -> Ruled:
    return Record.AssessmentReturned(
        **about,
        level=ruling.level,
        items=ruling.items,
        comment=ruling.comment,
        correct_until=correction_end(about["act"].today, assessment.return_fix_days),
    )


def _onsite_ordered(_: Record, ruling: Ruling, about: About) -> Ruled:
    return Record.AssessmentOnsiteOrdered(**about, level=ruling.level)


def _escalated(_: Record, ruling: Ruling, about: About) -> Ruled:
    return Record.AssessmentEscalated(**about)


def _judged(assessment: Record, ruling: Ruling, about: About) -> Ruled:
    """At the city PASS and FAIL are opinions, at the province they conclude."""
    if assessment.status is Status.CITY_REVIEW:
        return Record.AssessmentCityPassed(**about, opinion=ruling.taken)
    return Record.AssessmentConcluded(**about, result=ruling.result or ruling.taken)


def _not_applied(_: Record, ruling: Ruling, about: About) -> Ruled:
    return Record.DecisionNotApplied(**about)


# what follows from each decision that applies
EFFECTS: dict[Decision, Callable[[Record, Ruling, About], Ruled]] = {
    Decision.PASS: _judged,
    Decision.FAIL: _judged,
    Decision.RETURN: _returned,
    Decision.ONSITE: _onsite_ordered,
    Decision.ESCALATE: _escalated,
}


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


def name_expert(assessment: Record, act: Act, round: int, expert: str) -> None:
    """From now on it lies before this expert, and before nobody else."""
    if _may(assessment, "opinion", round):
        named = Record.AssessmentExpertNamed(
            act=act,
            round=round,
            expert=expert,
        )
        assessment.record(named)


def hear_expert(assessment: Record, act: Act, round: int) -> None:
    """The experts gave their opinion; the province goes on."""
    if _may(assessment, "opinion", round):
        assessment.record(Record.AssessmentExpertHeard(act=act, round=round))


def _may(assessment: Record, move: str, round: int) -> bool:
    """Whether it is about the last round, and the state machine has a place for it."""
    return round == assessment.round and assessment.may(move)
