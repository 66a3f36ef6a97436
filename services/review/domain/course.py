"""What only a record goes through before the authority: opinions that a lead signs, experts, the
way from the city to the province, the conclusion and its publication (domain book 5.7). Its moves
and who makes them are the list `assessment_transition`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing import calendar, transitions
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision, Reviewed
from libs.filing.rules import concluding as rules
from libs.filing.rules import review
from libs.filing.rules.concluding import Outcome
from services.review.domain.judgement import Conclusion, Terms, Verdict, not_cleared
from services.review.domain.subject import PROVINCE, Level, State, Subject

# code list `assessment_status`
REVIEWING = {Level.CITY: "CITY_REVIEW", Level.PROV: "PROV_REVIEW", Level.EXPERT: "EXPERT"}
SIGNERS, PROPOSERS, APPROVERS = (
    frozenset({"CITY_LEAD"}),
    frozenset({"PROV_OFFICER"}),
    frozenset({"PROV_LEAD"}),
)


class Course(Aggregate):
    """The case of a record is its owner; of a filing's case nothing of this happens."""

    subject: Subject
    terms: Terms | None
    level: Level
    entered: Level  # where this round came in
    round: int
    reviewed: Reviewed
    state: State
    status: str  # of the record, code list `assessment_status`, as this case knows it
    assignee: str | None
    city_reviewer: str | None
    decision: Decision | None
    opinion: UUID | None  # the id of the last decision
    opined_by: str | None
    interested: frozenset[str]
    conclusion: Conclusion | None
    publicity: UUID | None
    back_to: str | None
    returned_on: date | None
    returns: int
    due_on: date

    class CaseSigned(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        level: Level
        reviewed: Reviewed
        decision: Decision
        decided: UUID  # `id` of the Decided event

    class ExpertOpinionGiven(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        text: str

    class ReturnLapsed(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        level: Level
        due_on: date

    class ConclusionProposed(Aggregate.Event):
        record: UUID
        round: int
        result: str
        proposal: str  # the machine's
        policy_version: str
        override_reason: str
        verdicts: tuple[Verdict, ...]

    class ConclusionApproved(Aggregate.Event):
        subject_kind: str
        subject_id: UUID
        filing: UUID | None
        round: int
        reviewed: Reviewed
        result: str
        decided: UUID  # `id` of the Decided event

    class ResultPublished(Aggregate.Event):
        record: UUID
        publicity: UUID
        result: str

    class CaseReopened(Aggregate.Event):
        record: UUID
        round: int
        level: Level
        due_on: date

    class ResultSettled(Aggregate.Event):
        record: UUID
        publicity: UUID
        result: str

    # What may be asked, and when

    def sign(self, act: Act) -> None:
        """签发: the lead lets the city's opinion take effect."""
        refuse(self.findings_before_signing(act))
        self._sign(act)

    def give_opinion(self, act: Act, text: str) -> None:
        """An expert's word brings the record back to the province."""
        refuse(self.findings_before_opinion(act))
        self._expert_opinion_given(
            act, self.subject.kind, self.subject.id, self.subject.filing, self.round, text
        )

    def lapse(self, act: Act, due_on: date) -> None:
        """The time to correct is over, and so is the window: what was sent last is judged, at the
        level that returned it.
        """
        refuse(self.findings_before_lapse(act))
        subject = self.subject
        self._return_lapsed(
            act, subject.kind, subject.id, subject.filing, self.round, self.level, due_on
        )

    def propose(
        self, act: Act, result: str, override_reason: str, verdicts: tuple[Verdict, ...]
    ) -> None:
        """拟定结论: until it is approved another proposal may take its place."""
        refuse(self.findings_before_proposing(act, result, override_reason, verdicts))
        terms = self._terms
        self._conclusion_proposed(
            act,
            self.subject.id,
            self.round,
            result,
            terms.proposal,
            terms.policy_version,
            override_reason,
            verdicts,
        )

    def approve(self, act: Act) -> None:
        refuse(self.findings_before_approving(act))
        assert self.opinion
        subject = self.subject
        self._conclusion_approved(
            act,
            subject.kind,
            subject.id,
            subject.filing,
            self.round,
            self.reviewed,
            self.result,
            self.opinion,
        )

    def publish(self, act: Act, publicity: UUID) -> None:
        """公示: everybody sees the result."""
        refuse(self.findings_before_publicity(act))
        self._result_published(act, self.subject.id, publicity, self.result)

    def reopen(self, act: Act, due_on: date) -> None:
        """An objection was upheld: the province looks again."""
        if self.state is State.PUBLISHED:
            self._case_reopened(act, self.subject.id, self.round, Level.PROV, due_on)

    def settle(self, act: Act) -> None:
        """公告: the result is final."""
        if self.state is State.PUBLISHED and self.publicity:
            self._result_settled(act, self.subject.id, self.publicity, self.result)

    # The same answers for the command and for the allowed actions

    def findings_before_signing(self, act: Act) -> list[Finding]:
        own = (act.by.office or "") == self.subject.unit
        return [
            *role(act, SIGNERS),
            *review.v01(own_unit=own),
            *self._awaits_lead(Level.CITY),
            *self._not_ones_own(act, self.opined_by),
            *review.v11(interest=act.by.user in self.interested),
        ]

    def findings_before_opinion(self, act: Act) -> list[Finding]:
        return [*self._move(act, "opinion"), *review.v11(interest=act.by.user in self.interested)]

    def findings_before_lapse(self, act: Act) -> list[Finding]:
        return self._move(act, "lapse")

    def findings_before_proposing(
        self, act: Act, result: str, override_reason: str, verdicts: tuple[Verdict, ...]
    ) -> list[Finding]:
        if against := [*role(act, PROPOSERS), *self._awaits_lead(Level.PROV)]:
            return against
        # his approval is the next step
        outcome = self._outcome(result, override_reason, verdicts, approved_by="PROV_LEAD")
        return [*self._reviewer(act), *rules.v06(outcome)]

    def findings_before_approving(self, act: Act) -> list[Finding]:
        proposed = self.conclusion
        if not proposed or self.state is not State.OPINION:
            return [*role(act, APPROVERS), finding(STATE, case="no_proposal")]
        outcome = self._outcome(
            proposed.result, proposed.override_reason, proposed.verdicts, approved_by=act.by.user
        )
        return [
            *role(act, APPROVERS),
            *self._not_ones_own(act, proposed.proposed_by),
            *self._reviewer(act),
            *rules.v06(outcome),
        ]

    def findings_before_publicity(self, act: Act) -> list[Finding]:
        return self._move(act, "publish")

    def findings_before_rectification(self, act: Act, *, ordered: bool) -> list[Finding]:
        """A record is ordered to rectify once."""
        return self._move(act, "order_rectification", "RECTIFYING" if ordered else None)

    def record_actions(self, act: Act) -> dict[str, list[Finding]]:
        """What may be done with a record's case besides opening it and deciding."""
        proposing = [*role(act, PROPOSERS), *self._awaits_lead(Level.PROV), *self._reviewer(act)]
        return {
            "sign": self.findings_before_signing(act),
            "opinion": self.findings_before_opinion(act),
            "lapse": self.findings_before_lapse(act),
            "propose": proposing,
            "approve": self.findings_before_approving(act),
        }

    def _move(self, act: Act, move: str, status: str | None = None) -> list[Finding]:
        """What the book's list says against a move, from where the record stands or will stand
        then.
        """
        if not self.terms:
            return [finding(STATE, case="not_a_record")]
        return transitions.allowed_actions(status or self.status, act.by.role, self._facts(act))[
            move
        ]

    def _reviewer(self, act: Act) -> list[Finding]:
        """Who may conclude: of the province, not the city's reviewer, without an interest."""
        return [
            *review.v01(own_unit=act.by.office == PROVINCE),
            *review.v02(
                earlier=self.city_reviewer,
                reviewer=act.by.user,
                acts_for_enterprise=act.by.enterprise is not None,
            ),
            *review.v11(interest=act.by.user in self.interested),
        ]

    def _awaits_lead(self, level: Level) -> list[Finding]:
        return (
            []
            if self.state is State.OPINION and self.level is level
            else [finding(STATE, case="no_opinion")]
        )

    def _not_ones_own(self, act: Act, by: str | None) -> list[Finding]:
        return [finding(STATE, case="own_opinion")] if act.by.user == by else []

    def _outcome(
        self, result: str, reason: str, verdicts: tuple[Verdict, ...], approved_by: str
    ) -> Outcome:
        standing = not_cleared(self._terms.findings, verdicts)
        return Outcome(
            result=result,
            proposed=self._terms.proposal,
            uncleared=len(standing),
            reason=reason,
            approved_by=approved_by,
        )

    def _facts(self, act: Act) -> transitions.RecordFacts:
        terms = self._terms
        until = (
            calendar.correction_end(self.returned_on, terms.return_fix_days)
            if self.returned_on
            else None
        )
        return transitions.RecordFacts(
            level="PROV" if self.entered is Level.PROV else "CITY",
            own_unit=act.by.office == self.subject.unit,
            today=act.today,
            window_open=act.today <= terms.window_end,
            correct_until=until,
            back_to=self.back_to,
            returns=self.returns,
            max_returns=terms.max_returns,
            result=self.announced,
            publicity_over=False,
            heard=False,
        )

    # What it is

    @property
    def result(self) -> str:
        """What is proposed or concluded; empty before."""
        return self.conclusion.result if self.conclusion else ""

    @property
    def announced(self) -> str | None:
        """The result, once it counts."""
        return self.result if self.status == "ANNOUNCED" else None

    def level_of_next(self, subject: Subject, rechosen: bool) -> Level:
        """Back to the level that returned it; staff or performance chosen anew are for the city to
        see first.
        """
        return subject.entry if rechosen or subject.entry is Level.PROV else self.level

    def _next(self, province_due: date) -> tuple[Level, State, str, date]:
        """Where the case goes when what was decided has taken effect."""
        moves = {
            Decision.RETURN: (self.level, State.RETURNED, "RETURNED", self.due_on),
            Decision.ONSITE: (self.level, State.ONSITE, "ONSITE", self.due_on),
            Decision.ESCALATE: (Level.EXPERT, State.WAITING, "EXPERT", self.due_on),
        }
        if self.decision in moves:
            return moves[self.decision]
        if self.level is Level.CITY:
            return Level.PROV, State.WAITING, "CITY_PASSED", province_due
        return Level.PROV, State.CONCLUDED, "CONCLUDED", self.due_on

    @property
    def _terms(self) -> Terms:
        assert self.terms, "a record's case has its terms"
        return self.terms

    def _sign(self, act: Act) -> None:
        assert self.decision
        assert self.opinion
        subject = self.subject
        self._case_signed(
            act,
            subject.kind,
            subject.id,
            subject.filing,
            self.round,
            self.level,
            self.reviewed,
            self.decision,
            self.opinion,
        )

    # What each event changes: no rules here, history must always replay

    @event(CaseSigned)
    def _case_signed(
        self,
        act: Act,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        level: Level,
        reviewed: Reviewed,
        decision: Decision,
        decided: UUID,
    ) -> None:
        self.state = State.DECIDED

    @event(ExpertOpinionGiven)
    def _expert_opinion_given(
        self,
        act: Act,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        text: str,
    ) -> None:
        self._stands(Level.PROV, State.WAITING, REVIEWING[Level.PROV], self.due_on)

    @event(ReturnLapsed)
    def _return_lapsed(
        self,
        act: Act,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        level: Level,
        due_on: date,
    ) -> None:
        self._stands(level, State.WAITING, REVIEWING[level], due_on)

    @event(ConclusionProposed)
    def _conclusion_proposed(
        self,
        act: Act,
        record: UUID,
        round: int,
        result: str,
        proposal: str,
        policy_version: str,
        override_reason: str,
        verdicts: tuple[Verdict, ...],
    ) -> None:
        self.conclusion = Conclusion(result, override_reason, act.by.user, verdicts)

    @event(ConclusionApproved)
    def _conclusion_approved(
        self,
        act: Act,
        subject_kind: str,
        subject_id: UUID,
        filing: UUID | None,
        round: int,
        reviewed: Reviewed,
        result: str,
        decided: UUID,
    ) -> None:
        self.state = State.DECIDED
        if self.conclusion:
            self.conclusion = replace(self.conclusion, approved_by=act.by.user)

    @event(ResultPublished)
    def _result_published(self, act: Act, record: UUID, publicity: UUID, result: str) -> None:
        self.state, self.status, self.publicity = State.PUBLISHED, "PUBLICITY", publicity

    @event(CaseReopened)
    def _case_reopened(
        self, act: Act, record: UUID, round: int, level: Level, due_on: date
    ) -> None:
        self.conclusion = self.publicity = None
        self._stands(level, State.WAITING, REVIEWING[level], due_on)

    @event(ResultSettled)
    def _result_settled(self, act: Act, record: UUID, publicity: UUID, result: str) -> None:
        self.state, self.status = State.CLOSED, "ANNOUNCED"

    def _stands(self, level: Level, state: State, status: str, due_on: date) -> None:
        """Where it waits, somebody must open it again."""
        self.level, self.state, self.status, self.due_on = level, state, status, due_on
        if state is State.WAITING:
            self.assignee = self.decision = None


def role(act: Act, roles: frozenset[str]) -> list[Finding]:
    return [] if act.by.role in roles else [finding(STATE, case="role", role=act.by.role)]
