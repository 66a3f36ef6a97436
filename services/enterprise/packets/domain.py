"""A packet 备案审核资料: filings that were sent, each with its form and scans, for the supervising
unit's mailbox (domain book 5.8).

Each owner renders its own forms; a packet waits until all have arrived (decision 20). Mailing it
never changes a filing's state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding, refuse
from libs.events.texts import one_line
from libs.events.value import Act, Value, replace
from libs.filing.catalogue import STATE, finding
from libs.filing.filing import Status, Type
from libs.papers.part import Part

SENDABLE = frozenset({Status.SENT, Status.REVIEWING, Status.APPROVED})
MOST_MAILED = 25 * 1024 * 1024  # bytes of a mail that mailboxes usually take
MOST_BYTES = 512 * 1024 * 1024  # of all parts of a packet
TOO_LARGE = "TOO_LARGE"
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
class RequestedFiling:
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

    @property
    def state(self) -> State:
        if self.ended_at is None:
            return State.MAILING
        return State.MAIL_FAILED if self.reason else State.MAILED


class Packet(Aggregate):
    # Building 生成备案审核资料

    class PacketBuilt(Aggregate.Created):
        packet: UUID
        enterprise: UUID
        uscc: str
        name: str
        unit: str  # code of `reporting_unit`
        filings: tuple[Enclosed, ...]

    @staticmethod
    def create_id(packet: UUID) -> UUID:
        return packet

    @classmethod
    def build(
        cls,
        act: Act,
        packet: UUID,
        enterprise: UUID,
        *,
        uscc: str,
        name: str,
        unit: str,
        filings: tuple[Enclosed, ...],
    ) -> Packet:
        """A packet that waits for the form of each filing."""
        built = cls.PacketBuilt(
            act=act,
            packet=packet,
            enterprise=enterprise,
            uscc=uscc,
            name=name,
            unit=unit,
            filings=filings,
        )
        return cls.begin(cls.create_id(packet), built)

    @evolves(PacketBuilt)
    def _built(self, e: PacketBuilt) -> None:
        self.enterprise = e.enterprise
        self.uscc = e.uscc
        self.name = e.name
        self.unit = e.unit
        self.filings = e.filings
        self.built_at = e.act.at
        self.parts: dict[UUID, Part] = {}
        self.missed: dict[UUID, str] = {}
        self.attempts: tuple[Attempt, ...] = ()
        self.message_id = ""

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @property
    def state(self) -> State:
        if self.waiting:
            return State.PREPARING
        if self.missed:
            return State.INCOMPLETE
        return self.attempts[-1].state if self.attempts else State.READY

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

    @property
    def _unfinished(self) -> str | None:
        """Why it cannot be put together yet, or not any more."""
        if self.state is State.INCOMPLETE and TOO_LARGE in self.missed.values():
            return "packet_over_limit"
        return UNFINISHED.get(self.state)

    def findings_before_opening(self) -> list[Finding]:
        case = self._unfinished
        return [finding(STATE, case=case)] if case else []

    # A form arrives from the filing's owner, or cannot be made; what nobody waits for changes
    # nothing

    class PartArrived(Aggregate.Event):
        filing: UUID
        part: Part

    def take(self, act: Act, filing: UUID, part: Part) -> None:
        """What would make the packet larger than any may be is missed."""
        size = part.size_bytes + sum(each.size_bytes for each in self.parts.values())
        if size > MOST_BYTES:
            self.miss(act, filing, TOO_LARGE)
        elif filing in self.waiting:
            self.record(self.PartArrived(act=act, filing=filing, part=part))

    @evolves(PartArrived)
    def _part_arrived(self, e: PartArrived) -> None:
        self.parts[e.filing] = e.part

    class PartFailed(Aggregate.Event):
        filing: UUID
        reason: str

    def miss(self, act: Act, filing: UUID, reason: str) -> None:
        if filing in self.waiting:
            self.record(self.PartFailed(act=act, filing=filing, reason=reason))

    @evolves(PartFailed)
    def _part_failed(self, e: PartFailed) -> None:
        self.missed[e.filing] = e.reason

    # Mailing is asked for 发送至主管部门邮箱

    class MailAsked(Aggregate.Event):
        to: str
        subject: str
        # one for all attempts, so that a mailbox knows a second delivery of the same
        message_id: str

    def ask_mail(self, act: Act, addressee: Addressee, message_id: str) -> None:
        """Asked again after a failure, it is the same message."""
        refuse(self.findings_before_mailing(addressee))
        assert addressee.mailbox
        asked = self.MailAsked(
            act=act,
            to=addressee.mailbox,
            subject=self.subject_for(addressee),
            message_id=self.message_id or message_id,
        )
        self.record(asked)

    def actions(self, addressee: Addressee) -> dict[str, list[Finding]]:
        """What may be done with the packet, and what stands against it."""
        return {"mail": self.findings_before_mailing(addressee)}

    def findings_before_mailing(self, addressee: Addressee) -> list[Finding]:
        """The same answer for the command and for the allowed actions."""
        if case := self._unfinished or UNDERWAY.get(self.state):
            return [finding(STATE, case=case)]
        findings = []
        if self.mail_bytes > MOST_MAILED:
            findings.append(finding(STATE, case="packet_too_large"))
        if not addressee.mailbox:
            unit, unit_en = addressee.zh, addressee.en
            findings.append(finding(STATE, case="packet_no_mailbox", unit=unit, unit_en=unit_en))
        return findings

    def subject_for(self, addressee: Addressee) -> str:
        first, others = self.filings[0].receipt_no, len(self.filings) - 1
        receipts = f"{first}等{others + 1}件" if others else first
        named = addressee.subject_pattern.replace("{企业名称}", self.name)
        return one_line(named.replace("{回执号}", receipts))

    @evolves(MailAsked)
    def _mail_asked(self, e: MailAsked) -> None:
        self.message_id = e.message_id
        attempt = Attempt(e.to, e.subject, e.act.at, e.act.by.user, e.originator_version)
        self.attempts = (*self.attempts, attempt)

    # The mail server takes it, or does not; an outcome is told once

    class MailSent(Aggregate.Event):
        message_id: str
        sha256: str  # of the attached zip
        size_bytes: int

    def mailed(self, act: Act, sha256: str, size_bytes: int) -> None:
        if self.state is State.MAILING:
            sent = self.MailSent(
                act=act, message_id=self.message_id, sha256=sha256, size_bytes=size_bytes
            )
            self.record(sent)

    @evolves(MailSent)
    def _mail_sent(self, e: MailSent) -> None:
        self._end_attempt(e.act.at)

    class MailFailed(Aggregate.Event):
        message_id: str
        reason: str

    def fail(self, act: Act, reason: str) -> None:
        if self.state is State.MAILING:
            self.record(self.MailFailed(act=act, message_id=self.message_id, reason=reason))

    @evolves(MailFailed)
    def _mail_failed(self, e: MailFailed) -> None:
        self._end_attempt(e.act.at, e.reason)

    def _end_attempt(self, at: datetime, reason: str | None = None) -> None:
        *before, last = self.attempts
        self.attempts = (*before, replace(last, ended_at=at, reason=reason))


UNFINISHED = {State.PREPARING: "packet_preparing", State.INCOMPLETE: "packet_incomplete"}
UNDERWAY = {State.MAILING: "packet_mailing", State.MAILED: "packet_mailed"}


def findings_before_building(candidates: tuple[RequestedFiling, ...]) -> list[Finding]:
    """Only what lies with the authority goes into a packet."""
    return [
        finding(STATE, f"/filings/{number}", case="packet_not_sent", detail=each.enclosed.filing_no)
        for number, each in enumerate(candidates)
        if each.status not in SENDABLE
    ]
