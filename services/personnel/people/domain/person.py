"""A technical person as one enterprise keeps them: data as saved, filings, and the versions the
authority approved.

A person leaves the enterprise by an approved release; the stream stays, and they may be filed
again later (domain book 4.2, 5.2–5.5).
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from libs.events.aggregate import Aggregate, DomainEvent, evolves
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.content.person import Person as Content
from libs.filing.content.person import Release, derived, following
from libs.filing.facts.person import PersonFacts
from libs.filing.filing import Answer, Filing, Status, Type
from libs.filing.rules import person as rules
from libs.filing.rules import states
from libs.filing.subject import FilingSubject
from services.personnel.people.domain.filed import (
    Filed,
    FiledPersonVersion,
    FilingToSend,
    Sender,
    completed,
    parts,
)


class PersonDataSaved(DomainEvent):
    """What every event that carries the person's own data says."""

    content: Content
    person_key: str | None  # keyed hash of document type and number


class AboutFiling(DomainEvent):
    """What every event of the person's own filings says."""

    filing: UUID
    type: Type


class Filled(DomainEvent):
    """What a filing says when it is saved or sent: of a release, the release alone."""

    content: Content | None
    release: Release | None
    person_key: str | None

    @property
    def filed(self) -> Filed:
        return self.content or self.release or Release()


class Person(FilingSubject):
    # Adding 添加

    class PersonAdded(PersonDataSaved, Aggregate.Created):
        person: UUID
        enterprise: UUID

    @staticmethod
    def create_id(person: UUID) -> UUID:
        """Random: a mistyped document number stays correctable."""
        return person

    @classmethod
    def add(cls, act: Act, person: UUID, enterprise: UUID) -> Person:
        """Somebody of whom nothing is known until they are saved."""
        added = cls.PersonAdded(
            act=act, person=person, enterprise=enterprise, content=Content(), person_key=None
        )
        return cls.begin(cls.create_id(person), added)

    @evolves(PersonAdded)
    def _added(self, e: PersonAdded) -> None:
        self.enterprise = e.enterprise
        self.saved, self.person_key = e.content, e.person_key
        self.filings: dict[UUID, Filing[Filed]] = {}
        self.keys: dict[UUID, str | None] = {}  # of each filing, the document it is about
        self.versions: tuple[FiledPersonVersion, ...] = ()
        self.released_as: str | None = None
        self.authors: frozenset[str] = frozenset()

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @property
    def filed(self) -> FiledPersonVersion | None:
        """The approved version that holds; none before the first approval and after a release."""
        return self.versions[-1] if self.versions and self.released_as is None else None

    def content_of(self, filing: Filing[Filed]) -> Filed:
        """An initial filing files the person as last saved; a change filing has a copy of its own;
        what was sent is frozen.
        """
        if filing.type is Type.PER_INIT and filing.is_editable:
            return self.saved
        if filing.content is not None:
            return filing.content
        return Release() if filing.type is Type.PER_RELEASE else self.saved

    def key_of(self, filing: Filing[Filed]) -> str | None:
        """The document that the filing is about."""
        if filing.type is Type.PER_INIT and filing.is_editable:
            return self.person_key
        return self.keys.get(filing.id, self.person_key)

    def actions(self, saving: list[Finding]) -> dict[str, list[Finding]]:
        """What may be done with the person, and what is against each; `saving`: what is against
        saving them.
        """
        return {
            "save": saving,
            "add_filing": self.findings_before_adding(Type.PER_INIT),
            "download": self.findings_before_adding(Type.PER_CHANGE),
            "release": self.findings_before_adding(Type.PER_RELEASE),
        }

    # The person is saved 保存

    class PersonSaved(PersonDataSaved, Aggregate.Event):
        pass

    def save(self, act: Act, content: Content, person_key: str | None, facts: PersonFacts) -> None:
        """With what its number says. Refused by blocking findings only."""
        content = derived(content, self.saved)
        refuse([f for f in self.findings_before_saving(content, act, facts) if f.severity.blocks])
        self.record(self.PersonSaved(act=act, content=content, person_key=person_key))

    def findings_before_saving(
        self, content: Content, act: Act, facts: PersonFacts
    ) -> list[Finding]:
        current, filed = self.open_filing, self.filed is not None
        locked: list[Finding] = []
        if current and not filed:
            locked = states.e24(current.status) or self._only_what_was_returned(current, content)
        return [*locked, *rules.before_saving(content, act.today, facts, filed=filed)]

    def _only_what_was_returned(self, current: Filing[Filed], content: Filed) -> list[Finding]:
        """What the number says follows it."""
        before = self.content_of(current)
        if isinstance(before, Content) and isinstance(content, Content):
            before = before.model_copy(update=following(content, before))
        return states.e28(current.status, before, content, current.returned_items)

    @evolves(PersonSaved)
    def _saved(self, e: PersonSaved) -> None:
        self.authors |= e.act.by.accounts
        self.saved, self.person_key = e.content, e.person_key

    # A filing is added 添加, 下载, 离职

    class FilingDrafted(AboutFiling, Aggregate.Event):
        filing_no: str
        base_version: int | None
        release: Release | None

    def add_filing(
        self, act: Act, filing: UUID, type: Type, filing_no: str, release: Release | None = None
    ) -> None:
        """An initial filing of the saved person, or a change or release of the filed one."""
        refuse(self.findings_before_adding(type))
        drafted = self.FilingDrafted(
            act=act,
            filing=filing,
            type=type,
            filing_no=filing_no,
            base_version=self.filed.number if self.filed and type is not Type.PER_INIT else None,
            release=release,
        )
        self.record(drafted)

    def findings_before_adding(self, type: Type) -> list[Finding]:
        """Of first filings there is one, which files the person as saved."""
        status = self.open_filing.status if self.open_filing else None
        fits = rules.p28(type, saved=True, filed=self.filed is not None, open_filing=status)
        return fits or states.begun(first=type is Type.PER_INIT and self.first_is_begun)

    @evolves(FilingDrafted)
    def _filing_drafted(self, e: FilingDrafted) -> None:
        content: Filed | None = e.release
        if e.type is Type.PER_CHANGE and e.base_version:
            base = self.versions[e.base_version - 1]
            content, self.keys[e.filing] = base.content, base.person_key
        self.filings[e.filing] = Filing(e.filing, e.type, e.filing_no, e.base_version, content)

    # A filing is saved 保存

    class FilingSaved(AboutFiling, Filled, Aggregate.Event):
        status: Status  # RETURNED stays RETURNED

    def save_filing(
        self,
        act: Act,
        filing: UUID,
        content: Filed | None,
        person_key: str | None,
        facts: PersonFacts,
    ) -> None:
        """`None` takes the content as it stands (of an initial filing: the saved person)."""
        current = self.filing(filing)
        before = self.content_of(current)
        content = completed(content if content is not None else before, before)
        findings = self.findings_before_saving_filing(current, content, act, facts)
        refuse([f for f in findings if f.severity.blocks])
        person, release = parts(content)
        saved = self.FilingSaved(
            act=act,
            filing=filing,
            type=current.type,
            status=current.saved(content).status,
            content=person,
            release=release,
            person_key=person_key,
        )
        self.record(saved)

    def findings_before_saving_filing(
        self, current: Filing[Filed], content: Filed, act: Act, facts: PersonFacts
    ) -> list[Finding]:
        findings = (
            states.e24(current.status)
            or self._against_saving(current)
            or self._only_what_was_returned(current, content)
        )
        if isinstance(content, Release):
            return findings
        return [*findings, *rules.before_saving(content, act.today, facts)]

    def _against_saving(self, current: Filing[Filed]) -> list[Finding]:
        """A first filing is saved as the person, whom another may have locked; a change or release
        is of a filed one.
        """
        if current.type is not Type.PER_INIT:
            return self._against_type(current)
        findings, other = rules.p27(filed=self.filed is not None), self.open_beside(current.id)
        if other and not findings:
            findings = states.e24(other.status) or rules.p08(open_filings=1)
        return findings

    def _against_type(self, current: Filing[Filed]) -> list[Finding]:
        filed = self.filed is not None
        return rules.p28(current.type, saved=True, filed=filed, open_filing=None)

    @evolves(FilingSaved)
    def _filing_saved(self, e: FilingSaved) -> None:
        self.authors |= e.act.by.accounts
        self.filings[e.filing] = self.filings[e.filing].saved(e.filed)
        self.keys[e.filing] = e.person_key
        if e.type is Type.PER_INIT and e.content:
            self.saved, self.person_key = e.content, e.person_key

    # A filing is sent 在线发送

    class FilingSent(AboutFiling, Filled, Aggregate.Event):
        filing_no: str
        receipt_no: str
        batch_no: str
        round: int
        base_version: int | None
        sender: Sender
        acknowledged: tuple[str, ...]
        answers: tuple[Answer, ...]
        authors: tuple[str, ...] = ()  # beside the sender: who saved it, and who is behind them
        SCHEMA: ClassVar[int] = 2

    def send_filing(
        self,
        act: Act,
        sending: FilingToSend,
        sender: Sender,
        facts: PersonFacts,
        *,
        receipt_no: str,
        batch_no: str,
    ) -> None:
        """The first sending takes the receipt number given, later ones keep it."""
        current = self.filing(sending.filing)
        findings = self.findings_before_sending(current, act, facts, sending.answers)
        refuse(findings, sending.acknowledged)
        sent = self.FilingSent(
            act=act,
            receipt_no=current.receipt_no or receipt_no,
            batch_no=batch_no,
            sender=sender,
            acknowledged=tuple(sorted(sending.acknowledged)),
            answers=sending.answers,
            authors=self.authors_beside(act),
            **self._frozen(current),
        )
        self.record(sent)

    def _frozen(self, current: Filing[Filed]) -> dict[str, Any]:
        """What its next round says of the filing, by field of the event."""
        content = self.content_of(current)
        person, release = parts(completed(content, content))
        return {
            "filing": current.id,
            "type": current.type,
            "filing_no": current.filing_no,
            "round": current.round + 1,
            "base_version": current.base_version,
            "content": person,
            "release": release,
            "person_key": self.key_of(current),
        }

    def findings_before_sending(
        self, current: Filing[Filed], act: Act, facts: PersonFacts, answers: tuple[Answer, ...] = ()
    ) -> list[Finding]:
        """The same answer for the command, for `:check` and for the allowed actions."""
        if findings := states.e24(current.status):
            return findings
        content = self.content_of(current)
        return [
            *states.unsaved(current.status),
            *rules.p08(open_filings=int(self.open_beside(current.id) is not None)),
            *states.v14(current.returned_items, current.returned_content, content, answers),
            *(self._against_type(current) or self._against_base(current)),
            *self._against_content(current, content, act, facts),
        ]

    def _against_base(self, current: Filing[Filed]) -> list[Finding]:
        """A change or release is made from the approved version that holds."""
        if current.base_version is None:
            return []
        return rules.p21(current.base_version, self.filed.number if self.filed else 0)

    def _against_content(
        self, current: Filing[Filed], content: Filed, act: Act, facts: PersonFacts
    ) -> list[Finding]:
        if isinstance(content, Release):
            return rules.before_releasing(self.saved, content, act.today, facts)
        findings = rules.before_sending(content, act.today, facts)
        if current.type is not Type.PER_CHANGE or not current.base_version:
            return findings
        base = self.versions[current.base_version - 1]
        return [*states.e23(base.content, content), *findings]

    @evolves(FilingSent)
    def _filing_sent(self, e: FilingSent) -> None:
        self.filings[e.filing] = self.filings[e.filing].sent(
            e.filed,
            e.receipt_no,
            e.act.at,
            e.originator_version,
            answers=e.answers,
            acknowledged=e.acknowledged,
            batch_no=e.batch_no,
        )
        self.keys[e.filing] = e.person_key

    # A filing is approved

    class FilingApproved(AboutFiling, Aggregate.Event):
        round: int
        decision: UUID
        filed_version: int
        # by a release: what the person is to the enterprise from now on (code list
        # `employment_status`)
        released_as: str | None

    def approve(self, act: Act, current: Filing[Filed], decision: UUID) -> None:
        """What was sent is the filed version from now on, or nothing is after a release; the one
        before is superseded.
        """
        before, content = self.filed, current.content
        released_as = rules.status_after(content) if isinstance(content, Release) else None
        approved = self.FilingApproved(
            act=act,
            filing=current.id,
            type=current.type,
            round=current.round,
            decision=decision,
            filed_version=len(self.versions) + (released_as is None),
            released_as=released_as,
        )
        self.record(approved)
        if before:
            superseded = self.FilingSuperseded(
                act=act, filing=before.filing, superseded_by=current.id
            )
            self.record(superseded)

    @evolves(FilingApproved)
    def _filing_approved(self, e: FilingApproved) -> None:
        current = self.filings[e.filing].approved(e.filed_version, e.act.at)
        self.filings[e.filing], self.released_as = current, e.released_as
        if isinstance(current.content, Content):
            key = self.keys.get(e.filing)
            version = FiledPersonVersion(e.filed_version, e.filing, current.content, key)
            self.versions = (*self.versions, version)
            self.saved, self.person_key = current.content, key
