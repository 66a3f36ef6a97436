"""An assessment record 考核记录: one per campaign and enterprise, generated from what is filed and
saved, regenerated as often as need be, sent by the clerk; every generation and every round stays
readable (domain book 4.4, 5.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import finding
from libs.filing.conclusion import Proposal
from libs.filing.content.record import Wizard
from libs.filing.facts.record import RecordState
from libs.filing.filing import Answer
from libs.filing.rules import paths, states
from libs.filing.rules.record_generate import a16
from services.assessment.domain.course import Course, Status
from services.assessment.domain.snapshot import FrozenPerson, Snapshot, digest, parts
from services.assessment.domain.sources import Sources

AWAITED = frozenset(
    {
        Status.SENT,
        Status.CITY_REVIEW,
        Status.PROV_REVIEW,
        Status.CITY_PASSED,
        Status.EXPERT,
        Status.ONSITE,
    }
)
# step → field of the wizard
FIELDS = {name.replace("_", "-"): name for name in Wizard.model_fields}
PLACES = {
    "enterprise": "/enterprise",
    "qualifications": "/certificates",
    "people": "/persons",
    "performance": "/performances",
    "social-insurance": "/si_proofs",
}


@dataclass(frozen=True)
class Generation:
    no: int
    snapshot: Snapshot
    persons: tuple[FrozenPerson, ...]
    sha256: str
    at: datetime
    version: int  # of the stream

    @property
    def selection(self) -> tuple[frozenset[UUID], frozenset[UUID]]:
        """Staff and performance: what, chosen anew, brings a record back to the city."""
        return frozenset(each.person_id for each in self.persons), frozenset(
            each.project_id for each in self.snapshot.performances
        )


@dataclass(frozen=True)
class Round:
    generation: int
    version: int  # of the stream: where the sent event stands
    sent_at: datetime
    findings: tuple[Finding, ...]  # for the reviewer, with the warnings that the clerk has read
    acknowledged: tuple[str, ...]
    answers: tuple[Answer, ...]


class Sender(Value):
    """The enterprise as the directory knows it at the sending."""

    uscc: str
    name: str
    supervising_city_code: str


class Terms(Value):
    """Of the campaign, what review goes by."""

    city_lead_signs: bool
    max_returns: int
    return_fix_days: int
    window_end: date


class Drift(Value):
    """A fact that moved after the record was sent; `now` is none where it is gone."""

    pointer: str
    version: int
    now: int | None


class Record(Course):
    # What has happened

    class AssessmentStarted(Aggregate.Created):
        campaign: UUID
        enterprise: UUID
        record_no: str

    class StepSaved(Aggregate.Event):
        step: str
        choices: Wizard  # of this step; the others are empty

    class PersonsFrozen(Aggregate.Event):
        """A part of the generation that follows in the same unit."""

        generation: int
        persons: tuple[FrozenPerson, ...]

    class AssessmentGenerated(Aggregate.Event):
        generation: int
        status: Status  # RETURNED stays RETURNED
        snapshot: Snapshot
        snapshot_sha256: str

    class AssessmentRegenerated(Aggregate.Event):
        generation: int
        status: Status
        snapshot: Snapshot
        snapshot_sha256: str

    class AssessmentSent(Aggregate.Event):
        campaign: UUID
        record_no: str
        receipt_no: str
        round: int
        generation: int
        uscc: str
        name: str
        supervising_city_code: str
        snapshot_sha256: str
        rechosen: bool
        proposal: Proposal
        findings: tuple[Finding, ...]
        acknowledged: tuple[str, ...]
        answers: tuple[Answer, ...]
        city_lead_signs: bool
        max_returns: int
        return_fix_days: int
        window_end: date

    class WithdrawalAsked(Aggregate.Event):
        round: int

    class SnapshotDrifted(Aggregate.Event):
        round: int
        drifts: tuple[Drift, ...]

    @staticmethod
    def create_id(campaign: UUID, enterprise: UUID) -> UUID:
        """A second record of the campaign would be the same stream (A09)."""
        return uuid5(NAMESPACE_URL, f"/records/{campaign}/{enterprise}")

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # What may be asked, and when

    def save_step(self, act: Act, step: str, choices: Wizard, available: Wizard) -> None:
        """保存 of one step; the others stay as they are. `available`: the present choices without
        what can no longer be chosen.
        """
        refuse(self.findings_before_saving(step, choices, available))
        self._step_saved(act, step, choices)

    def refuse_generating(self, findings: Sequence[Finding]) -> None:
        """`findings`: what the rules say of the choices; only what blocks refuses."""
        refuse(
            [
                *self.findings_before_generating(),
                *(each for each in findings if each.severity.blocks),
            ]
        )

    def generate(self, act: Act, snapshot: Snapshot, persons: Sequence[FrozenPerson]) -> None:
        """生成, 重新生成: freezes what was chosen."""
        refuse(self.findings_before_generating())
        number = len(self.generations) + 1
        for part in parts(persons):
            self._persons_frozen(act, number, part)
        status = Status.RETURNED if self.status is Status.RETURNED else Status.GENERATED
        write = self._assessment_regenerated if self.generations else self._assessment_generated
        write(act, number, status, snapshot, digest(snapshot, persons))

    def send(
        self,
        act: Act,
        sender: Sender,
        terms: Terms,
        receipt_no: str,
        findings: Sequence[Finding],
        told: Sequence[Finding] = (),
        acknowledged: tuple[str, ...] = (),
        answers: tuple[Answer, ...] = (),
    ) -> None:
        """发送. The first sending takes the receipt number given, later ones keep it. `findings`:
        what stands against it now; `told`: what is found for the reviewer besides.
        """
        refuse([*self.findings_before_sending(answers), *findings], acknowledged)
        latest, noted = (
            self.generations[-1],
            [each for each in findings if not each.severity.blocks],
        )
        self._assessment_sent(
            act,
            self.campaign,
            self.record_no,
            self.receipt_no or receipt_no,
            self.round + 1,
            latest.no,
            sender.uscc,
            sender.name,
            sender.supervising_city_code,
            latest.sha256,
            self._is_rechosen(latest),
            latest.snapshot.proposal,
            (*latest.snapshot.findings, *told, *noted),
            tuple(sorted(acknowledged)),
            answers,
            terms.city_lead_signs,
            terms.max_returns,
            terms.return_fix_days,
            terms.window_end,
        )

    def ask_withdrawal(self, act: Act) -> None:
        """The enterprise asks; review, which alone knows whether somebody opened the case, grants
        or refuses.
        """
        refuse(states.e25(self.status))
        if not self.withdrawal_asked:
            self._withdrawal_asked(act, self.round)

    def compare(self, act: Act, sources: Sources) -> None:
        """The latest generation with what stands now."""
        if self.latest:
            moved = [
                each
                for found in sources.moved(self.latest.snapshot, self.latest.persons)
                for each in found
            ]
            self._drift(
                act,
                [Drift(pointer=each.pointer, version=each.version, now=each.now) for each in moved],
            )

    # What others tell after it was sent: a sent snapshot never changes, that its sources did is
    # told to the reviewer

    def hear_of_enterprise(self, act: Act, now: int) -> None:
        if self.latest:
            self._drift(
                act,
                [
                    Drift(
                        pointer="/enterprise",
                        version=self.latest.snapshot.enterprise.filed_version,
                        now=now,
                    )
                ],
            )

    def hear_of_person(self, act: Act, person: UUID, now: int | None) -> None:
        persons = enumerate(self.latest.persons if self.latest else ())
        self._drift(
            act,
            [
                Drift(pointer=f"/persons/{n}", version=p.filed_version, now=now)
                for n, p in persons
                if p.person_id == person
            ],
        )

    def hear_of_project(self, act: Act, project: UUID, now: int | None) -> None:
        chosen = enumerate(self.latest.snapshot.performances if self.latest else ())
        self._drift(
            act,
            [
                Drift(pointer=f"/performances/{n}", version=each.project.version, now=now)
                for n, each in chosen
                if each.project_id == project
            ],
        )

    # The same answers for the command, for `:check` and for the allowed actions

    def findings_before_saving(
        self, step: str, choices: Wizard, available: Wizard
    ) -> list[Finding]:
        """After a return only returned steps open; dropping what can no longer be chosen is no new
        choice.
        """
        if against := states.e24(self.status):
            return against
        new, *old = (getattr(each, FIELDS[step]) for each in (choices, self.wizard, available))
        if (
            self.status is Status.RETURNED
            and new not in old
            and not self._is_returned(PLACES[step])
        ):
            return [
                finding("E28", PLACES[step], items=[each.pointer for each in self.returned_items])
            ]
        return []

    def findings_before_generating(self) -> list[Finding]:
        return [] if self.status is Status.DRAFT else a16(self.state)

    def findings_before_sending(self, answers: Sequence[Answer] = ()) -> list[Finding]:
        if not self.generations:
            return [finding("A15")]
        if against := states.e24(self.status):
            return against
        answered = {paths.normal(each.pointer) for each in answers if each.text.strip()}
        if self.status is not Status.RETURNED:
            return []
        return [
            finding("V14", item.pointer, point=item.text)
            for item in self.returned_items
            if paths.normal(item.pointer) not in answered and not self._was_changed(item.pointer)
        ]

    def actions(self, sending: Sequence[Finding]) -> dict[str, list[Finding]]:
        """What may be done with the record, and what stands against each; `sending`: what stands
        against sending it.
        """
        return {
            "save": states.e24(self.status),
            "generate": self.findings_before_generating(),
            "send": [*sending],
            "withdraw": states.e25(self.status),
        }

    # What it is

    @property
    def state(self) -> RecordState:
        return RecordState(status=self.status, returned_at=self.returned_at, returns=self.returns)

    @property
    def latest(self) -> Generation | None:
        return self.generations[-1] if self.generations else None

    @property
    def claimed(self) -> frozenset[str]:
        """Keys of the persons in the round that was sent last: they count for nobody else in the
        campaign, until it is withdrawn.
        """
        if not self.rounds or self.status is Status.WITHDRAWN:
            return frozenset()
        persons = self.generations[self.rounds[-1].generation - 1].persons
        return frozenset(each.person_key for each in persons if each.person_key)

    @property
    def sent_version(self) -> int:
        return self.rounds[-1].version if self.rounds else 0

    def sent_from(self, version: int | None) -> bool:
        """Whether this is the version from which it was sent last: then pressing again is the same
        sending.
        """
        return self.status in AWAITED and version is not None and version == self.sent_version - 1

    def generation(self, no: int) -> Generation | None:
        return self.generations[no - 1] if 1 <= no <= len(self.generations) else None

    def _drift(self, act: Act, drifts: Sequence[Drift]) -> None:
        """What was taken already is older news."""
        moved = tuple(each for each in drifts if each.now is None or each.now > each.version)
        if moved and self.status in AWAITED:
            self._snapshot_drifted(act, self.round, moved)

    def _is_returned(self, place: str) -> bool:
        return any(
            paths.covers(place, each.pointer) or paths.covers(each.pointer, place)
            for each in self.returned_items
        )

    def _is_rechosen(self, latest: Generation) -> bool:
        return (
            bool(self.rounds)
            and latest.selection != self.generations[self.rounds[-1].generation - 1].selection
        )

    def _was_changed(self, pointer: str) -> bool:
        """Whether what lies at or above the returned place differs from what was sent in the round
        that came back.
        """
        if not self.rounds or len(self.generations) == self.rounds[-1].generation:
            return False
        before, now = (
            _facts(self.generations[no - 1])
            for no in (self.rounds[-1].generation, len(self.generations))
        )
        # all persons, all performance: one that was added is a change too
        if pointer.count("/") == 1:
            old, new = (
                {name: fact for place, name, fact in facts if paths.covers(pointer, place)}
                for facts in (before, now)
            )
            return old != new
        present = {name: fact for _, name, fact in now}
        touched = [
            (name, fact)
            for place, name, fact in before
            if paths.covers(place, pointer) or paths.covers(pointer, place)
        ]
        return any(present.get(name) != fact for name, fact in touched)

    # What each event changes: no rules here, history must always replay

    @event(AssessmentStarted)
    def __init__(self, act: Act, campaign: UUID, enterprise: UUID, record_no: str) -> None:
        self.campaign, self.enterprise, self.record_no = campaign, enterprise, record_no
        self.status, self.round, self.receipt_no, self.return_fix_days = Status.DRAFT, 0, "", 0
        self.wizard = Wizard()
        self.generations: tuple[Generation, ...] = ()
        self.rounds: tuple[Round, ...] = ()
        self.drifts: tuple[Drift, ...] = ()
        self._frozen: tuple[FrozenPerson, ...] = ()

    @event(StepSaved)
    def _step_saved(self, act: Act, step: str, choices: Wizard) -> None:
        name = FIELDS[step]
        self.wizard = self.wizard.model_copy(update={name: getattr(choices, name)})

    @event(PersonsFrozen)
    def _persons_frozen(self, act: Act, generation: int, persons: tuple[FrozenPerson, ...]) -> None:
        self._frozen += persons

    @event(AssessmentGenerated)
    def _assessment_generated(
        self, act: Act, generation: int, status: Status, snapshot: Snapshot, snapshot_sha256: str
    ) -> None:
        self._generated(act, status, snapshot, snapshot_sha256)

    @event(AssessmentRegenerated)
    def _assessment_regenerated(
        self, act: Act, generation: int, status: Status, snapshot: Snapshot, snapshot_sha256: str
    ) -> None:
        self._generated(act, status, snapshot, snapshot_sha256)

    @event(AssessmentSent)
    def _assessment_sent(
        self,
        act: Act,
        campaign: UUID,
        record_no: str,
        receipt_no: str,
        round: int,
        generation: int,
        uscc: str,
        name: str,
        supervising_city_code: str,
        snapshot_sha256: str,
        rechosen: bool,
        proposal: Proposal,
        findings: tuple[Finding, ...],
        acknowledged: tuple[str, ...],
        answers: tuple[Answer, ...],
        city_lead_signs: bool,
        max_returns: int,
        return_fix_days: int,
        window_end: date,
    ) -> None:
        self.status, self.round, self.receipt_no, self.return_fix_days = (
            Status.SENT,
            round,
            receipt_no,
            return_fix_days,
        )
        self.rounds = (
            *self.rounds,
            Round(generation, self.version + 1, act.at, findings, acknowledged, answers),
        )
        self.withdrawal_asked, self.drifts = False, ()

    @event(WithdrawalAsked)
    def _withdrawal_asked(self, act: Act, round: int) -> None:
        self.withdrawal_asked = True

    @event(SnapshotDrifted)
    def _snapshot_drifted(self, act: Act, round: int, drifts: tuple[Drift, ...]) -> None:
        self.drifts += drifts

    def _generated(self, act: Act, status: Status, snapshot: Snapshot, sha256: str) -> None:
        made = Generation(
            len(self.generations) + 1, snapshot, self._frozen, sha256, act.at, self.version + 1
        )
        self.generations, self._frozen = (*self.generations, made), ()
        self.wizard, self.status = snapshot.choices, status


def _facts(generation: Generation) -> list[tuple[str, object, object]]:
    """What can be returned: its place, what it is (places move when something is dropped), and
    what is frozen of it.
    """
    snapshot, wizard = generation.snapshot, generation.snapshot.choices
    scans = {each.project_id: each.scans for each in wizard.performance.performances}
    certificates = [
        (f"/certificates/{n}", each.certificate_id, each)
        for n, each in enumerate(snapshot.certificates)
    ]
    persons = [
        (f"/persons/{n}", each.person_id, each.sent) for n, each in enumerate(generation.persons)
    ]
    performances = [
        (f"/performances/{n}", p.project_id, (p, scans.get(p.project_id)))
        for n, p in enumerate(snapshot.performances)
    ]
    whole = [
        ("/enterprise", "enterprise", (snapshot.enterprise, wizard.enterprise)),
        ("/si_proofs", "proofs", wizard.social_insurance),
    ]
    return [*whole, *certificates, *persons, *performances]
