"""An enterprise: its basic information as saved, its filings with the authority, and the versions
the authority approved.

Saving is private; only sending starts a review. After the first approval the filed version changes
only through a change filing, never before its own approval (domain book 5.2, 5.3).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.content.enterprise import Information
from libs.filing.filing import Answer, Filing, Status, Type
from libs.filing.identifiers import enterprise_id
from libs.filing.rules import enterprise as rules
from libs.filing.rules import states
from services.enterprise.information.filed import FiledEnterprise, FiledInformation
from services.enterprise.information.offer import LegacyOffer


class Enterprise(FiledEnterprise):
    # Registering

    class EnterpriseRegistered(Aggregate.Created):
        uscc: str
        name: str
        supervising_city_code: str

    @staticmethod
    def create_id(uscc: str) -> UUID:
        """One enterprise per credit code: registering it twice is a conflict."""
        return enterprise_id(uscc)

    @classmethod
    def register(cls, act: Act, uscc: str, name: str, supervising_city_code: str) -> Enterprise:
        registered = cls.EnterpriseRegistered(
            act=act, uscc=uscc, name=name, supervising_city_code=supervising_city_code
        )
        return cls.begin(cls.create_id(uscc), registered)

    @evolves(EnterpriseRegistered)
    def _registered(self, e: EnterpriseRegistered) -> None:
        self.uscc = e.uscc
        self.name = e.name
        self.supervising_city_code = e.supervising_city_code
        self.page: Information | None = None
        self.fetched: Information | None = None  # as it came from 5.0
        self.is_saved, self.authors = False, frozenset[str]()  # fetched, it is a draft until saved
        self.filings: dict[UUID, Filing[Information]] = {}
        self.versions: tuple[FiledInformation, ...] = ()

    @property
    def owner(self) -> UUID:
        return self.id

    def content_of(self, filing: Filing[Information]) -> Information | None:
        """An initial filing files the page as it was last saved; a change filing has a copy of its
        own; what was sent is frozen (decision 6).
        """
        if filing.type is Type.ENT_INIT and filing.is_editable:
            return self.page
        return filing.content

    def unit(self, content: Information) -> str:
        """The supervising unit: typed, else the city of registration."""
        basic = content.basic
        return basic.supervising_city_code or basic.city_code or self.supervising_city_code

    def actions_on_page(self, act: Act, offer: LegacyOffer | None) -> dict[str, list[Finding]]:
        """What may be done with the page, and what stands against each."""
        return {
            "save": self.findings_before_saving(self.page or Information(), act),
            "import_legacy": self.findings_before_fetching(offer, overwrite=True),
            "add_filing": self.findings_before_adding(
                Type.ENT_CHANGE if self.filed else Type.ENT_INIT
            ),
        }

    # The page: fetched from 5.0 获取企业备案信息

    class LegacyFilingFetched(Aggregate.Event):
        legacy_id: str
        filed_on: date
        sha256: str
        information: Information

    def fetch_legacy(self, act: Act, offer: LegacyOffer | None, overwrite: bool) -> None:
        """Fills the page as a draft; nothing is filed by it and nothing approved is touched."""
        refuse(self.findings_before_fetching(offer, overwrite))
        assert offer
        self.record(
            self.LegacyFilingFetched(
                act=act,
                legacy_id=offer.legacy_id,
                filed_on=offer.filed_on,
                sha256=offer.sha256,
                information=offer.content,
            )
        )

    def findings_before_fetching(self, offer: LegacyOffer | None, overwrite: bool) -> list[Finding]:
        sent = any(each.round for each in self.filings.values())
        offered, migrated = offer is not None, bool(offer and offer.migrated)
        findings = states.e20(offered=offered, migrated=migrated, sent=sent)
        return findings or states.overwrites(page=self.page is not None, allowed=overwrite)

    @evolves(LegacyFilingFetched)
    def _legacy_filing_fetched(self, e: LegacyFilingFetched) -> None:
        self.page = e.information
        self.fetched = e.information
        self.is_saved = False

    # The page: saved 保存

    class EnterpriseInfoSaved(Aggregate.Event):
        information: Information

    def save_information(self, act: Act, information: Information) -> None:
        """Refused by blocking findings only."""
        refuse([f for f in self.findings_before_saving(information, act) if f.severity.blocks])
        self.record(self.EnterpriseInfoSaved(act=act, information=information))

    def findings_before_saving(self, information: Information, act: Act) -> list[Finding]:
        current = self.open_filing
        findings = states.e04(filed=self.filed is not None)
        if current and not findings:
            findings = states.e24(current.status)
        if current and current.is_editable and not findings:
            findings = self._only_what_was_returned(current, information)
        return [*findings, *rules.before_saving(information, self.uscc, act.today)]

    @evolves(EnterpriseInfoSaved)
    def _information_saved(self, e: EnterpriseInfoSaved) -> None:
        self.authors |= e.act.by.accounts
        self._save_page(e.information)

    def _save_page(self, information: Information) -> None:
        self.page = information
        self.is_saved = True
        self.name = information.basic.name or self.name

    # A filing is added 添加

    class FilingDrafted(Aggregate.Event):
        filing: UUID
        type: Type
        filing_no: str
        base_version: int | None

    def add_filing(self, act: Act, filing: UUID, type: Type, filing_no: str) -> None:
        refuse(self.findings_before_adding(type))
        base = self.filed.number if type is Type.ENT_CHANGE and self.filed else None
        self.record(
            self.FilingDrafted(
                act=act, filing=filing, type=type, filing_no=filing_no, base_version=base
            )
        )

    def findings_before_adding(self, type: Type) -> list[Finding]:
        """Of first filings there is one, which files the page."""
        findings = [
            *states.e22(type, approved=self.filed is not None),
            *states.e21(open_filings=int(self.open_filing is not None)),
        ]
        return findings or states.begun(first=type is Type.ENT_INIT and self.first_is_begun)

    @evolves(FilingDrafted)
    def _filing_drafted(self, e: FilingDrafted) -> None:
        content = self.versions[e.base_version - 1].content if e.base_version else None
        self.filings[e.filing] = Filing(e.filing, e.type, e.filing_no, e.base_version, content)

    # A filing is saved 保存

    class FilingSaved(Aggregate.Event):
        filing: UUID
        status: Status  # RETURNED stays RETURNED
        content: Information

    def save_filing(self, act: Act, filing: UUID, content: Information | None) -> None:
        """`None` takes the content as it stands (of an initial filing: the saved page)."""
        current = self.filing(filing)
        content = content if content is not None else (self.content_of(current) or Information())
        findings = self.findings_before_saving_filing(current, content, act)
        refuse([f for f in findings if f.severity.blocks])
        status = current.saved(content).status
        self.record(self.FilingSaved(act=act, filing=filing, status=status, content=content))

    def findings_before_saving_filing(
        self, current: Filing[Information], content: Information, act: Act
    ) -> list[Finding]:
        findings = (
            states.e24(current.status)
            or self._against_first(current)
            or self._only_what_was_returned(current, content)
        )
        return [*findings, *rules.before_saving(content, self.uscc, act.today)]

    def _against_first(self, current: Filing[Information]) -> list[Finding]:
        """A first filing is saved into the page, which others may have locked."""
        if current.type is not Type.ENT_INIT:
            return []
        findings, other = states.e04(filed=self.filed is not None), self.open_beside(current.id)
        if other and not findings:
            findings = states.e24(other.status) or states.e21(open_filings=1)
        return findings

    def _only_what_was_returned(
        self, current: Filing[Information], content: Information
    ) -> list[Finding]:
        before = self.content_of(current) or Information()
        return states.e28(current.status, before, content, current.returned_items)

    @evolves(FilingSaved)
    def _filing_saved(self, e: FilingSaved) -> None:
        self.authors |= e.act.by.accounts
        self.filings[e.filing] = self.filings[e.filing].saved(e.content)
        if self.filings[e.filing].type is Type.ENT_INIT:
            self._save_page(e.content)

    # A filing is sent 在线发送

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
        authors: tuple[str, ...] = ()  # beside the sender: who saved it, and who is behind them
        SCHEMA: ClassVar[int] = 2

    def send_filing(
        self,
        act: Act,
        filing: UUID,
        receipt_no: str,
        acknowledged: tuple[str, ...] = (),
        answers: tuple[Answer, ...] = (),
    ) -> None:
        """The first sending takes the receipt number given, later ones keep it."""
        current = self.filing(filing)
        refuse(self.findings_before_sending(current, act, answers), acknowledged)
        content = self.content_of(current)
        assert content
        self.record(
            self.FilingSent(
                act=act,
                filing=filing,
                type=current.type,
                filing_no=current.filing_no,
                receipt_no=current.receipt_no or receipt_no,
                round=current.round + 1,
                base_version=current.base_version,
                uscc=self.uscc,
                name=content.basic.name or "",
                supervising_city_code=self.unit(content),
                established_on=content.basic.established_on,
                content=content,
                acknowledged=tuple(sorted(acknowledged)),
                answers=answers,
                authors=self.authors_beside(act),
            )
        )

    def findings_before_sending(
        self, current: Filing[Information], act: Act, answers: tuple[Answer, ...] = ()
    ) -> list[Finding]:
        """The same answer for the command, for `:check` and for the allowed actions."""
        if findings := states.e24(current.status):
            return findings
        content = self.content_of(current) or Information()
        saved = self.is_saved or current.type is not Type.ENT_INIT
        findings = [
            *states.unsaved(current.status, page_saved=saved),
            *states.e21(open_filings=int(self.open_beside(current.id) is not None)),
            *states.e22(current.type, approved=self.filed is not None),
        ]
        if current.type is Type.ENT_CHANGE and self.filed:
            base = self.versions[(current.base_version or 1) - 1]
            findings += states.e26(current.base_version, self.filed.number)
            findings += states.e23(base.content, content)
        if current.returned_items:
            returned = current.returned_content
            findings += states.v14(current.returned_items, returned, content, answers)
        return [*findings, *rules.before_sending(content, self.uscc, act.today)]

    @evolves(FilingSent)
    def _filing_sent(self, e: FilingSent) -> None:
        current = self.filings[e.filing]
        self.filings[e.filing] = current.sent(
            e.content,
            e.receipt_no,
            e.act.at,
            e.originator_version,
            answers=e.answers,
            acknowledged=e.acknowledged,
        )
        if e.type is Type.ENT_INIT:  # until it is approved, all that others know it by
            self.name = e.name or self.name

    # A filing is approved

    class FilingApproved(Aggregate.Event):
        filing: UUID
        type: Type
        round: int
        decision: UUID
        filed_version: int
        name: str
        supervising_city_code: str
        established_on: date | None

    def approve(self, act: Act, current: Filing[Information], decision: UUID) -> None:
        """What was sent is the filed version from now on; the one before is superseded."""
        before, content = self.filed, current.content
        assert content
        self.record(
            self.FilingApproved(
                act=act,
                filing=current.id,
                type=current.type,
                round=current.round,
                decision=decision,
                filed_version=len(self.versions) + 1,
                name=content.basic.name or "",
                supervising_city_code=self.unit(content),
                established_on=content.basic.established_on,
            )
        )
        if before:
            superseded = self.FilingSuperseded(
                act=act, filing=before.filing, superseded_by=current.id
            )
            self.record(superseded)

    @evolves(FilingApproved)
    def _filing_approved(self, e: FilingApproved) -> None:
        current = self.filings[e.filing].approved(e.filed_version, e.act.at)
        assert current.content
        self.filings[e.filing] = current
        self.versions = (
            *self.versions,
            FiledInformation(e.filed_version, e.filing, current.content),
        )
        self.page = current.content
        self.name = e.name
        self.supervising_city_code = e.supervising_city_code
