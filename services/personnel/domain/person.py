"""A technical person as one enterprise keeps him: his data as saved, his filings, and the versions
the authority approved.

A person leaves the enterprise by an approved release; his stream stays, and he may be filed again
later (domain book 4.2, 5.2–5.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act, Value
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Answer, Filing, Status, Type
from libs.filing.rules import person as rules
from libs.filing.rules import states
from libs.filing.subject import FilingSubject

Filed = Content | Release


@dataclass(frozen=True)
class Version:
    """An approved version of the person: what everybody else reads."""

    number: int
    filing: UUID
    content: Content
    person_key: str | None


class Sender(Value):
    """The enterprise as the directory knows it at the sending."""

    uscc: str
    name: str
    supervising_city_code: str


class Person(FilingSubject):
    # What has happened

    class PersonAdded(Aggregate.Created):
        person: UUID
        enterprise: UUID
        content: Content
        person_key: str | None  # keyed hash of document type and number

    class PersonSaved(Aggregate.Event):
        content: Content
        person_key: str | None

    class FilingDrafted(Aggregate.Event):
        filing: UUID
        type: Type
        filing_no: str
        base_version: int | None
        release: Release | None

    class FilingSaved(Aggregate.Event):
        filing: UUID
        type: Type
        status: Status  # RETURNED stays RETURNED
        content: Content | None
        release: Release | None
        person_key: str | None

    class FilingSent(Aggregate.Event):
        filing: UUID
        type: Type
        filing_no: str
        receipt_no: str
        batch_no: str
        round: int
        base_version: int | None
        sender: Sender
        content: Content | None
        release: Release | None
        person_key: str | None
        acknowledged: tuple[str, ...]
        answers: tuple[Answer, ...]

    class FilingApproved(Aggregate.Event):
        filing: UUID
        type: Type
        round: int
        decision: UUID
        filed_version: int
        # by a release: what the person is to the enterprise from now on (code list
        # `employment_status`)
        released_as: str | None

    @staticmethod
    def create_id(person: UUID) -> UUID:
        """Random: a mistyped document number stays correctable."""
        return person

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # What may be asked, and when

    def save(self, act: Act, content: Content, person_key: str | None, facts: PersonFacts) -> None:
        """保存: refused by blocking findings only."""
        refuse([f for f in self.findings_before_saving(content, act, facts) if f.severity.blocks])
        self._person_saved(act, content, person_key)

    def add_filing(
        self, act: Act, filing: UUID, type: Type, filing_no: str, release: Release | None = None
    ) -> None:
        """添加, 下载, 离职: an initial filing of the saved person, or a change or release of the
        filed one.
        """
        refuse(self.findings_before_adding(type))
        base = self.filed.number if self.filed and type is not Type.PER_INIT else None
        self._filing_drafted(act, filing, type, filing_no, base, release)

    def save_filing(
        self,
        act: Act,
        filing: UUID,
        content: Filed | None,
        person_key: str | None,
        facts: PersonFacts,
    ) -> None:
        """保存 of the filing: `None` takes the content as it stands (of an initial filing: the
        saved person).
        """
        current = self.filing(filing)
        content = content if content is not None else self.content_of(current)
        refuse(
            [
                f
                for f in self.findings_before_saving_filing(current, content, act, facts)
                if f.severity.blocks
            ]
        )
        person, release = _parts(content)
        self._filing_saved(
            act, filing, current.type, current.saved(content).status, person, release, person_key
        )

    def send_filing(
        self,
        act: Act,
        filing: UUID,
        sender: Sender,
        receipt_no: str,
        batch_no: str,
        facts: PersonFacts,
        acknowledged: tuple[str, ...] = (),
        answers: tuple[Answer, ...] = (),
    ) -> None:
        """在线发送. The first sending takes the receipt number given, later ones keep it."""
        current = self.filing(filing)
        refuse(self.findings_before_sending(current, act, facts, answers), acknowledged)
        person, release = _parts(self.content_of(current))
        self._filing_sent(
            act,
            filing,
            current.type,
            current.filing_no,
            current.receipt_no or receipt_no,
            batch_no,
            current.round + 1,
            current.base_version,
            sender,
            person,
            release,
            self.key_of(current),
            tuple(sorted(acknowledged)),
            answers,
        )

    def approve(self, act: Act, current: Filing[Filed], decision: UUID) -> None:
        before, content = self.filed, current.content
        released_as = rules.status_after(content) if isinstance(content, Release) else None
        number = len(self.versions) + (released_as is None)
        self._filing_approved(
            act, current.id, current.type, current.round, decision, number, released_as
        )
        if before:
            self.record(
                self.FilingSuperseded(act=act, filing=before.filing, superseded_by=current.id)
            )

    # The same answers for the command, for `:check` and for the allowed actions

    def findings_before_saving(
        self, content: Content, act: Act, facts: PersonFacts
    ) -> list[Finding]:
        current = self.open_filing
        locked = states.e24(current.status) if current else []
        returned = self._only_what_was_returned(current, content) if current and not locked else []
        return [
            *locked,
            *returned,
            *rules.before_saving(content, act.today, facts, filed=self.filed is not None),
        ]

    def findings_before_adding(self, type: Type) -> list[Finding]:
        status = self.open_filing.status if self.open_filing else None
        return rules.p28(type, saved=True, filed=self.filed is not None, open_filing=status)

    def findings_before_saving_filing(
        self, current: Filing[Filed], content: Filed, act: Act, facts: PersonFacts
    ) -> list[Finding]:
        findings = states.e24(current.status) or self._only_what_was_returned(current, content)
        return [
            *findings,
            *(
                rules.before_saving(content, act.today, facts)
                if isinstance(content, Content)
                else []
            ),
        ]

    def findings_before_sending(
        self, current: Filing[Filed], act: Act, facts: PersonFacts, answers: tuple[Answer, ...] = ()
    ) -> list[Finding]:
        if findings := states.e24(current.status):
            return findings
        content = self.content_of(current)
        others = [each for each in self.filings.values() if each.is_open and each.id != current.id]
        findings = [
            *rules.p08(open_filings=len(others)),
            *states.v14(current.returned_items, current.returned_content, content, answers),
        ]
        if current.base_version is not None:
            findings += rules.p21(current.base_version, self.filed.number if self.filed else 0)
        if isinstance(content, Release):
            return [*findings, *rules.before_releasing(self.saved, content, act.today, facts)]
        if current.type is Type.PER_CHANGE and current.base_version:
            findings += states.e23(self.versions[current.base_version - 1].content, content)
        return [*findings, *rules.before_sending(content, act.today, facts)]

    def _only_what_was_returned(self, current: Filing[Filed], content: Filed) -> list[Finding]:
        return states.e28(current.status, self.content_of(current), content, current.returned_items)

    # What it is

    @property
    def filed(self) -> Version | None:
        """The approved version that holds; none before the first approval and after a release."""
        return self.versions[-1] if self.versions and self.released_as is None else None

    def content_of(self, filing: Filing[Filed]) -> Filed:
        """An initial filing files the person as last saved; a change filing has a copy of its own;
        what was sent is frozen.
        """
        if filing.type is Type.PER_INIT and filing.is_editable:
            return self.saved
        return (
            filing.content
            if filing.content is not None
            else (Release() if filing.type is Type.PER_RELEASE else self.saved)
        )

    def key_of(self, filing: Filing[Filed]) -> str | None:
        """The document that the filing is about."""
        return (
            self.person_key
            if filing.type is Type.PER_INIT and filing.is_editable
            else self.keys.get(filing.id, self.person_key)
        )

    @property
    def claims(self) -> frozenset[str]:
        """Keys of persons that this enterprise holds through him: while a filing is open, and as
        long as he is filed.
        """
        pending = {
            self.keys.get(each.id)
            for each in self.filings.values()
            if each.is_open and each.type is not Type.PER_RELEASE
        }
        held = {self.filed.person_key} if self.filed else set()
        return frozenset(key for key in pending | held if key)

    # What each event changes: no rules here, history must always replay

    @event(PersonAdded)
    def __init__(
        self, act: Act, person: UUID, enterprise: UUID, content: Content, person_key: str | None
    ) -> None:
        self.enterprise = enterprise
        self.saved, self.person_key = content, person_key
        self.filings: dict[UUID, Filing[Filed]] = {}
        self.keys: dict[UUID, str | None] = {}  # of each filing, the document it is about
        self.versions: tuple[Version, ...] = ()
        self.released_as: str | None = None

    @event(PersonSaved)
    def _person_saved(self, act: Act, content: Content, person_key: str | None) -> None:
        self.saved, self.person_key = content, person_key

    @event(FilingDrafted)
    def _filing_drafted(
        self,
        act: Act,
        filing: UUID,
        type: Type,
        filing_no: str,
        base_version: int | None,
        release: Release | None,
    ) -> None:
        content: Filed | None = release
        if type is Type.PER_CHANGE and base_version:
            content = self.versions[base_version - 1].content
            self.keys[filing] = self.versions[base_version - 1].person_key
        self.filings[filing] = Filing(filing, type, filing_no, base_version, content)

    @event(FilingSaved)
    def _filing_saved(
        self,
        act: Act,
        filing: UUID,
        type: Type,
        status: Status,
        content: Content | None,
        release: Release | None,
        person_key: str | None,
    ) -> None:
        self.filings[filing] = self.filings[filing].saved(content or release or Release())
        self.keys[filing] = person_key
        if type is Type.PER_INIT and content:
            self.saved, self.person_key = content, person_key

    @event(FilingSent)
    def _filing_sent(
        self,
        act: Act,
        filing: UUID,
        type: Type,
        filing_no: str,
        receipt_no: str,
        batch_no: str,
        round: int,
        base_version: int | None,
        sender: Sender,
        content: Content | None,
        release: Release | None,
        person_key: str | None,
        acknowledged: tuple[str, ...],
        answers: tuple[Answer, ...],
    ) -> None:
        filed = content or release or Release()
        self.filings[filing] = self.filings[filing].sent(
            filed, receipt_no, act.at, self.version + 1, batch_no
        )
        self.keys[filing] = person_key

    @event(FilingApproved)
    def _filing_approved(
        self,
        act: Act,
        filing: UUID,
        type: Type,
        round: int,
        decision: UUID,
        filed_version: int,
        released_as: str | None,
    ) -> None:
        current = self.filings[filing].approved(filed_version, act.at)
        self.filings[filing], self.released_as = current, released_as
        if isinstance(current.content, Content):
            self.versions = (
                *self.versions,
                Version(filed_version, filing, current.content, self.keys.get(filing)),
            )
            self.saved, self.person_key = current.content, self.keys.get(filing)


def _parts(content: Filed) -> tuple[Content | None, Release | None]:
    return (content, None) if isinstance(content, Content) else (None, content)
