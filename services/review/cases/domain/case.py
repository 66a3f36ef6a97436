"""A case: all rounds of one filing or record before the authority. After sending it is the only
arbiter (domain book 5.2, 5.7). What happens to it stands here; what may be refused is decided in
functions, each with its findings: `reviewing`, `handing`, `visiting`, `signing`, `concluding`, …
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.value import Act, replace
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from services.review.cases.domain.about import AboutCase, Submission
from services.review.cases.domain.judgement import Conclusion, Inspector, Verdict
from services.review.cases.domain.subject import UNDER_REVIEW, Level, State, Subject


class Case(Aggregate):
    # The enterprise sends it, and sends it again

    class CaseOpened(Submission, Aggregate.Created):
        case: UUID
        SCHEMA: ClassVar[int] = 2

    class RoundOpened(Submission, Aggregate.Event):
        SCHEMA: ClassVar[int] = 2

    @staticmethod
    def create_id(case: UUID) -> UUID:
        return case

    @classmethod
    def begin_with(cls, act: Act, sent: Submission) -> Case:
        """The case of what is sent for the first time."""
        case = sent.subject.case
        return cls.begin(cls.create_id(case), cls.CaseOpened(act=act, case=case, **dict(sent)))

    def open_round(self, act: Act, sent: Submission) -> None:
        """The new round supersedes the one before; an older one changes nothing."""
        if sent.round > self.round:
            self.record(self.RoundOpened(act=act, **dict(sent)))

    @evolves(CaseOpened)
    def _opened(self, e: CaseOpened) -> None:
        self.returns = 0
        self.decision: Decision | None = None
        self.items: tuple[ReturnedItem, ...] = ()
        self.comment = ""
        self.opined_by: str | None = None
        self.city_reviewer: str | None = None
        self.interested = self.authors = frozenset[str]()
        self._begin_round(e)

    @evolves(RoundOpened)
    def _round_opened(self, e: RoundOpened) -> None:
        self._begin_round(e)

    def _begin_round(self, e: CaseOpened | RoundOpened) -> None:
        self.subject, self.terms, self.authors = e.subject, e.terms, self.authors | {*e.authors}
        self.round, self.reviewed, self.opened_at = e.round, e.reviewed, e.act.at
        self.level, self.entered, self.due_on = e.level, e.level, e.due_on
        # `status` is the record's, code list `assessment_status`, as this case knows it
        self.state, self.status = State.WAITING, "SENT"
        self._forget_earlier_rounds()

    def _forget_earlier_rounds(self) -> None:
        self.assignee: str | None = None
        # by whoever opened this round first: from then on it is not given back
        self.taken_at: datetime | None = None
        self.decided_at: datetime | None = None
        self.opinion: UUID | None = None  # the id of the last decision
        self.signed_by: str | None = None
        self.conclusion: Conclusion | None = None
        self.publicity: UUID | None = None
        self.back_to: str | None = None  # the status that ordered the visit or the return
        self.returned_on: date | None = None
        self.stopped_at: datetime | None = None  # the clock stands: the enterprise has the ball
        self.visited_on: date | None = None
        self.minutes = self.expert_opinion = ""
        self.inspectors: tuple[str, ...] = ()  # by name

    # What it is

    @property
    def owner(self) -> UUID:
        return self.subject.enterprise

    @property
    def about(self) -> dict[str, Any]:
        """The fields of AboutCase, as they are now."""
        return {
            "subject_kind": self.subject.kind,
            "subject_id": self.subject.id,
            "filing": self.subject.filing,
            "round": self.round,
        }

    @property
    def result(self) -> str:
        """What is proposed or concluded; empty before."""
        return self.conclusion.result if self.conclusion else ""

    @property
    def announced(self) -> str | None:
        """The result, once it counts."""
        return self.result if self.status == "ANNOUNCED" else None

    def level_of_next(self, subject: Subject, *, rechosen: bool) -> Level:
        """The level that reviews the next round: the one that returned it; staff or performance
        chosen anew are for the city to see first.
        """
        return subject.entry if rechosen or subject.entry is Level.PROV else self.level

    def awaits_outcome(self, round: int) -> bool:
        """Of this round was decided, and the owner has not yet said whether it took effect."""
        return self.state is State.DECIDED and round == self.round

    # An officer opens it

    class CaseTaken(AboutCase):
        level: Level

    @evolves(CaseTaken)
    def _taken(self, e: CaseTaken) -> None:
        self.state, self.status = State.TAKEN, UNDER_REVIEW[e.level]
        self.assignee, self.taken_at = e.act.by.user, e.act.at

    # The officer gives it back, or hands it over

    class CaseReleased(AboutCase):
        held_by: str

    class CaseAssigned(AboutCase):
        level: Level
        to: str
        reason: str

    @evolves(CaseReleased)
    def _released(self, e: CaseReleased) -> None:
        self.state, self.assignee = State.WAITING, None

    @evolves(CaseAssigned)
    def _assigned(self, e: CaseAssigned) -> None:
        self.assignee = e.to

    # The officer decides

    class Decided(AboutCase):
        case: UUID
        level: Level
        reviewed: Reviewed
        decision: Decision
        items: tuple[ReturnedItem, ...]
        comment: str
        binding: bool = True  # False: an opinion on a record
        id: UUID | None = None  # by which the lead's signature and the conclusion name it

    @evolves(Decided)
    def _decided(self, e: Decided) -> None:
        self.decision, self.items, self.comment = e.decision, e.items, e.comment
        self.opinion, self.opined_by, self.decided_at = e.id, e.act.by.user, e.act.at
        self.signed_by = None
        if e.level is Level.CITY:
            self.city_reviewer = e.act.by.user
        self.state = self._state_after(e)
        if self.state is State.WAITING:
            self.level, self.assignee = Level.PROV, None

    def _state_after(self, e: Decided) -> State:
        """A visit and the province's word on a filing are review's own affair; of everything else
        the owner says whether it took effect.
        """
        if not e.binding:
            return State.OPINION
        if self.subject.is_record:
            return State.DECIDED
        own = {Decision.ESCALATE: State.WAITING, Decision.ONSITE: State.ONSITE}
        return own.get(e.decision, State.DECIDED)

    # The lead signs the opinion on a record 签发

    class CaseSigned(AboutCase):
        level: Level
        reviewed: Reviewed
        decision: Decision
        decided: UUID  # `id` of the Decided event

    @evolves(CaseSigned)
    def _signed(self, e: CaseSigned) -> None:
        self.state, self.signed_by = State.DECIDED, e.act.by.user

    # The owner says whether the decision took effect

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

    def hear_applied(self, act: Act, round: int, decision: UUID) -> None:
        """A filing followed the decision: its case is closed, or waits for the enterprise. (The
        case of a record goes on: `forwarding`.)
        """
        if self.awaits_outcome(round):
            returned = self.decision is Decision.RETURN
            self.record(
                self.DecisionTookEffect(act=act, round=round, decision=decision, returned=returned)
            )

    def hear_not_applied(self, act: Act, round: int, decision: UUID) -> None:
        """What was decided on does not stand any more: the case is closed."""
        if self.awaits_outcome(round):
            self.record(self.DecisionHadNoEffect(act=act, round=round, decision=decision))

    @evolves(DecisionTookEffect)
    def _took_effect(self, e: DecisionTookEffect) -> None:
        self._stop_clock(e)
        self.back_to, self.status = self.status, e.status or ""
        self.level, self.due_on = e.level or self.level, e.due_on or self.due_on
        self.state = e.state or (State.RETURNED if e.returned else State.CLOSED)
        if self.state is State.WAITING:
            self.assignee = self.decision = None

    def _stop_clock(self, e: DecisionTookEffect) -> None:
        """While the enterprise has the ball."""
        self.returns += e.returned
        self.returned_on = e.act.today if e.returned else None
        self.stopped_at = e.act.at if e.returned else None

    @evolves(DecisionHadNoEffect)
    def _had_no_effect(self, e: DecisionHadNoEffect) -> None:
        self.state = State.CLOSED

    # Two inspectors were there 核查记录

    class OnsiteRecorded(AboutCase):
        level: Level
        visited_on: date
        inspectors: tuple[Inspector, ...]
        place: str
        minutes: str

    @evolves(OnsiteRecorded)
    def _visited(self, e: OnsiteRecorded) -> None:
        self.visited_on, self.minutes = e.visited_on, e.minutes
        self.inspectors = tuple(each.name for each in e.inspectors if each.name)
        self._wait(e.level, self.due_on)

    def _wait(self, level: Level, due_on: date) -> None:
        """Somebody at that level must open it again."""
        self.level, self.due_on = level, due_on
        self.state, self.status = State.WAITING, UNDER_REVIEW[level]
        self.assignee = self.decision = None

    # An officer declares an interest 回避

    class InterestDeclared(Aggregate.Event):
        round: int
        reason: str
        gives_back: bool  # the case was theirs

    def declare_interest(self, act: Act, reason: str) -> None:
        """Whoever declares it decides nothing here any more, and gives back what they opened."""
        if act.by.user in self.interested:
            return
        theirs = self.assignee == act.by.user and self.state in (State.TAKEN, State.WAITING)
        self.record(
            self.InterestDeclared(act=act, round=self.round, reason=reason, gives_back=theirs)
        )

    @evolves(InterestDeclared)
    def _interest_declared(self, e: InterestDeclared) -> None:
        self.interested |= {e.act.by.user}
        if e.gives_back:
            self.state, self.assignee = State.WAITING, None

    # The enterprise asks for it back, or gives it up

    class CaseWithdrawn(AboutCase):
        pass

    class WithdrawalRefused(AboutCase):
        pass

    class CaseVoided(Aggregate.Event):
        pass

    def ask_withdrawal(self, act: Act, round: int) -> None:
        """Granted only while nobody has opened this round; opening and asking in the same instant
        end in exactly one of the two.
        """
        untouched = self.state is State.WAITING and self.taken_at is None
        granted = untouched and round == self.round
        answer = self.CaseWithdrawn if granted else self.WithdrawalRefused
        self.record(answer(act=act, **(self.about | {"round": round})))

    def void(self, act: Act) -> None:
        """The enterprise gave up what it had sent."""
        if self.state is not State.CLOSED:
            self.record(self.CaseVoided(act=act))

    @evolves(CaseWithdrawn)
    def _withdrawn(self, e: CaseWithdrawn) -> None:
        self.state, self.status = State.WITHDRAWN, "WITHDRAWN"

    @evolves(WithdrawalRefused)
    def _withdrawal_refused(self, e: WithdrawalRefused) -> None:
        pass

    @evolves(CaseVoided)
    def _voided(self, e: CaseVoided) -> None:
        self.state = State.CLOSED

    # The time to correct a record is over

    class ReturnLapsed(AboutCase):
        level: Level
        due_on: date

    @evolves(ReturnLapsed)
    def _return_lapsed(self, e: ReturnLapsed) -> None:
        self._wait(e.level, e.due_on)

    # An expert was heard

    class ExpertOpinionGiven(AboutCase):
        text: str

    @evolves(ExpertOpinionGiven)
    def _expert_heard(self, e: ExpertOpinionGiven) -> None:
        self.expert_opinion = e.text
        self._wait(Level.PROV, self.due_on)

    # A conclusion is proposed 拟定结论 and approved

    class ConclusionProposed(Aggregate.Event):
        record: UUID
        round: int
        result: str
        proposal: str  # the machine's
        policy_version: str
        override_reason: str
        verdicts: tuple[Verdict, ...]

    class ConclusionApproved(AboutCase):
        reviewed: Reviewed
        result: str
        decided: UUID  # `id` of the Decided event

    @evolves(ConclusionProposed)
    def _proposed(self, e: ConclusionProposed) -> None:
        self.conclusion = Conclusion(e.result, e.override_reason, e.act.by.user, e.verdicts)

    @evolves(ConclusionApproved)
    def _approved(self, e: ConclusionApproved) -> None:
        self.state = State.DECIDED
        if self.conclusion:
            self.conclusion = replace(self.conclusion, approved_by=e.act.by.user)

    # The result is shown 公示, looked at again, or final 公告

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

    @evolves(ResultPublished)
    def _published(self, e: ResultPublished) -> None:
        self.state, self.status, self.publicity = State.PUBLISHED, "PUBLICITY", e.publicity

    @evolves(CaseReopened)
    def _reopened(self, e: CaseReopened) -> None:
        self.conclusion = self.publicity = None
        self._wait(e.level, e.due_on)

    @evolves(ResultSettled)
    def _settled(self, e: ResultSettled) -> None:
        self.state, self.status = State.CLOSED, "ANNOUNCED"
