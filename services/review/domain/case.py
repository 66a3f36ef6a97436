"""A case: all rounds of one filing or record before the authority. After sending it is the only
arbiter (domain book 5.2, 5.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from libs.filing.rules import review as rules
from libs.filing.rules.concluding import v10
from services.review.domain.course import REVIEWING, Course
from services.review.domain.judgement import Inspector, Terms
from services.review.domain.subject import PROVINCE, Level, State, Subject, case_id

__all__ = ["PROVINCE", "Case", "Level", "State", "Subject", "case_id"]

# on a record they bind nobody until the lead lets them take effect
OPINIONS = frozenset({Decision.PASS, Decision.FAIL})
OPENING = {
    ("SENT", Level.CITY): "take_city",
    ("SENT", Level.PROV): "take_province",
    ("CITY_PASSED", Level.PROV): "take_province",
}


class Case(Course):
    # by whoever opened this round first: from then on it is not given back
    taken_at: datetime | None
    decided_at: datetime | None
    stopped_at: datetime | None  # the clock stands while the enterprise has the ball
    visited_on: date | None

    # What has happened

    class CaseOpened(Aggregate.Created):
        case: UUID
        subject: Subject
        level: Level
        round: int
        reviewed: Reviewed
        due_on: date
        terms: Terms | None = None  # of a record

    class RoundOpened(Aggregate.Event):
        subject: Subject
        level: Level
        round: int
        reviewed: Reviewed
        due_on: date
        terms: Terms | None = None

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
        binding: bool = True  # False: an opinion on a record
        id: UUID | None = None  # by which the lead's signature and the conclusion name it

    class DecisionTookEffect(Aggregate.Event):
        round: int
        decision: UUID
        returned: bool  # the enterprise has the ball
        # where the case of a record stands then, and the record (code list `assessment_status`)
        level: Level | None = None
        state: State | None = None
        status: str | None = None
        due_on: date | None = None

    class DecisionHadNoEffect(Aggregate.Event):
        round: int
        decision: UUID

    class OnsiteRecorded(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        level: Level
        visited_on: date
        inspectors: tuple[Inspector, ...]
        place: str
        minutes: str

    class InterestDeclared(Aggregate.Event):
        round: int
        reason: str
        gives_back: bool  # the case was his

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

    def open_round(
        self,
        act: Act,
        subject: Subject,
        level: Level,
        round: int,
        reviewed: Reviewed,
        due_on: date,
        terms: Terms | None = None,
    ) -> None:
        """The enterprise sent it again. The new round supersedes the one before."""
        if round > self.round:
            self._round_opened(act, subject, level, round, reviewed, due_on, terms)

    def take(self, act: Act) -> None:
        """Opening claims the case; opening one's own case again changes nothing."""
        refuse(self.findings_before_taking(act))
        if self.state is State.WAITING:
            self._case_taken(
                act, self.subject.kind, self.subject.id, self.subject.filing, self.round, self.level
            )

    def decide(
        self,
        act: Act,
        decision: Decision,
        round: int,
        reviewed: Reviewed,
        items: tuple[ReturnedItem, ...] = (),
        comment: str = "",
    ) -> None:
        refuse(self.findings_before_deciding(act, decision, round, reviewed, items, comment))
        self.take(act)
        subject, binding = self.subject, not (self.subject.is_record and decision in OPINIONS)
        self._decided(
            act,
            self.id,
            subject.kind,
            subject.id,
            subject.filing,
            round,
            self.level,
            reviewed,
            decision,
            items,
            comment,
            binding,
            uuid5(self.id, str(self.version + 1)),
        )
        if (
            self.state is State.OPINION
            and self.level is Level.CITY
            and self.terms
            and not self.terms.city_lead_signs
        ):
            self._sign(act)

    def record_onsite(
        self,
        act: Act,
        visited_on: date,
        inspectors: tuple[Inspector, ...],
        place: str,
        minutes: str,
    ) -> None:
        """登记核查记录: the case goes on at the level that ordered the visit."""
        refuse(self.findings_before_minutes(act, inspectors))
        subject = self.subject
        self._onsite_recorded(
            act,
            subject.kind,
            subject.id,
            subject.filing,
            self.round,
            self.level,
            visited_on,
            inspectors,
            place,
            minutes,
        )

    def declare_interest(self, act: Act, reason: str) -> None:
        """回避: whoever declares it decides nothing here any more, and gives back what he
        opened.
        """
        if act.by.user not in self.interested:
            his = self.state is State.TAKEN and self.assignee == act.by.user
            self._interest_declared(act, self.round, reason, his)

    def ask_withdrawal(self, act: Act, round: int) -> None:
        """Granted only while nobody has opened this round; opening and asking in the same instant
        end in exactly one of the two.
        """
        subject = self.subject
        if self.state is State.WAITING and self.taken_at is None and round == self.round:
            self._case_withdrawn(act, subject.kind, subject.id, subject.filing, round)
        else:
            self._withdrawal_refused(act, subject.kind, subject.id, subject.filing, round)

    def hear(
        self, act: Act, round: int, decision: UUID, applied: bool, province_due: date | None = None
    ) -> None:
        """The owner says whether the decision took effect. From the city a record then goes to the
        province.
        """
        if self.state is not State.DECIDED or round != self.round:
            return
        if not applied:
            self._decision_had_no_effect(act, round, decision)
            return
        next = (
            self._next(province_due or self.due_on)
            if self.subject.is_record
            else (None, None, None, None)
        )
        self._decision_took_effect(act, round, decision, self.decision is Decision.RETURN, *next)

    def void(self, act: Act) -> None:
        if self.state is not State.CLOSED:
            self._case_voided(act)

    # The same answers for the command and for the allowed actions

    def findings_before_taking(self, act: Act) -> list[Finding]:
        by_another = self.state is State.TAKEN and self.assignee not in (None, act.by.user)
        waiting = self.state in (State.WAITING, State.TAKEN)
        # who may decide may open again what was open before
        opened = OPENING.get((self.status, self.level), "PASS")
        opening = self._move(act, opened) if self.subject.is_record and waiting else []
        return once(
            self._findings_about_officer(act),
            opening,
            rules.may_take(taken_by_another=by_another, waiting=waiting),
        )

    def findings_before_deciding(
        self,
        act: Act,
        decision: Decision,
        round: int,
        reviewed: Reviewed,
        items: tuple[ReturnedItem, ...],
        comment: str,
    ) -> list[Finding]:
        if (round, reviewed) != (self.round, self.reviewed):
            return [*rules.v04(same=False)]
        return [*self.findings_about_decision(act, decision), *rules.v03(decision, items, comment)]

    def findings_before_minutes(self, act: Act, inspectors: tuple[Inspector, ...]) -> list[Finding]:
        if self.state is not State.ONSITE:
            return [finding(STATE, case="no_visit")]
        ordered = self._move(act, "minutes") if self.subject.is_record else []
        return once(
            self._findings_about_officer(act),
            ordered,
            v10([each.certificate_no for each in inspectors]),
        )

    def actions(self, act: Act) -> dict[str, list[Finding]]:
        """What may be done with the case, and what stands against each."""
        deciding = {each.value: self.findings_about_decision(act, each) for each in Decision}
        minutes = [each for each in self.findings_before_minutes(act, ()) if each.rule != "V10"]
        record = self.record_actions(act) if self.subject.is_record else {}
        return {"take": self.findings_before_taking(act), **deciding, "minutes": minutes, **record}

    def findings_about_decision(self, act: Act, decision: Decision) -> list[Finding]:
        move = (
            self._move(act, decision.value, REVIEWING[self.level]) if self.subject.is_record else []
        )
        return once(self.findings_before_taking(act), move)

    def _findings_about_officer(self, act: Act) -> list[Finding]:
        unit = act.by.office or ""
        if self.subject.is_record and self.level is Level.CITY and unit == PROVINCE:
            return [*rules.v05(city_opinion=False, of_province=False)]
        own = unit == self.subject.unit if self.level is Level.CITY else unit == PROVINCE
        return [
            *rules.v01(own_unit=own),
            *rules.v02(
                earlier=None if self.level is Level.CITY else self.city_reviewer,
                reviewer=act.by.user,
                acts_for_enterprise=act.by.enterprise is not None,
            ),
            *rules.v11(interest=act.by.user in self.interested),
        ]

    # What each event changes: no rules here, history must always replay

    @event(CaseOpened)
    def __init__(
        self,
        act: Act,
        case: UUID,
        subject: Subject,
        level: Level,
        round: int,
        reviewed: Reviewed,
        due_on: date,
        terms: Terms | None = None,
    ) -> None:
        self.city_reviewer = self.opined_by = None
        self.interested: frozenset[str] = frozenset()
        self.returns = 0
        self.decision: Decision | None = None
        self.items: tuple[ReturnedItem, ...] = ()
        self.comment = ""
        self._begin(act, subject, level, round, reviewed, due_on, terms)

    @event(RoundOpened)
    def _round_opened(
        self,
        act: Act,
        subject: Subject,
        level: Level,
        round: int,
        reviewed: Reviewed,
        due_on: date,
        terms: Terms | None,
    ) -> None:
        self._begin(act, subject, level, round, reviewed, due_on, terms)

    @event(CaseTaken)
    def _case_taken(
        self,
        act: Act,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        level: Level,
    ) -> None:
        self.state, self.assignee, self.taken_at, self.status = (
            State.TAKEN,
            act.by.user,
            act.at,
            REVIEWING[level],
        )

    @event(Decided)
    def _decided(
        self,
        act: Act,
        case: UUID,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        level: Level,
        reviewed: Reviewed,
        decision: Decision,
        items: tuple[ReturnedItem, ...],
        comment: str,
        binding: bool,
        id: UUID | None,
    ) -> None:
        self.decision, self.items, self.comment, self.decided_at = decision, items, comment, act.at
        self.opinion, self.opined_by = id, act.by.user
        if not binding:
            self.state = State.OPINION
        elif self.subject.is_record:
            self.state = State.DECIDED
        elif decision is Decision.ESCALATE:
            self.level, self.state, self.assignee = Level.PROV, State.WAITING, None
        else:
            self.state = State.ONSITE if decision is Decision.ONSITE else State.DECIDED
        if level is Level.CITY:
            self.city_reviewer = act.by.user

    @event(DecisionTookEffect)
    def _decision_took_effect(
        self,
        act: Act,
        round: int,
        decision: UUID,
        returned: bool,
        level: Level | None,
        state: State | None,
        status: str | None,
        due_on: date | None,
    ) -> None:
        self.returns += returned
        self.stopped_at, self.returned_on = (act.at, act.today) if returned else (None, None)
        self.back_to = self.status
        self._stands(
            level or self.level,
            state or (State.RETURNED if returned else State.CLOSED),
            status or "",
            due_on or self.due_on,
        )

    @event(DecisionHadNoEffect)
    def _decision_had_no_effect(self, act: Act, round: int, decision: UUID) -> None:
        self.state = State.CLOSED

    @event(OnsiteRecorded)
    def _onsite_recorded(
        self,
        act: Act,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        level: Level,
        visited_on: date,
        inspectors: tuple[Inspector, ...],
        place: str,
        minutes: str,
    ) -> None:
        self.visited_on = visited_on
        self._stands(level, State.WAITING, REVIEWING[level], self.due_on)

    @event(InterestDeclared)
    def _interest_declared(self, act: Act, round: int, reason: str, gives_back: bool) -> None:
        self.interested |= {act.by.user}
        if gives_back:
            self.state, self.assignee = State.WAITING, None

    @event(CaseWithdrawn)
    def _case_withdrawn(
        self, act: Act, subject_kind: str, subject_id: UUID, filing: UUID | None, round: int
    ) -> None:
        self.state, self.status = State.WITHDRAWN, "WITHDRAWN"

    @event(WithdrawalRefused)
    def _withdrawal_refused(
        self, act: Act, subject_kind: str, subject_id: UUID, filing: UUID | None, round: int
    ) -> None:
        pass

    @event(CaseVoided)
    def _case_voided(self, act: Act) -> None:
        self.state = State.CLOSED

    def _begin(
        self,
        act: Act,
        subject: Subject,
        level: Level,
        round: int,
        reviewed: Reviewed,
        due_on: date,
        terms: Terms | None,
    ) -> None:
        self.subject, self.level, self.round, self.reviewed, self.due_on = (
            subject,
            level,
            round,
            reviewed,
            due_on,
        )
        self.state, self.status, self.entered, self.terms, self.opened_at = (
            State.WAITING,
            "SENT",
            level,
            terms,
            act.at,
        )
        (
            self.assignee,
            self.back_to,
            self.returned_on,
            self.opinion,
            self.conclusion,
            self.publicity,
        ) = None, None, None, None, None, None
        self.taken_at = self.decided_at = self.stopped_at = self.visited_on = None


def once(*findings: Sequence[Finding]) -> list[Finding]:
    """A rule that several ask is told once."""
    return list(dict.fromkeys(each for some in findings for each in some))
