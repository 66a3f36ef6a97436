"""An assessment record 考核记录: one per campaign and enterprise, generated from what is filed and
saved, regenerated as often as need be, sent by the clerk; every generation and every round stays
readable (domain book 4.4, 5.7).

Here is what each act's event changes. What may be done and when is decided in functions over it:
`sending` beside it, `choosing` and `generating` in the room of the wizard, what review said in that
of the course, what moved after the sending in that of drifts.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding
from libs.events.value import Act
from libs.filing.conclusion import Proposal
from libs.filing.content.record import Wizard
from libs.filing.facts.record import RecordState
from libs.filing.filing import Answer, Decision, ReturnedItem
from libs.filing.transitions import next_state
from services.assessment.records.domain import rounds
from services.assessment.records.domain.rounds import Drift, Measured, Round
from services.assessment.records.domain.slots import FIELDS, Slot, as_saved
from services.assessment.records.domain.snapshot import FrozenPerson, Generation, Snapshot, numbered
from services.assessment.records.domain.status import MOVES, UNDER_REVIEW, Status


class Generated(Aggregate.Event):
    """One generation, the first or a later one; its persons stand in the events before it."""

    generation: int
    status: Status  # RETURNED stays RETURNED
    snapshot: Snapshot
    snapshot_sha256: str


class Ruled(Aggregate.Event):
    """What a decision of review, an event of this id, led to."""

    round: int
    decision: UUID


class Resumed(Aggregate.Event):
    """Review goes on in the state that ordered the visit or the return."""

    round: int
    status: Status


class Record(Aggregate):
    # Starting 添加

    class AssessmentStarted(Aggregate.Created):
        campaign: UUID
        enterprise: UUID
        record_no: str

    @staticmethod
    def create_id(campaign: UUID, enterprise: UUID) -> UUID:
        """A second record of the campaign would be the same stream (A09)."""
        return uuid5(NAMESPACE_URL, f"/records/{campaign}/{enterprise}")

    @classmethod
    def start(cls, act: Act, campaign: UUID, enterprise: UUID, record_no: str) -> Record:
        """A draft in which nothing is chosen yet."""
        started = cls.AssessmentStarted(
            act=act, campaign=campaign, enterprise=enterprise, record_no=record_no
        )
        return cls.begin(cls.create_id(campaign, enterprise), started)

    @evolves(AssessmentStarted)
    def _started(self, e: AssessmentStarted) -> None:
        self.campaign, self.enterprise = e.campaign, e.enterprise
        self.record_no, self.status = e.record_no, Status.DRAFT
        self.wizard, self.authors = Wizard(), frozenset[str]()  # whoever chose or generated
        self.generations: tuple[Generation, ...] = ()
        self._frozen: tuple[FrozenPerson, ...] = ()  # of the generation that follows
        self._never_sent()
        self._never_reviewed()

    def _never_sent(self) -> None:
        self.round, self.rounds = 0, tuple[Round, ...]()
        self.receipt_no, self.return_fix_days = "", 0
        self.drifts: tuple[Drift, ...] = ()
        self.withdrawal_asked = False

    def _never_reviewed(self) -> None:
        self.back_to: Status | None = None  # the state that ordered the visit or the return
        self.returned_items: tuple[ReturnedItem, ...] = ()
        self.returned_at: datetime | None = None
        self.correct_until: date | None = None
        self.returns = 0
        self.result: str | None = None

    # What it is

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @property
    def state(self) -> RecordState:
        return RecordState(status=self.status, returned_at=self.returned_at, returns=self.returns)

    @property
    def latest(self) -> Generation | None:
        return self.generations[-1] if self.generations else None

    @property
    def ready(self) -> Generation | None:
        """The latest, with its slots as they are saved: what 发送 sends."""
        made = self.latest
        return made and made.with_choices(as_saved(made.snapshot.choices, self.wizard))

    @property
    def sent(self) -> Generation | None:
        """The generation of the round that was sent last, as it was sent."""
        return self.as_sent(self.rounds[-1]) if self.rounds else None

    def as_sent(self, round: Round) -> Generation:
        return numbered(self.generations)[round.generation].with_choices(round.choices)

    @property
    def sent_version(self) -> int:
        return self.rounds[-1].version if self.rounds else 0

    @property
    def claimed(self) -> frozenset[str]:
        """Keys of the persons sent last: until it is withdrawn, they count for nobody else."""
        if self.sent is None or self.status is Status.WITHDRAWN:
            return frozenset()
        return frozenset(each.person_key for each in self.sent.persons if each.person_key)

    def generation(self, no: int) -> Generation | None:
        return numbered(self.generations).get(no)

    def may(self, move: str) -> bool:
        """Whether the state machine has a place for the move now."""
        return next_state(MOVES, self.status, move, self.back_to) is not None

    # Choosing 保存

    class StepSaved(Aggregate.Event):
        step: str
        choices: Wizard  # of this step; the others are empty

    @evolves(StepSaved)
    def _step_saved(self, e: StepSaved) -> None:
        name, self.authors = FIELDS[e.step], self.authors | e.act.by.accounts
        self.wizard = self.wizard.model_copy(update={name: getattr(e.choices, name)})

    # Generating 生成, 重新生成

    class PersonsFrozen(Aggregate.Event):
        """A part of the generation that follows in the same unit."""

        generation: int
        persons: tuple[FrozenPerson, ...]

    @evolves(PersonsFrozen)
    def _persons_frozen(self, e: PersonsFrozen) -> None:
        self._frozen += e.persons

    class AssessmentGenerated(Generated):
        SCHEMA: ClassVar[int] = 2

    class AssessmentRegenerated(Generated):
        SCHEMA: ClassVar[int] = 2

    @evolves(Generated)
    def _generated(self, e: Generated) -> None:
        made = Generation(
            no=e.generation,
            snapshot=e.snapshot,
            persons=self._frozen,
            sha256=e.snapshot_sha256,
            at=e.act.at,
            version=e.originator_version,
        )
        self.generations = (*self.generations, made)
        self._frozen = ()
        self.wizard = e.snapshot.choices
        self.status, self.authors = e.status, self.authors | e.act.by.accounts

    # Sending 发送

    class AssessmentSent(rounds.SendingEnterprise, rounds.SendingTerms, Aggregate.Event):
        campaign: UUID
        record_no: str
        receipt_no: str
        round: int
        generation: int
        snapshot_sha256: str
        rechosen: bool
        proposal: Proposal
        findings: tuple[Finding, ...]
        acknowledged: tuple[str, ...]
        answers: tuple[Answer, ...]
        slots: tuple[Slot, ...] | None = None  # none: as generated, before they were told apart
        authors: tuple[str, ...] = ()  # beside the sender: who made it, and who is behind them
        SCHEMA: ClassVar[int] = 2

    @evolves(AssessmentSent)
    def _sent(self, e: AssessmentSent) -> None:
        generated = numbered(self.generations)[e.generation].snapshot.choices
        sent = Round(
            generation=e.generation,
            version=e.originator_version,
            sent_at=e.act.at,
            findings=e.findings,
            acknowledged=e.acknowledged,
            answers=e.answers,
            choices=generated if e.slots is None else as_saved(generated, self.wizard),
        )
        self.rounds = (*self.rounds, sent)
        self.status = Status.SENT
        self.round = e.round
        self.receipt_no = e.receipt_no
        self.return_fix_days = e.return_fix_days
        self.withdrawal_asked = False
        self.drifts = ()

    class SnapshotDrifted(Aggregate.Event):
        round: int
        drifts: tuple[Drift, ...]

    @evolves(SnapshotDrifted)
    def _snapshot_drifted(self, e: SnapshotDrifted) -> None:
        self.drifts += e.drifts

    # Withdrawing 撤回

    class WithdrawalAsked(Aggregate.Event):
        round: int

    @evolves(WithdrawalAsked)
    def _withdrawal_asked(self, e: WithdrawalAsked) -> None:
        self.withdrawal_asked = True

    class AssessmentWithdrawn(Aggregate.Event):
        round: int

    @evolves(AssessmentWithdrawn)
    def _withdrawn(self, e: AssessmentWithdrawn) -> None:
        self.status, self.withdrawal_asked = Status.WITHDRAWN, False

    # Reviewing

    class AssessmentReviewOpened(Aggregate.Event):
        round: int
        level: str

    @evolves(AssessmentReviewOpened)
    def _review_opened(self, e: AssessmentReviewOpened) -> None:
        self.status = UNDER_REVIEW[e.level]
        self.withdrawal_asked = False

    class AssessmentCityPassed(Ruled):
        opinion: Decision

    @evolves(AssessmentCityPassed)
    def _city_passed(self, e: AssessmentCityPassed) -> None:
        self.status = Status.CITY_PASSED

    class AssessmentReturned(Ruled):
        level: str
        items: tuple[ReturnedItem, ...]
        comment: str
        correct_until: date

    @evolves(AssessmentReturned)
    def _returned(self, e: AssessmentReturned) -> None:
        self.back_to = self.status
        self.status = Status.RETURNED
        self.wizard = self.rounds[-1].choices  # what is corrected is what was sent
        self.returned_items = e.items
        self.returned_at = e.act.at
        self.correct_until = e.correct_until
        self.returns += 1

    class AssessmentReturnLapsed(Resumed):
        pass

    class AssessmentOnsiteOrdered(Ruled):
        level: str

    @evolves(AssessmentOnsiteOrdered)
    def _onsite_ordered(self, e: AssessmentOnsiteOrdered) -> None:
        self.back_to = self.status
        self.status = Status.ONSITE

    class AssessmentOnsiteDone(Resumed):
        pass

    @evolves(Resumed)
    def _resumed(self, e: Resumed) -> None:
        self.status = e.status
        self.back_to = None

    class AssessmentEscalated(Ruled):
        pass

    @evolves(AssessmentEscalated)
    def _escalated(self, e: AssessmentEscalated) -> None:
        self.status, self.expert = Status.EXPERT, ""

    class AssessmentExpertNamed(Aggregate.Event):
        round: int
        expert: str  # by account

    @evolves(AssessmentExpertNamed)
    def _expert_named(self, e: AssessmentExpertNamed) -> None:
        self.expert = e.expert

    class AssessmentExpertHeard(Aggregate.Event):
        round: int

    @evolves(AssessmentExpertHeard)
    def _expert_heard(self, e: AssessmentExpertHeard) -> None:
        self.status = Status.PROV_REVIEW

    class AssessmentConcluded(Ruled):
        result: str

    @evolves(AssessmentConcluded)
    def _concluded(self, e: AssessmentConcluded) -> None:
        self.status, self.result = Status.CONCLUDED, e.result

    class DecisionNotApplied(Ruled):
        pass

    @evolves(DecisionNotApplied)
    def _decision_not_applied(self, e: DecisionNotApplied) -> None:
        """It is known, and changes nothing."""

    # Publishing 公示, 公告

    class AssessmentPublished(Aggregate.Event):
        last_day: date

    @evolves(AssessmentPublished)
    def _published(self, e: AssessmentPublished) -> None:
        self.status = Status.PUBLICITY

    class AssessmentObjected(Aggregate.Event):
        pass

    @evolves(AssessmentObjected)
    def _objected(self, e: AssessmentObjected) -> None:
        self.status = Status.OBJECTION

    class AssessmentObjectionClosed(Aggregate.Event):
        upheld: bool

    @evolves(AssessmentObjectionClosed)
    def _objection_closed(self, e: AssessmentObjectionClosed) -> None:
        self.status = Status.PROV_REVIEW if e.upheld else Status.PUBLICITY

    class AssessmentAnnounced(Aggregate.Event):
        result: str
        announced_on: date

    @evolves(AssessmentAnnounced)
    def _announced(self, e: AssessmentAnnounced) -> None:
        self.status, self.result = Status.ANNOUNCED, e.result

    # Rectifying 限期整改

    class AssessmentInRectification(Aggregate.Event):
        deadline: date | None  # none where the report was incomplete: the same deadline goes on

    @evolves(AssessmentInRectification)
    def _in_rectification(self, e: AssessmentInRectification) -> None:
        self.status = Status.RECTIFYING

    class AssessmentInRecheck(Aggregate.Event):
        measured: Measured | None = None
        SCHEMA: ClassVar[int] = 2

    @evolves(AssessmentInRecheck)
    def _in_recheck(self, e: AssessmentInRecheck) -> None:
        self.status = Status.RECHECK

    class AssessmentWithdrawalProposed(Aggregate.Event):
        pass

    @evolves(AssessmentWithdrawalProposed)
    def _withdrawal_proposed(self, e: AssessmentWithdrawalProposed) -> None:
        self.status = Status.WITHDRAWAL_PROPOSED

    class AssessmentClosed(Aggregate.Event):
        pass

    @evolves(AssessmentClosed)
    def _closed(self, e: AssessmentClosed) -> None:
        self.status = Status.CLOSED
