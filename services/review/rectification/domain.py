"""限期整改 after an announced FAIL: ordered, reported, rechecked; or the licence's withdrawal is
proposed (domain book 3.3, 5.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing import transitions
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision
from libs.filing.reference import policy
from libs.filing.rules import concluding as rules
from libs.filing.rules import review
from services.review.cases.domain.judgement import Qualification

MOVES = "assessment_transition"


class Status(StrEnum):
    """Code list `rectification_status`."""

    NOTIFIED = "NOTIFIED"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    OVERDUE = "OVERDUE"
    WITHDRAW_PROPOSED = "WITHDRAW_PROPOSED"
    WITHDRAWN = "WITHDRAWN"


RUNNING = frozenset({Status.NOTIFIED, Status.IN_PROGRESS})
RECORD = {  # where each leaves the record, code list `assessment_status`
    **dict.fromkeys((Status.NOTIFIED, Status.IN_PROGRESS, Status.OVERDUE), "RECTIFYING"),
    **dict.fromkeys((Status.SUBMITTED, Status.REFUSED), "RECHECK"),
    Status.WITHDRAW_PROPOSED: "WITHDRAWAL_PROPOSED",
    **dict.fromkeys((Status.ACCEPTED, Status.WITHDRAWN), "CLOSED"),
}


class Shortfall(Value):
    """What is missing: what the standard needs, what the enterprise has."""

    item: str
    need: str
    have: str


class Counted(Value):
    need: int
    have: int


class MeasuredItem(Value):
    """A licence in force; none: its standard has no known numbers."""

    qualification: Qualification
    registered: Counted | None
    professionals: Counted | None


class Measurement(Value):
    """What the enterprise has on that day, counted by its approved data as for a record."""

    on: date
    items: tuple[MeasuredItem, ...]
    net_assets_wan: Decimal | None


@dataclass(frozen=True)
class Recheck:
    """What was said of the last report 整改复核."""

    decision: Decision
    text: str
    on: date


class Report(Value):
    """整改报告 with its scans (RECT_REPORT)."""

    text: str
    scans: tuple[UUID, ...]


class Hearing(Value):
    """How the enterprise was told, and what it said."""

    told_on: date
    heard_on: date
    statement: str


class AboutRecord(Aggregate.Event):
    record: UUID


class Rechecked(AboutRecord):
    text: str


class Rectification(Aggregate):
    # Ordering 责令限期整改

    class RectificationOrdered(Aggregate.Created):
        record: UUID
        enterprise: UUID
        uscc: str
        enterprise_name: str
        unit: str
        notice_date: date
        deadline: date
        shortfalls: tuple[Shortfall, ...]

    @staticmethod
    def create_id(record: UUID) -> UUID:
        """A record is ordered to rectify once."""
        return uuid5(NAMESPACE_URL, f"/rectifications/{record}")

    @classmethod
    def order(cls, ordered: RectificationOrdered) -> Rectification:
        """The notice is served: until the deadline the enterprise mends what is missing."""
        return cls.begin(cls.create_id(ordered.record), ordered)

    @evolves(RectificationOrdered)
    def _ordered(self, e: RectificationOrdered) -> None:
        self.assessment = e.record
        self.enterprise = e.enterprise
        self.unit = e.unit
        self.uscc = e.uscc
        self.enterprise_name = e.enterprise_name
        self.notice_date = e.notice_date
        self.deadline = e.deadline
        self.shortfalls = e.shortfalls
        self.status = Status.NOTIFIED
        self.last_report: Report | None = None
        self.measurement: Measurement | None = None
        self.last_recheck: Recheck | None = None
        self.hearing: Hearing | None = None
        self.settled = False

    @property
    def owner(self) -> UUID:
        return self.enterprise

    def status_on(self, day: date) -> Status:
        """Overdue is derived from the date; there is no event."""
        return Status.OVERDUE if self.status in RUNNING and day > self.deadline else self.status

    @property
    def is_settled(self) -> bool:
        return self.settled or self.status is Status.ACCEPTED

    @property
    def record_status(self) -> str:
        return "CLOSED" if self.settled else RECORD[self.status]

    def actions(self, act: Act) -> dict[str, list[Finding]]:
        """What may be done with it, and what stands against each."""
        decisions = (Decision.PASS, Decision.RETURN, Decision.FAIL)
        moves = ("report", *(each.value for each in decisions), "propose_withdrawal", "close")
        return {move: self.findings_before(act, move) for move in moves}

    def findings_before(self, act: Act, move: str) -> list[Finding]:
        """As the book's list has it; a refused report can still be accepted after the hearing,
        nothing else.
        """
        status = self.record_status
        against = transitions.allowed_actions(status, act.by.role, self._facts(act))[move]
        if self.status is Status.REFUSED and move in (Decision.RETURN, Decision.FAIL):
            against = [*against, finding(STATE, case="record", status=status, action=move)]
        if move == "propose_withdrawal":
            against = [*against, *rules.v09(self.status_on(act.today), heard=True)]
        return list(dict.fromkeys(against))

    def _facts(self, act: Act) -> transitions.RecordFacts:
        return transitions.RecordFacts(
            level="PROV",
            own_unit=act.by.office == self.unit,
            today=act.today,
            window_open=False,
            correct_until=None,
            back_to=None,
            returns=0,
            max_returns=0,
            result="FAIL",
            publicity_over=True,
            heard=True,
        )

    # The enterprise reports what it mended 整改报告

    class RectificationReported(AboutRecord):
        report: Report

    def report(self, act: Act, report: Report) -> None:
        refuse(self.findings_before(act, "report"))
        self.record(self.RectificationReported(act=act, record=self.assessment, report=report))

    @evolves(RectificationReported)
    def _reported(self, e: RectificationReported) -> None:
        self.status = Status.SUBMITTED
        self.last_report = e.report
        self.measurement = None
        self.last_recheck = None

    class RecheckMeasured(AboutRecord):
        measurement: Measurement

    def measure(self, act: Act, measurement: Measurement) -> None:
        """The numbers beside the report that waits; of an earlier one they are of no use."""
        if self.status is Status.SUBMITTED and self.measurement is None:
            measured = self.RecheckMeasured(
                act=act, record=self.assessment, measurement=measurement
            )
            self.record(measured)

    @evolves(RecheckMeasured)
    def _measured(self, e: RecheckMeasured) -> None:
        self.measurement = e.measurement

    # The report is rechecked 整改复核

    class RectificationAccepted(Rechecked):
        pass

    class RectificationReopened(Rechecked):
        pass

    class RectificationRefused(Rechecked):
        pass

    def recheck(self, act: Act, decision: Decision, text: str) -> None:
        """PASS: accepted. RETURN: the report is incomplete, the deadline stays. FAIL: refused, the
        hearing comes next.
        """
        refuse([*self.findings_before(act, decision.value), *_words(decision, text)])
        outcome: type[Rechecked] = {
            Decision.PASS: self.RectificationAccepted,
            Decision.RETURN: self.RectificationReopened,
            Decision.FAIL: self.RectificationRefused,
        }[decision]
        self.record(outcome(act=act, record=self.assessment, text=text))

    @evolves(RectificationAccepted)
    def _accepted(self, e: RectificationAccepted) -> None:
        self.status = Status.ACCEPTED
        self._said(Decision.PASS, e)

    @evolves(RectificationReopened)
    def _reopened(self, e: RectificationReopened) -> None:
        self.status = Status.IN_PROGRESS
        self._said(Decision.RETURN, e)

    @evolves(RectificationRefused)
    def _refused(self, e: RectificationRefused) -> None:
        self.status = Status.REFUSED
        self._said(Decision.FAIL, e)

    def _said(self, decision: Decision, e: Rechecked) -> None:
        self.last_recheck = Recheck(decision, e.text, e.act.today)

    # The licence's withdrawal is proposed 提出撤回资质

    class QualificationWithdrawalProposed(AboutRecord):
        hearing: Hearing
        text: str

    def propose_withdrawal(self, act: Act, hearing: Hearing, text: str) -> None:
        """Refused or overdue, and the enterprise was heard."""
        refuse(self.findings_before(act, "propose_withdrawal") or self._hearing(act, hearing))
        self.record(
            self.QualificationWithdrawalProposed(
                act=act, record=self.assessment, hearing=hearing, text=text
            )
        )

    def _hearing(self, act: Act, hearing: Hearing) -> list[Finding]:
        """At the day that is out of order: they are told once there is the notice, then heard."""
        is_told = self.notice_date <= hearing.told_on
        is_heard = is_told and hearing.told_on <= hearing.heard_on <= act.today
        at = "/heard_on" if is_told else "/told_on"
        against = rules.v09(self.status_on(act.today), heard=is_heard)
        return [each.model_copy(update={"pointer": at}) for each in against]

    @evolves(QualificationWithdrawalProposed)
    def _withdrawal_proposed(self, e: QualificationWithdrawalProposed) -> None:
        self.status = Status.WITHDRAW_PROPOSED
        self.hearing = e.hearing

    # The proposal is settled 结案

    class WithdrawalSettled(AboutRecord):
        withdrawn: bool
        text: str

    def settle(self, act: Act, text: str, *, withdrawn: bool) -> None:
        """The issuing authority withdrew the licence, or dropped the proposal."""
        refuse(self.findings_before(act, "close"))
        self.record(
            self.WithdrawalSettled(act=act, record=self.assessment, withdrawn=withdrawn, text=text)
        )

    @evolves(WithdrawalSettled)
    def _settled(self, e: WithdrawalSettled) -> None:
        self.settled = True
        self.status = Status.WITHDRAWN if e.withdrawn else self.status


def _words(decision: Decision, text: str) -> list[Finding]:
    """What is wrong must be said."""
    is_short = len(text.strip()) < review.SHORTEST_COMMENT
    says_wrong = decision in (Decision.RETURN, Decision.FAIL)
    return [finding("V03", "/text")] if says_wrong and is_short else []


def findings_before_ordering(notice_date: date, deadline: date, today: date) -> list[Finding]:
    """V08; and a deadline lies after its notice, a notice not in the future."""
    in_order = notice_date <= today and notice_date < deadline
    return [
        *rules.v08(notice_date, deadline, policy()),
        *([] if in_order else [finding("V08", "/deadline")]),
    ][:1]
