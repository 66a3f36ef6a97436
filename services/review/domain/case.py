"""A case: all rounds of one filing or record before the authority. After sending it is the only arbiter (domain book 5.2, 5.7)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from libs.filing.rules import review as rules

PROVINCE = "410000"


class Level(StrEnum):
    CITY = "CITY"
    PROV = "PROV"
    EXPERT = "EXPERT"


class State(StrEnum):
    WAITING = "WAITING"  # sent, nobody has opened it
    TAKEN = "TAKEN"
    ONSITE = "ONSITE"  # waits for the minutes of two inspectors
    DECIDED = "DECIDED"  # the owner has not yet said whether it took effect
    RETURNED = "RETURNED"  # the enterprise has the ball, the clock stands
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


class Subject(Value):
    """What the case is about, as the sent event told it."""

    kind: str  # enterprise_filing, person_filing, assessment
    id: UUID  # stream of the enterprise, the person or the record
    filing: UUID | None  # None for a record
    type: str  # code list `filing_type`, or ASSESSMENT
    no: str  # filing or record number
    receipt_no: str
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str  # supervising unit


class Case(Aggregate):
    # What has happened

    class CaseOpened(Aggregate.Created):
        case: UUID
        subject: Subject
        level: Level
        round: int
        reviewed: Reviewed
        due_on: date

    class RoundOpened(Aggregate.Event):
        subject: Subject
        level: Level
        round: int
        reviewed: Reviewed
        due_on: date

    class CaseTaken(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        level: Level

    class Decided(Aggregate.Event):
        case: UUID
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        level: Level
        reviewed: Reviewed
        decision: Decision
        items: tuple[ReturnedItem, ...]
        comment: str

    class DecisionTookEffect(Aggregate.Event):
        round: int
        decision: UUID
        returned: bool  # the enterprise has the ball

    class DecisionHadNoEffect(Aggregate.Event):
        round: int
        decision: UUID

    class CaseWithdrawn(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int

    class WithdrawalRefused(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int

    class CaseVoided(Aggregate.Event):
        pass

    @staticmethod
    def create_id(case: UUID) -> UUID:
        return case

    @property
    def owner(self) -> UUID:
        return self.subject.enterprise

    # What may be asked, and when

    def open_round(self, act: Act, subject: Subject, round: int, reviewed: Reviewed, due_on: date) -> None:
        """The enterprise sent it again: back to the level that returned it. The new round supersedes the one before."""
        if round > self.round:
            self._round_opened(act, subject, self.level, round, reviewed, due_on)

    def take(self, act: Act) -> None:
        """Opening claims the case; opening one's own case again changes nothing."""
        refuse(self.findings_before_taking(act))
        if self.state is State.WAITING:
            self._case_taken(act, self.subject.kind, self.subject.id, self.subject.filing, self.round, self.level)

    def decide(
        self, act: Act, decision: Decision, round: int, reviewed: Reviewed, items: tuple[ReturnedItem, ...] = (), comment: str = ""
    ) -> None:
        refuse(self.findings_before_deciding(act, decision, round, reviewed, items, comment))
        self.take(act)
        self._decided(
            act, self.id, self.subject.kind, self.subject.id, self.subject.filing, round, self.level, reviewed, decision, items, comment
        )

    def ask_withdrawal(self, act: Act, round: int) -> None:
        """Granted only while nobody has opened this round; opening and asking in the same instant end in exactly one of the two."""
        subject = self.subject
        if self.state is State.WAITING and round == self.round:
            self._case_withdrawn(act, subject.kind, subject.id, subject.filing, round)
        else:
            self._withdrawal_refused(act, subject.kind, subject.id, subject.filing, round)

    def hear(self, act: Act, round: int, decision: UUID, applied: bool) -> None:
        """The owner says whether the decision took effect."""
        if self.state is State.DECIDED and round == self.round:
            if applied:
                self._decision_took_effect(act, round, decision, self.decision is Decision.RETURN)
            else:
                self._decision_had_no_effect(act, round, decision)

    def void(self, act: Act) -> None:
        if self.state is not State.CLOSED:
            self._case_voided(act)

    # The same answers for the command and for the allowed actions

    def findings_before_taking(self, act: Act) -> list[Finding]:
        by_another = self.state is State.TAKEN and self.assignee not in (None, act.by.user)
        waiting = self.state in (State.WAITING, State.TAKEN)
        return [*self._findings_about_officer(act), *rules.may_take(taken_by_another=by_another, waiting=waiting)]

    def findings_before_deciding(
        self, act: Act, decision: Decision, round: int, reviewed: Reviewed, items: tuple[ReturnedItem, ...], comment: str
    ) -> list[Finding]:
        if (round, reviewed) != (self.round, self.reviewed):
            return [*rules.v04(same=False)]
        return [*self.findings_before_taking(act), *rules.v03(decision, items, comment)]

    def actions(self, act: Act) -> dict[str, list[Finding]]:
        """What may be done with the case, and what stands against each."""
        against = self.findings_before_taking(act)
        return dict.fromkeys(("take", *(decision.value for decision in Decision)), against)

    def _findings_about_officer(self, act: Act) -> list[Finding]:
        unit = act.by.office or ""
        own = unit == PROVINCE if self.level is Level.PROV else unit == self.subject.unit
        return [
            *rules.v01(own_unit=own),
            *rules.v02(earlier=self.city_reviewer if self.level is Level.PROV else None, reviewer=act.by.user),
        ]

    # What each event changes: no rules here, history must always replay

    @event(CaseOpened)
    def __init__(self, act: Act, case: UUID, subject: Subject, level: Level, round: int, reviewed: Reviewed, due_on: date) -> None:
        self.city_reviewer: str | None = None
        self.assignee: str | None = None
        self.taken_at: datetime | None = None
        self.decided_at: datetime | None = None
        self.returns = 0
        self.decision: Decision | None = None
        self.items: tuple[ReturnedItem, ...] = ()
        self.comment = ""
        self._begin(act, subject, level, round, reviewed, due_on)

    @event(RoundOpened)
    def _round_opened(self, act: Act, subject: Subject, level: Level, round: int, reviewed: Reviewed, due_on: date) -> None:
        self._begin(act, subject, level, round, reviewed, due_on)

    @event(CaseTaken)
    def _case_taken(self, act: Act, subject_kind: str, subject_id: UUID, filing: UUID | None, round: int, level: Level) -> None:
        self.state, self.assignee, self.taken_at = State.TAKEN, act.by.user, act.at

    @event(Decided)
    def _decided(
        self, act: Act, case: UUID, subject_kind: str, subject_id: UUID, filing: UUID | None, round: int, level: Level,
        reviewed: Reviewed, decision: Decision, items: tuple[ReturnedItem, ...], comment: str,
    ) -> None:  # fmt: skip
        self.decision, self.items, self.comment, self.decided_at = decision, items, comment, act.at
        if decision is Decision.ESCALATE:
            self.level, self.state, self.assignee = Level.PROV, State.WAITING, None
        else:
            self.state = State.ONSITE if decision is Decision.ONSITE else State.DECIDED
        if level is Level.CITY:
            self.city_reviewer = act.by.user

    @event(DecisionTookEffect)
    def _decision_took_effect(self, act: Act, round: int, decision: UUID, returned: bool) -> None:
        self.state = State.RETURNED if returned else State.CLOSED
        self.returns += returned

    @event(DecisionHadNoEffect)
    def _decision_had_no_effect(self, act: Act, round: int, decision: UUID) -> None:
        self.state = State.CLOSED

    @event(CaseWithdrawn)
    def _case_withdrawn(self, act: Act, subject_kind: str, subject_id: UUID, filing: UUID | None, round: int) -> None:
        self.state = State.WITHDRAWN

    @event(WithdrawalRefused)
    def _withdrawal_refused(self, act: Act, subject_kind: str, subject_id: UUID, filing: UUID | None, round: int) -> None:
        pass

    @event(CaseVoided)
    def _case_voided(self, act: Act) -> None:
        self.state = State.CLOSED

    def _begin(self, act: Act, subject: Subject, level: Level, round: int, reviewed: Reviewed, due_on: date) -> None:
        self.subject, self.level, self.round, self.reviewed, self.due_on = subject, level, round, reviewed, due_on
        self.state, self.opened_at = State.WAITING, act.at
        self.assignee, self.taken_at, self.decided_at = None, None, None


def case_id(subject: UUID) -> UUID:
    """One case per filing or record, whatever its round."""
    return uuid5(NAMESPACE_URL, f"/cases/{subject}")
