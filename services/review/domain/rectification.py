"""限期整改 after an announced FAIL: ordered, reported, rechecked; or the licence's withdrawal is
proposed (domain book 3.3, 5.7).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing import transitions
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Decision
from libs.filing.reference import policy
from libs.filing.rules import concluding as rules
from libs.filing.rules import review

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


class Report(Value):
    """整改报告 with its scans (RECT_REPORT)."""

    text: str
    scans: tuple[UUID, ...]


class Hearing(Value):
    """How the enterprise was told, and what it said."""

    told_on: date
    heard_on: date
    statement: str


class Rectification(Aggregate):
    # What has happened

    class RectificationOrdered(Aggregate.Created):
        record: UUID
        enterprise: UUID
        uscc: str
        enterprise_name: str
        unit: str
        notice_date: date
        deadline: date
        shortfalls: tuple[Shortfall, ...]

    class RectificationReported(Aggregate.Event):
        record: UUID
        report: Report

    class RectificationAccepted(Aggregate.Event):
        record: UUID
        text: str

    class RectificationReopened(Aggregate.Event):
        record: UUID
        text: str

    class RectificationRefused(Aggregate.Event):
        record: UUID
        text: str

    class QualificationWithdrawalProposed(Aggregate.Event):
        record: UUID
        hearing: Hearing
        text: str

    class WithdrawalSettled(Aggregate.Event):
        record: UUID
        withdrawn: bool
        text: str

    @staticmethod
    def create_id(record: UUID) -> UUID:
        """A record is ordered to rectify once."""
        return uuid5(NAMESPACE_URL, f"/rectifications/{record}")

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # What may be asked, and when

    def report(self, act: Act, report: Report) -> None:
        refuse(self.findings_before(act, "report"))
        self._rectification_reported(act, self.assessment, report)

    def recheck(self, act: Act, decision: Decision, text: str) -> None:
        """PASS: accepted. RETURN: the report is incomplete, the deadline stays. FAIL: refused, the
        hearing comes next.
        """
        refuse([*self.findings_before(act, decision.value), *self._words(decision, text)])
        if decision is Decision.PASS:
            self._rectification_accepted(act, self.assessment, text)
        elif decision is Decision.RETURN:
            self._rectification_reopened(act, self.assessment, text)
        else:
            self._rectification_refused(act, self.assessment, text)

    def propose_withdrawal(self, act: Act, hearing: Hearing, text: str) -> None:
        refuse(
            dict.fromkeys(
                [*self.findings_before(act, "propose_withdrawal"), *self._hearing(act, hearing)]
            )
        )
        self._qualification_withdrawal_proposed(act, self.assessment, hearing, text)

    def settle(self, act: Act, withdrawn: bool, text: str) -> None:
        """The issuing authority withdrew the licence, or dropped the proposal."""
        refuse(self.findings_before(act, "close"))
        self._withdrawal_settled(act, self.assessment, withdrawn, text)

    # The same answers for the command and for the allowed actions

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

    def actions(self, act: Act) -> dict[str, list[Finding]]:
        moves = (
            "report",
            Decision.PASS.value,
            Decision.RETURN.value,
            Decision.FAIL.value,
            "propose_withdrawal",
            "close",
        )
        return {move: self.findings_before(act, move) for move in moves}

    def _words(self, decision: Decision, text: str) -> list[Finding]:
        """What is wrong must be said."""
        needed = (
            decision in (Decision.RETURN, Decision.FAIL)
            and len(text.strip()) < review.SHORTEST_COMMENT
        )
        return [finding("V03", "/text")] if needed else []

    def _hearing(self, act: Act, hearing: Hearing) -> list[Finding]:
        in_order = self.notice_date <= hearing.told_on <= hearing.heard_on <= act.today
        return rules.v09(self.status_on(act.today), heard=in_order)

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

    # What it is

    def status_on(self, day: date) -> Status:
        """Nobody need say that a deadline has passed."""
        return Status.OVERDUE if self.status in RUNNING and day > self.deadline else self.status

    @property
    def is_settled(self) -> bool:
        return self.settled or self.status is Status.ACCEPTED

    @property
    def record_status(self) -> str:
        return "CLOSED" if self.settled else RECORD[self.status]

    # What each event changes: no rules here, history must always replay

    @event(RectificationOrdered)
    def __init__(
        self,
        act: Act,
        record: UUID,
        enterprise: UUID,
        uscc: str,
        enterprise_name: str,
        unit: str,
        notice_date: date,
        deadline: date,
        shortfalls: tuple[Shortfall, ...],
    ) -> None:
        self.assessment, self.enterprise, self.uscc, self.enterprise_name, self.unit = (
            record,
            enterprise,
            uscc,
            enterprise_name,
            unit,
        )
        self.notice_date, self.deadline, self.shortfalls, self.status = (
            notice_date,
            deadline,
            shortfalls,
            Status.NOTIFIED,
        )
        self.last_report: Report | None = None
        self.hearing: Hearing | None = None
        self.settled = False

    @event(RectificationReported)
    def _rectification_reported(self, act: Act, record: UUID, report: Report) -> None:
        self.status, self.last_report = Status.SUBMITTED, report

    @event(RectificationAccepted)
    def _rectification_accepted(self, act: Act, record: UUID, text: str) -> None:
        self.status = Status.ACCEPTED

    @event(RectificationReopened)
    def _rectification_reopened(self, act: Act, record: UUID, text: str) -> None:
        self.status = Status.IN_PROGRESS

    @event(RectificationRefused)
    def _rectification_refused(self, act: Act, record: UUID, text: str) -> None:
        self.status = Status.REFUSED

    @event(QualificationWithdrawalProposed)
    def _qualification_withdrawal_proposed(
        self, act: Act, record: UUID, hearing: Hearing, text: str
    ) -> None:
        self.status, self.hearing = Status.WITHDRAW_PROPOSED, hearing

    @event(WithdrawalSettled)
    def _withdrawal_settled(self, act: Act, record: UUID, withdrawn: bool, text: str) -> None:
        self.settled, self.status = True, Status.WITHDRAWN if withdrawn else self.status


def findings_before_ordering(notice_date: date, deadline: date, today: date) -> list[Finding]:
    """V08; and a deadline lies after its notice, a notice not in the future."""
    in_order = notice_date <= today and notice_date < deadline
    return [
        *rules.v08(notice_date, deadline, policy()),
        *([] if in_order else [finding("V08", "/deadline")]),
    ][:1]
