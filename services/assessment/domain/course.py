"""The course of a record through review: every state after 发送 is caused by an event of the
review service (domain book 5.7). The moves are those of list `assessment_transition`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.value import Act, Value
from libs.filing.calendar import correction_end
from libs.filing.filing import Decision, ReturnedItem
from libs.filing.transitions import next_state

MOVES = "assessment_transition"
AT = {"CITY": "CITY_REVIEW", "PROV": "PROV_REVIEW"}  # code list `review_level`


class Status(StrEnum):
    DRAFT = "DRAFT"
    GENERATED = "GENERATED"
    SENT = "SENT"
    CITY_REVIEW = "CITY_REVIEW"
    CITY_PASSED = "CITY_PASSED"
    PROV_REVIEW = "PROV_REVIEW"
    EXPERT = "EXPERT"
    ONSITE = "ONSITE"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    CONCLUDED = "CONCLUDED"
    PUBLICITY = "PUBLICITY"
    OBJECTION = "OBJECTION"
    ANNOUNCED = "ANNOUNCED"
    RECTIFYING = "RECTIFYING"
    RECHECK = "RECHECK"
    WITHDRAWAL_PROPOSED = "WITHDRAWAL_PROPOSED"
    CLOSED = "CLOSED"


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


class Course(Aggregate):
    status: Status
    round: int
    return_fix_days: int

    class AssessmentWithdrawn(Aggregate.Event):
        round: int

    class AssessmentReviewOpened(Aggregate.Event):
        round: int
        level: str

    class AssessmentCityPassed(Aggregate.Event):
        round: int
        decision: UUID
        opinion: Decision

    class AssessmentReturned(Aggregate.Event):
        round: int
        decision: UUID
        level: str
        items: tuple[ReturnedItem, ...]
        comment: str
        correct_until: date

    class AssessmentOnsiteOrdered(Aggregate.Event):
        round: int
        decision: UUID
        level: str

    class AssessmentOnsiteDone(Aggregate.Event):
        round: int
        status: Status  # the one that ordered the visit

    class AssessmentEscalated(Aggregate.Event):
        round: int
        decision: UUID

    class AssessmentExpertHeard(Aggregate.Event):
        round: int

    class AssessmentReturnLapsed(Aggregate.Event):
        round: int
        status: Status  # the one that returned it

    class AssessmentConcluded(Aggregate.Event):
        round: int
        decision: UUID
        result: str

    class AssessmentPublished(Aggregate.Event):
        last_day: date

    class AssessmentObjected(Aggregate.Event):
        pass

    class AssessmentObjectionClosed(Aggregate.Event):
        upheld: bool

    class AssessmentAnnounced(Aggregate.Event):
        result: str
        announced_on: date

    class AssessmentInRectification(Aggregate.Event):
        deadline: date | None  # none where the report was incomplete: the same deadline goes on

    class AssessmentInRecheck(Aggregate.Event):
        pass

    class AssessmentWithdrawalProposed(Aggregate.Event):
        pass

    class AssessmentClosed(Aggregate.Event):
        pass

    class DecisionNotApplied(Aggregate.Event):
        round: int
        decision: UUID

    # What review said: each takes effect only where the state machine has a place for it

    def grant_withdrawal(self, act: Act, round: int) -> None:
        if round == self.round and self.may("withdraw"):
            self._assessment_withdrawn(act, round)

    def open_review(self, act: Act, round: int, level: str) -> None:
        if round == self.round and self.may("take_city" if level == "CITY" else "take_province"):
            self._assessment_review_opened(act, round, level)

    def decide(self, act: Act, ruling: Ruling, *, as_sent: bool) -> None:
        """A decision takes effect only on the round that was sent and lies at that level, and only
        if the reviewer saw these bytes.
        """
        stands = (
            as_sent
            and ruling.round == self.round
            and self.status == AT.get(ruling.level)
            and self.may(ruling.taken)
        )
        if not stands:
            self._decision_not_applied(act, ruling.round, ruling.decision)
        elif ruling.taken is Decision.RETURN:
            until = correction_end(act.today, self.return_fix_days)
            self._assessment_returned(
                act,
                ruling.round,
                ruling.decision,
                ruling.level,
                ruling.items,
                ruling.comment,
                until,
            )
        elif ruling.taken is Decision.ONSITE:
            self._assessment_onsite_ordered(act, ruling.round, ruling.decision, ruling.level)
        elif ruling.taken is Decision.ESCALATE:
            self._assessment_escalated(act, ruling.round, ruling.decision)
        elif self.status is Status.CITY_REVIEW:
            self._assessment_city_passed(act, ruling.round, ruling.decision, ruling.taken)
        else:
            self._assessment_concluded(
                act, ruling.round, ruling.decision, ruling.result or ruling.taken
            )

    def hear_expert(self, act: Act, round: int) -> None:
        if round == self.round and self.may("opinion"):
            self._assessment_expert_heard(act, round)

    def record_onsite(self, act: Act, round: int) -> None:
        if round == self.round and self.back_to and self.may("minutes"):
            self._assessment_onsite_done(act, round, self.back_to)

    def lapse(self, act: Act, round: int) -> None:
        if round == self.round and self.back_to and self.may("lapse"):
            self._assessment_return_lapsed(act, round, self.back_to)

    def publish(self, act: Act, last_day: date) -> None:
        if self.may("publish"):
            self._assessment_published(act, last_day)

    def object(self, act: Act) -> None:
        if self.may("object"):
            self._assessment_objected(act)

    def close_objection(self, act: Act, upheld: bool) -> None:
        if self.may("uphold" if upheld else "dismiss"):
            self._assessment_objection_closed(act, upheld)

    def announce(self, act: Act, result: str, announced_on: date) -> None:
        """PASS and BASIC close at once; FAIL is ordered to rectify."""
        if self.may("announce"):
            self._assessment_announced(act, result, announced_on)
            if result != "FAIL":
                self._assessment_closed(act)

    def rectify(self, act: Act, deadline: date | None) -> None:
        """Ordered, or sent back because the report was incomplete."""
        if self.may("order_rectification") or self.status is Status.RECHECK:
            self._assessment_in_rectification(act, deadline)

    def report(self, act: Act) -> None:
        if self.may("report"):
            self._assessment_in_recheck(act)

    def propose_withdrawal(self, act: Act) -> None:
        if self.may("propose_withdrawal"):
            self._assessment_withdrawal_proposed(act)

    def close(self, act: Act) -> None:
        """The rectification was accepted, or the proposal of withdrawal is settled."""
        if self.may("close") or self.status is Status.RECHECK:
            self._assessment_closed(act)

    def may(self, move: str) -> bool:
        return next_state(MOVES, self.status, move, self.back_to) is not None

    # What it is

    back_to: Status | None = None  # the state that ordered the visit or the return
    returned_items: tuple[ReturnedItem, ...] = ()
    correct_until: date | None = None
    returned_at: datetime | None = None
    returns: int = 0
    result: str | None = None
    withdrawal_asked: bool = False

    # What each event changes: no rules here, history must always replay

    @event(AssessmentWithdrawn)
    def _assessment_withdrawn(self, act: Act, round: int) -> None:
        self.status, self.withdrawal_asked = Status.WITHDRAWN, False

    @event(AssessmentReviewOpened)
    def _assessment_review_opened(self, act: Act, round: int, level: str) -> None:
        self.status, self.withdrawal_asked = Status(AT[level]), False

    @event(AssessmentCityPassed)
    def _assessment_city_passed(
        self, act: Act, round: int, decision: UUID, opinion: Decision
    ) -> None:
        self.status = Status.CITY_PASSED

    @event(AssessmentReturned)
    def _assessment_returned(
        self,
        act: Act,
        round: int,
        decision: UUID,
        level: str,
        items: tuple[ReturnedItem, ...],
        comment: str,
        correct_until: date,
    ) -> None:
        self.back_to, self.status = self.status, Status.RETURNED
        self.returned_items, self.correct_until, self.returned_at, self.returns = (
            items,
            correct_until,
            act.at,
            self.returns + 1,
        )

    @event(AssessmentOnsiteOrdered)
    def _assessment_onsite_ordered(self, act: Act, round: int, decision: UUID, level: str) -> None:
        self.back_to, self.status = self.status, Status.ONSITE

    @event(AssessmentOnsiteDone)
    def _assessment_onsite_done(self, act: Act, round: int, status: Status) -> None:
        self.status, self.back_to = status, None

    @event(AssessmentEscalated)
    def _assessment_escalated(self, act: Act, round: int, decision: UUID) -> None:
        self.status = Status.EXPERT

    @event(AssessmentExpertHeard)
    def _assessment_expert_heard(self, act: Act, round: int) -> None:
        self.status = Status.PROV_REVIEW

    @event(AssessmentReturnLapsed)
    def _assessment_return_lapsed(self, act: Act, round: int, status: Status) -> None:
        self.status, self.back_to = status, None

    @event(AssessmentConcluded)
    def _assessment_concluded(self, act: Act, round: int, decision: UUID, result: str) -> None:
        self.status, self.result = Status.CONCLUDED, result

    @event(AssessmentPublished)
    def _assessment_published(self, act: Act, last_day: date) -> None:
        self.status = Status.PUBLICITY

    @event(AssessmentObjected)
    def _assessment_objected(self, act: Act) -> None:
        self.status = Status.OBJECTION

    @event(AssessmentObjectionClosed)
    def _assessment_objection_closed(self, act: Act, upheld: bool) -> None:
        self.status = Status.PROV_REVIEW if upheld else Status.PUBLICITY

    @event(AssessmentAnnounced)
    def _assessment_announced(self, act: Act, result: str, announced_on: date) -> None:
        self.status, self.result = Status.ANNOUNCED, result

    @event(AssessmentInRectification)
    def _assessment_in_rectification(self, act: Act, deadline: date | None) -> None:
        self.status = Status.RECTIFYING

    @event(AssessmentInRecheck)
    def _assessment_in_recheck(self, act: Act) -> None:
        self.status = Status.RECHECK

    @event(AssessmentWithdrawalProposed)
    def _assessment_withdrawal_proposed(self, act: Act) -> None:
        self.status = Status.WITHDRAWAL_PROPOSED

    @event(AssessmentClosed)
    def _assessment_closed(self, act: Act) -> None:
        self.status = Status.CLOSED

    @event(DecisionNotApplied)
    def _decision_not_applied(self, act: Act, round: int, decision: UUID) -> None:
        pass
