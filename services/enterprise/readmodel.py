"""Lists of enterprises, of their filings and packets, and what personnel tells of people's
filings. Items are read from their streams; names stand here because lists show and search them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from libs.events.contracts import personnel
from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import Recorded
from libs.filing.filing import Status
from libs.filing.statuses import follow_statuses
from services.enterprise.domain.enterprise import Enterprise
from services.enterprise.domain.legacy import LegacyFiling
from services.enterprise.domain.packet import Packet, State


@dataclass(frozen=True)
class EnterpriseRow:
    id: UUID
    uscc: str
    name: str
    supervising_city_code: str
    registered_at: datetime
    is_saved: bool = False
    filed_version: int | None = None


enterprises = ReadModel("enterprises", EnterpriseRow)


@dataclass(frozen=True)
class FilingRow:
    id: UUID
    enterprise: UUID
    type: str
    filing_no: str
    status: str
    round: int
    drafted_at: datetime
    base_version: int | None = None
    receipt_no: str | None = None
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    filed_version: int | None = None


filings = ReadModel(
    "filings", FilingRow, indexes={"filings_by_enterprise": "(enterprise, drafted_at)"}
)


@dataclass(frozen=True)
class LegacyFilingRow:
    id: UUID
    uscc: str
    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str


legacy_filings = ReadModel("legacy_filings", LegacyFilingRow)


@dataclass(frozen=True)
class PacketRow:
    id: UUID
    enterprise: UUID
    unit: str
    filings: int
    built_at: datetime
    mail: str | None = None  # of the last attempt: MAILING, MAILED, MAIL_FAILED
    sent_at: datetime | None = None


packet_rows = ReadModel("packets", PacketRow, indexes={"packets_by_enterprise": "(enterprise, id)"})


@dataclass(frozen=True)
class PersonFilingRow:
    filing: UUID
    person: UUID
    enterprise: UUID
    type: str
    filing_no: str
    status: str
    round: int
    receipt_no: str | None = None
    batch_no: str | None = None


person_filing_rows = ReadModel("person_filings", PersonFilingRow, key=("filing",))


@enterprises.on(Enterprise.EnterpriseRegistered)
def _registered(e: Enterprise.EnterpriseRegistered, at: Recorded) -> Iterator[Change]:
    yield enterprises.put(
        EnterpriseRow(
            id=at.stream,
            uscc=e.uscc,
            name=e.name,
            supervising_city_code=e.supervising_city_code,
            registered_at=e.act.at,
            is_saved=False,
        )
    )


@enterprises.on(Enterprise.EnterpriseInfoSaved)
def _saved(e: Enterprise.EnterpriseInfoSaved, at: Recorded) -> Iterator[Change]:
    name = {"name": e.information.basic.name} if e.information.basic.name else {}
    yield enterprises.change(id=at.stream, is_saved=True, **name)


@filings.on(Enterprise.FilingDrafted)
def _drafted(e: Enterprise.FilingDrafted, at: Recorded) -> Iterator[Change]:
    yield filings.put(
        FilingRow(
            id=e.filing,
            enterprise=at.stream,
            type=e.type,
            filing_no=e.filing_no,
            status=Status.DRAFT,
            round=0,
            base_version=e.base_version,
            drafted_at=e.act.at,
        )
    )


@filings.on(Enterprise.FilingSaved)
def _filing_saved(e: Enterprise.FilingSaved, at: Recorded) -> Iterator[Change]:
    yield filings.change(id=e.filing, status=e.status)


@filings.on(Enterprise.FilingSent)
def _sent(e: Enterprise.FilingSent, at: Recorded) -> Iterator[Change]:
    yield filings.change(
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        sent_at=e.act.at,
    )


follow_statuses(filings, Enterprise)


@enterprises.on(Enterprise.FilingSent)
def _city_sent(e: Enterprise.FilingSent, at: Recorded) -> Iterator[Change]:
    yield enterprises.change(id=at.stream, supervising_city_code=e.supervising_city_code)


@enterprises.on(Enterprise.FilingApproved)
def _filed(e: Enterprise.FilingApproved, at: Recorded) -> Iterator[Change]:
    yield enterprises.change(
        id=at.stream,
        name=e.name,
        supervising_city_code=e.supervising_city_code,
        filed_version=e.filed_version,
    )


@legacy_filings.on(LegacyFiling.LegacyFilingOffered)
def _offered(e: LegacyFiling.LegacyFilingOffered, at: Recorded) -> Iterator[Change]:
    yield legacy_filings.put(
        LegacyFilingRow(
            id=at.stream,
            uscc=e.uscc,
            legacy_id=e.legacy_id,
            filed_on=e.filed_on,
            migrated=e.migrated,
            sha256=e.sha256,
        )
    )


@legacy_filings.on(LegacyFiling.LegacyFilingOfferedAgain)
def _offered_again(e: LegacyFiling.LegacyFilingOfferedAgain, at: Recorded) -> Iterator[Change]:
    yield legacy_filings.change(
        id=at.stream,
        legacy_id=e.legacy_id,
        filed_on=e.filed_on,
        migrated=e.migrated,
        sha256=e.sha256,
    )


@packet_rows.on(Packet.PacketBuilt)
def _built(e: Packet.PacketBuilt, at: Recorded) -> Iterator[Change]:
    yield packet_rows.put(
        PacketRow(
            id=at.stream,
            enterprise=at.owner,
            unit=e.unit,
            filings=len(e.filings),
            built_at=e.act.at,
        )
    )


@packet_rows.on(Packet.MailAsked)
def _mail_asked(e: Packet.MailAsked, at: Recorded) -> Iterator[Change]:
    yield packet_rows.change(id=at.stream, mail=State.MAILING)


@packet_rows.on(Packet.MailSent)
def _mail_sent(e: Packet.MailSent, at: Recorded) -> Iterator[Change]:
    yield packet_rows.change(id=at.stream, mail=State.MAILED, sent_at=e.act.at)


@packet_rows.on(Packet.MailFailed)
def _mail_failed(e: Packet.MailFailed, at: Recorded) -> Iterator[Change]:
    yield packet_rows.change(id=at.stream, mail=State.MAIL_FAILED)


@person_filing_rows.on(personnel.FilingDrafted)
def _person_filing_drafted(e: personnel.FilingDrafted, at: Recorded) -> Iterator[Change]:
    yield person_filing_rows.put(
        PersonFilingRow(
            filing=e.filing,
            person=at.stream,
            enterprise=at.owner,
            type=e.type,
            filing_no=e.filing_no,
            status=Status.DRAFT,
            round=0,
        )
    )


@person_filing_rows.on(personnel.FilingSent)
def _person_filing_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Change]:
    yield person_filing_rows.change(
        filing=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
    )


follow_statuses(person_filing_rows, personnel, key="filing")


lists = Projection("enterprise.lists", [enterprises, filings, legacy_filings])
packets = Projection("enterprise.packets", [packet_rows])
person_filings = Projection("enterprise.person-filings", [person_filing_rows])
