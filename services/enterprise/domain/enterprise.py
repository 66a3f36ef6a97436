"""An enterprise: its basic information as saved, its filings with the authority, and the versions
the authority approved.

Saving is private; only sending starts a review. After the first approval the filed version is the
truth and changes only through a change filing, which never touches it before its own approval
(domain book 5.2, 5.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.content.enterprise import CertificateFlag, Information
from libs.filing.filing import Answer, Filing, Status, Type
from libs.filing.identifiers import enterprise_id
from libs.filing.rules import enterprise as rules
from libs.filing.rules import states
from libs.filing.subject import FilingSubject
from services.enterprise.domain import certificates


@dataclass(frozen=True)
class Version:
    """An approved version of the basic information: what everybody else reads."""

    number: int
    filing: UUID
    content: Information


@dataclass(frozen=True)
class Offer:
    """What the predecessor system (5.0) holds for this credit code."""

    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str
    content: Information


class Enterprise(FilingSubject):
    # What has happened

    class EnterpriseRegistered(Aggregate.Created):
        uscc: str
        name: str
        supervising_city_code: str

    class LegacyFilingFetched(Aggregate.Event):
        legacy_id: str
        filed_on: date
        sha256: str
        information: Information

    class EnterpriseInfoSaved(Aggregate.Event):
        information: Information

    class FilingDrafted(Aggregate.Event):
        filing: UUID
        type: Type
        filing_no: str
        base_version: int | None

    class FilingSaved(Aggregate.Event):
        filing: UUID
        status: Status  # RETURNED stays RETURNED
        content: Information

    class FilingSent(Aggregate.Event):
        filing: UUID
        type: Type
        filing_no: str
        receipt_no: str
        round: int
        base_version: int | None
        uscc: str
        name: str
        supervising_city_code: str
        established_on: date | None
        content: Information
        acknowledged: tuple[str, ...]
        answers: tuple[Answer, ...]

    class FilingApproved(Aggregate.Event):
        filing: UUID
        type: Type
        round: int
        decision: UUID
        filed_version: int
        name: str
        supervising_city_code: str
        established_on: date | None

    class CertificatesFlagged(Aggregate.Event):
        kind: str  # code list `certificate_flag`

    class CertificateFlagsLifted(Aggregate.Event):
        kind: str

    @staticmethod
    def create_id(uscc: str) -> UUID:
        """One enterprise per credit code: registering it twice is a conflict."""
        return enterprise_id(uscc)

    @property
    def owner(self) -> UUID:
        return self.id

    # What may be asked, and when

    def save_information(self, act: Act, information: Information) -> None:
        """保存: refused by blocking findings only."""
        refuse([f for f in self.findings_before_saving(information, act) if f.severity.blocks])
        self._enterprise_info_saved(act, information)

    def fetch_legacy(self, act: Act, offer: Offer | None, overwrite: bool) -> None:
        """获取企业备案信息: fills the page as a draft; nothing is filed by it and nothing approved
        is touched.
        """
        refuse(self.findings_before_fetching(offer, overwrite))
        assert offer
        self._legacy_filing_fetched(
            act, offer.legacy_id, offer.filed_on, offer.sha256, offer.content
        )

    def add_filing(self, act: Act, filing: UUID, type: Type, filing_no: str) -> None:
        refuse(self.findings_before_adding(type))
        self._filing_drafted(
            act,
            filing,
            type,
            filing_no,
            self.filed.number if type is Type.ENT_CHANGE and self.filed else None,
        )

    def save_filing(self, act: Act, filing: UUID, content: Information | None) -> None:
        """保存 of the filing: `None` takes the content as it stands (of an initial filing: the
        saved page).
        """
        current = self.filing(filing)
        content = content if content is not None else (self.content_of(current) or Information())
        refuse(
            [
                f
                for f in self.findings_before_saving_filing(current, content, act)
                if f.severity.blocks
            ]
        )
        self._filing_saved(act, filing, current.saved(content).status, content)

    def send_filing(
        self,
        act: Act,
        filing: UUID,
        receipt_no: str,
        acknowledged: tuple[str, ...] = (),
        answers: tuple[Answer, ...] = (),
    ) -> None:
        """在线发送. The first sending takes the receipt number given, later ones keep it."""
        current = self.filing(filing)
        refuse(self.findings_before_sending(current, act, answers), acknowledged)
        content = self.content_of(current)
        assert content
        self._filing_sent(
            act,
            filing,
            current.type,
            current.filing_no,
            current.receipt_no or receipt_no,
            current.round + 1,
            current.base_version,
            self.uscc,
            content.basic.name or "",
            self.unit(content),
            content.basic.established_on,
            content,
            tuple(sorted(acknowledged)),
            answers,
        )

    # What review said

    def approve(self, act: Act, current: Filing[Information], decision: UUID) -> None:
        before, content = self.filed, current.content
        assert content
        self._filing_approved(
            act,
            current.id,
            current.type,
            current.round,
            decision,
            len(self.versions) + 1,
            content.basic.name or "",
            self.unit(content),
            content.basic.established_on,
        )
        if before:
            self._filing_superseded(act, before.filing, current.id)

    def flag_certificates(self, act: Act, kind: str) -> None:
        """标注: by the authority, on what is filed; no filing changes it."""
        if self.filed and not certificates.is_flagged(self.filed.content, kind):
            self._certificates_flagged(act, kind)

    def lift_flags(self, act: Act, kind: str) -> None:
        if self.filed and certificates.is_flagged(self.filed.content, kind):
            self._certificate_flags_lifted(act, kind)

    # The same answers for the command, for `:check` and for the allowed actions

    def findings_before_saving(self, information: Information, act: Act) -> list[Finding]:
        returned = self.open_filing if self.open_filing and self.open_filing.is_editable else None
        findings = states.e04(filed=self.filed is not None) or (
            states.e24(self.open_filing.status) if self.open_filing else []
        )
        if returned and not findings:
            findings = self._only_what_was_returned(returned, information)
        return [*findings, *rules.before_saving(information, self.uscc, act.today)]

    def findings_before_fetching(self, offer: Offer | None, overwrite: bool) -> list[Finding]:
        sent = any(each.round for each in self.filings.values())
        findings = states.e20(
            offered=offer is not None, migrated=bool(offer and offer.migrated), sent=sent
        )
        return findings or (states.overwrites(page=self.page is not None, allowed=overwrite))

    def findings_before_adding(self, type: Type) -> list[Finding]:
        return [
            *states.e22(type, approved=self.filed is not None),
            *states.e21(open_filings=int(self.open_filing is not None)),
        ]

    def findings_before_saving_filing(
        self, current: Filing[Information], content: Information, act: Act
    ) -> list[Finding]:
        findings = states.e24(current.status) or self._only_what_was_returned(current, content)
        return [*findings, *rules.before_saving(content, self.uscc, act.today)]

    def findings_before_sending(
        self, current: Filing[Information], act: Act, answers: tuple[Answer, ...] = ()
    ) -> list[Finding]:
        if findings := states.e24(current.status):
            return findings
        content = self.content_of(current) or Information()
        others = tuple(
            each for each in self.filings.values() if each.is_open and each.id != current.id
        )
        findings = [
            *states.e21(open_filings=len(others)),
            *states.e22(current.type, approved=self.filed is not None),
        ]
        if current.type is Type.ENT_CHANGE and self.filed:
            findings += [
                *states.e26(current.base_version, self.filed.number),
                *states.e23(self.versions[(current.base_version or 1) - 1].content, content),
            ]
        if current.returned_items:
            findings += states.v14(
                current.returned_items, current.returned_content, content, answers
            )
        return [*findings, *rules.before_sending(content, self.uscc, act.today)]

    def actions_on_page(self, act: Act, offer: Offer | None) -> dict[str, list[Finding]]:
        """What may be done with the page, and what stands against each."""
        return {
            "save": self.findings_before_saving(self.page or Information(), act),
            "import_legacy": self.findings_before_fetching(offer, overwrite=True),
            "add_filing": self.findings_before_adding(
                Type.ENT_CHANGE if self.filed else Type.ENT_INIT
            ),
        }

    def _only_what_was_returned(
        self, current: Filing[Information], content: Information
    ) -> list[Finding]:
        before = self.content_of(current) or Information()
        return states.e28(current.status, before, content, current.returned_items)

    # What it is

    @property
    def filed(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    def content_of(self, filing: Filing[Information]) -> Information | None:
        """An initial filing files the page as it was last saved; a change filing has a copy of its
        own; what was sent is frozen.
        """
        if filing.type is Type.ENT_INIT and filing.is_editable:
            return self.page
        return filing.content

    def unit(self, content: Information) -> str:
        """The supervising unit: typed, else the city of registration."""
        return (
            content.basic.supervising_city_code
            or content.basic.city_code
            or self.supervising_city_code
        )

    # What each event changes: no rules here, history must always replay

    @event(EnterpriseRegistered)
    def __init__(self, act: Act, uscc: str, name: str, supervising_city_code: str) -> None:
        self.uscc, self.name, self.supervising_city_code = uscc, name, supervising_city_code
        self.page: Information | None = None
        self.fetched: Information | None = None  # as it came from 5.0
        self.is_saved = False  # what was fetched is a draft until it is saved
        self.filings: dict[UUID, Filing[Information]] = {}
        self.versions: tuple[Version, ...] = ()

    @event(LegacyFilingFetched)
    def _legacy_filing_fetched(
        self, act: Act, legacy_id: str, filed_on: date, sha256: str, information: Information
    ) -> None:
        self.page, self.fetched, self.is_saved = information, information, False

    @event(EnterpriseInfoSaved)
    def _enterprise_info_saved(self, act: Act, information: Information) -> None:
        self._save_page(information)

    @event(FilingDrafted)
    def _filing_drafted(
        self, act: Act, filing: UUID, type: Type, filing_no: str, base_version: int | None
    ) -> None:
        content = self.versions[base_version - 1].content if base_version else None
        self.filings[filing] = Filing(filing, type, filing_no, base_version, content)

    @event(FilingSaved)
    def _filing_saved(self, act: Act, filing: UUID, status: Status, content: Information) -> None:
        self.filings[filing] = self.filings[filing].saved(content)
        if self.filings[filing].type is Type.ENT_INIT:
            self._save_page(content)

    @event(FilingSent)
    def _filing_sent(
        self,
        act: Act,
        filing: UUID,
        type: Type,
        filing_no: str,
        receipt_no: str,
        round: int,
        base_version: int | None,
        uscc: str,
        name: str,
        supervising_city_code: str,
        established_on: date | None,
        content: Information,
        acknowledged: tuple[str, ...],
        answers: tuple[Answer, ...],
    ) -> None:
        self.filings[filing] = self.filings[filing].sent(
            content, receipt_no, act.at, self.version + 1
        )

    @event(FilingApproved)
    def _filing_approved(
        self,
        act: Act,
        filing: UUID,
        type: Type,
        round: int,
        decision: UUID,
        filed_version: int,
        name: str,
        supervising_city_code: str,
        established_on: date | None,
    ) -> None:
        current = self.filings[filing].approved(filed_version, act.at)
        self.filings[filing] = current
        assert current.content
        self.versions = (*self.versions, Version(filed_version, filing, current.content))
        self.page, self.name, self.supervising_city_code = (
            current.content,
            name,
            supervising_city_code,
        )

    @event(CertificatesFlagged)
    def _certificates_flagged(self, act: Act, kind: str) -> None:
        flag = CertificateFlag(kind=kind, since=act.today)
        self._mark(lambda page: certificates.flagged(page, flag))

    @event(CertificateFlagsLifted)
    def _certificate_flags_lifted(self, act: Act, kind: str) -> None:
        self._mark(lambda page: certificates.lifted(page, kind, act.today))

    def _mark(self, mark: Callable[[Information], Information]) -> None:
        """On everything that shows certificates; what was sent stays as it was sent."""
        self.versions = tuple(replace(each, content=mark(each.content)) for each in self.versions)
        self.page = mark(self.page) if self.page else None

    def _save_page(self, information: Information) -> None:
        self.page, self.is_saved = information, True
        self.name = information.basic.name or self.name
