"""A packet 备案审核资料: filings that were sent, each with its form and scans, for the supervising
unit's mailbox (domain book 5.8).

Each owner renders its own forms; a packet waits until all have arrived. Mailing it never changes a
filing's state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Status, Type
from libs.papers.part import Part

SENDABLE = frozenset({Status.SENT, Status.REVIEWING, Status.APPROVED})
MOST_MAILED = 25 * 1024 * 1024  # bytes of a mail that mailboxes usually take
OVERHEAD = 64 * 1024  # of a mail, besides its attachments: its heads, the cover


class State(StrEnum):
    PREPARING = "PREPARING"  # forms are on their way
    INCOMPLETE = "INCOMPLETE"  # a form could not be made
    READY = "READY"
    MAILING = "MAILING"
    MAILED = "MAILED"
    MAIL_FAILED = "MAIL_FAILED"


class Enclosed(Value):
    """One filing of the packet, in the round that was its last when the packet was built."""

    filing: UUID
    service: str  # which keeps it, and renders its form
    subject: UUID  # the enterprise or the person
    type: Type
    filing_no: str
    receipt_no: str
    round: int


@dataclass(frozen=True)
class Candidate:
    """A filing that somebody wants in a packet, as it stands."""

    enclosed: Enclosed
    status: Status


class Addressee(Value):
    """What the supervising unit's data says of packets; `mailbox` is empty until somebody enters
    it.
    """

    unit: str
    zh: str
    en: str
    mailbox: str | None
    subject_pattern: str


@dataclass(frozen=True)
class Attempt:
    to: str
    subject: str
    asked_at: datetime
    asked_by: str
    version: int  # of the stream: where the asking stands
    ended_at: datetime | None = None
    reason: str | None = None  # why it failed


class Packet(Aggregate):
    # What has happened

    class PacketBuilt(Aggregate.Created):
        packet: UUID
        enterprise: UUID
        uscc: str
        name: str
        unit: str  # code of `reporting_unit`
        filings: tuple[Enclosed, ...]

    class PartArrived(Aggregate.Event):
        filing: UUID
        part: Part

    class PartFailed(Aggregate.Event):
        filing: UUID
        reason: str

    class MailAsked(Aggregate.Event):
        to: str
        subject: str
        # one for all attempts, so that a mailbox knows a second delivery of the same
        message_id: str

    class MailSent(Aggregate.Event):
        message_id: str
        sha256: str  # of the attached zip
        size_bytes: int

    class MailFailed(Aggregate.Event):
        message_id: str
        reason: str

    @staticmethod
    def create_id(packet: UUID) -> UUID:
        return packet

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # What may be asked, and when

    def ask_mail(self, act: Act, addressee: Addressee, message_id: str) -> None:
        """发送至主管部门邮箱. Asked again after a failure, it is the same message."""
        refuse(self.findings_before_mailing(addressee))
        assert addressee.mailbox
        self._mail_asked(
            act, addressee.mailbox, self.subject_for(addressee), self.message_id or message_id
        )

    # What the owners of filings and the mail server said

    def take(self, act: Act, filing: UUID, part: Part) -> None:
        if filing in self.waiting:
            self._part_arrived(act, filing, part)

    def miss(self, act: Act, filing: UUID, reason: str) -> None:
        if filing in self.waiting:
            self._part_failed(act, filing, reason)

    def mailed(self, act: Act, sha256: str, size_bytes: int) -> None:
        if self.state is State.MAILING:
            self._mail_sent(act, self.message_id, sha256, size_bytes)

    def fail(self, act: Act, reason: str) -> None:
        if self.state is State.MAILING:
            self._mail_failed(act, self.message_id, reason)

    # The same answers for the command and for the allowed actions

    def findings_before_opening(self) -> list[Finding]:
        case = UNFINISHED.get(self.state)
        return [finding(STATE, case=case)] if case else []

    def findings_before_mailing(self, addressee: Addressee) -> list[Finding]:
        if case := {**UNFINISHED, **UNDERWAY}.get(self.state):
            return [finding(STATE, case=case)]
        unfit = [finding(STATE, case="packet_too_large")] if self.mail_bytes > MOST_MAILED else []
        return unfit + (
            []
            if addressee.mailbox
            else [finding(STATE, case="packet_no_mailbox", unit=addressee.zh, unit_en=addressee.en)]
        )

    # What it is

    @property
    def state(self) -> State:
        if self.waiting:
            return State.PREPARING
        if self.missed:
            return State.INCOMPLETE
        if not self.attempts:
            return State.READY
        last = self.attempts[-1]
        return (
            State.MAILING
            if last.ended_at is None
            else State.MAIL_FAILED
            if last.reason
            else State.MAILED
        )

    @property
    def waiting(self) -> frozenset[UUID]:
        """Filings whose forms are on their way."""
        return (
            frozenset(each.filing for each in self.filings) - self.parts.keys() - self.missed.keys()
        )

    @property
    def mail_bytes(self) -> int:
        """About what the mail comes to: base64 makes four characters of three bytes, and a line
        break of every 76.
        """
        return OVERHEAD + sum(part.size_bytes for part in self.parts.values()) * 78 // 57

    def subject_for(self, addressee: Addressee) -> str:
        first, others = self.filings[0].receipt_no, len(self.filings) - 1
        receipts = f"{first}等{others + 1}件" if others else first
        return addressee.subject_pattern.replace("{企业名称}", self.name).replace(
            "{回执号}", receipts
        )

    # What each event changes: no rules here, history must always replay

    @event(PacketBuilt)
    def __init__(
        self,
        act: Act,
        packet: UUID,
        enterprise: UUID,
        uscc: str,
        name: str,
        unit: str,
        filings: tuple[Enclosed, ...],
    ) -> None:
        self.enterprise, self.uscc, self.name, self.unit, self.filings = (
            enterprise,
            uscc,
            name,
            unit,
            filings,
        )
        self.built_at = act.at
        self.parts: dict[UUID, Part] = {}
        self.missed: dict[UUID, str] = {}
        self.attempts: tuple[Attempt, ...] = ()
        self.message_id = ""

    @event(PartArrived)
    def _part_arrived(self, act: Act, filing: UUID, part: Part) -> None:
        self.parts[filing] = part

    @event(PartFailed)
    def _part_failed(self, act: Act, filing: UUID, reason: str) -> None:
        self.missed[filing] = reason

    @event(MailAsked)
    def _mail_asked(self, act: Act, to: str, subject: str, message_id: str) -> None:
        self.message_id = message_id
        self.attempts = (
            *self.attempts,
            Attempt(to, subject, act.at, act.by.user, self.version + 1),
        )

    @event(MailSent)
    def _mail_sent(self, act: Act, message_id: str, sha256: str, size_bytes: int) -> None:
        self.attempts = (*self.attempts[:-1], replace(self.attempts[-1], ended_at=act.at))

    @event(MailFailed)
    def _mail_failed(self, act: Act, message_id: str, reason: str) -> None:
        self.attempts = (
            *self.attempts[:-1],
            replace(self.attempts[-1], ended_at=act.at, reason=reason),
        )


UNFINISHED = {State.PREPARING: "packet_preparing", State.INCOMPLETE: "packet_incomplete"}
UNDERWAY = {State.MAILING: "packet_mailing", State.MAILED: "packet_mailed"}


def findings_before_building(candidates: tuple[Candidate, ...]) -> list[Finding]:
    """Only what lies with the authority goes into a packet."""
    return [
        finding(STATE, f"/filings/{number}", case="packet_not_sent", detail=each.enclosed.filing_no)
        for number, each in enumerate(candidates)
        if each.status not in SENDABLE
    ]
