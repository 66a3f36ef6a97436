"""Lists of enterprises, of their filings and packets, and what personnel tells of people's
filings. Items are read from their streams; names stand here because lists show and search them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from libs.events.contracts import personnel
from libs.events.projection import Projection, Row, change, put
from libs.events.records import Recorded
from libs.filing.filing import Status
from services.enterprise.domain.enterprise import Enterprise
from services.enterprise.domain.legacy import LegacyFiling
from services.enterprise.domain.packet import Packet, State

SCHEMA = """
CREATE TABLE IF NOT EXISTS enterprises (
    id                    uuid        PRIMARY KEY,
    uscc                  text        NOT NULL,
    name                  text        NOT NULL,
    supervising_city_code text        NOT NULL,
    registered_at         timestamptz NOT NULL,
    is_saved              boolean     NOT NULL DEFAULT false,
    filed_version         int
);
CREATE TABLE IF NOT EXISTS filings (
    id            uuid        PRIMARY KEY,
    enterprise    uuid        NOT NULL,
    type          text        NOT NULL,
    filing_no     text        NOT NULL,
    status        text        NOT NULL,
    round         int         NOT NULL,
    base_version  int,
    receipt_no    text,
    drafted_at    timestamptz NOT NULL,
    sent_at       timestamptz,
    decided_at    timestamptz,
    filed_version int
);
CREATE TABLE IF NOT EXISTS legacy_filings (
    id        uuid    PRIMARY KEY,
    uscc      text    NOT NULL,
    legacy_id text    NOT NULL,
    filed_on  date    NOT NULL,
    migrated  boolean NOT NULL,
    sha256    text    NOT NULL
);
CREATE INDEX IF NOT EXISTS filings_by_enterprise ON filings (enterprise, drafted_at);
"""
PACKETS = """
CREATE TABLE IF NOT EXISTS packets (
    id         uuid        PRIMARY KEY,
    enterprise uuid        NOT NULL,
    unit       text        NOT NULL,
    filings    int         NOT NULL,
    built_at   timestamptz NOT NULL,
    mail       text,                  -- of the last attempt: MAILING, MAILED, MAIL_FAILED
    sent_at    timestamptz
);
CREATE INDEX IF NOT EXISTS packets_by_enterprise ON packets (enterprise, id);
"""
PERSON_FILINGS = """
CREATE TABLE IF NOT EXISTS person_filings (
    filing     uuid PRIMARY KEY,
    person     uuid NOT NULL,
    enterprise uuid NOT NULL,
    type       text NOT NULL,
    filing_no  text NOT NULL,
    status     text NOT NULL,
    round      int  NOT NULL,
    receipt_no text,
    batch_no   text
);
"""

lists = Projection(
    "enterprise.lists",
    {"enterprises": ("id",), "filings": ("id",), "legacy_filings": ("id",)},
    SCHEMA,
)
packets = Projection("enterprise.packets", {"packets": ("id",)}, PACKETS)
person_filings = Projection(
    "enterprise.person-filings", {"person_filings": ("filing",)}, PERSON_FILINGS
)
IGNORED = (
    "enterprise.Enterprise.CertificatesFlagged",
    "enterprise.Enterprise.CertificateFlagsLifted",
    "enterprise.Enterprise.LegacyFilingFetched",
    "enterprise.Enterprise.WithdrawalAsked",
    "enterprise.Enterprise.DecisionNotApplied",
)


@lists.on(Enterprise.EnterpriseRegistered)
def _registered(e: Enterprise.EnterpriseRegistered, at: Recorded) -> Iterator[Row]:
    yield put(
        "enterprises",
        id=at.stream,
        uscc=e.uscc,
        name=e.name,
        supervising_city_code=e.supervising_city_code,
        registered_at=e.act.at,
        is_saved=False,
    )


@lists.on(Enterprise.EnterpriseInfoSaved)
def _saved(e: Enterprise.EnterpriseInfoSaved, at: Recorded) -> Iterator[Row]:
    name = {"name": e.information.basic.name} if e.information.basic.name else {}
    yield change("enterprises", id=at.stream, is_saved=True, **name)


@lists.on(Enterprise.FilingDrafted)
def _drafted(e: Enterprise.FilingDrafted, at: Recorded) -> Iterator[Row]:
    yield put(
        "filings",
        id=e.filing,
        enterprise=at.stream,
        type=e.type,
        filing_no=e.filing_no,
        status=Status.DRAFT,
        round=0,
        base_version=e.base_version,
        drafted_at=e.act.at,
    )


@lists.on(Enterprise.FilingSaved)
def _filing_saved(e: Enterprise.FilingSaved, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=e.status)


@lists.on(Enterprise.FilingSent)
def _sent(e: Enterprise.FilingSent, at: Recorded) -> Iterator[Row]:
    yield change(
        "filings",
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        sent_at=e.act.at,
    )
    yield change("enterprises", id=at.stream, supervising_city_code=e.supervising_city_code)


@lists.on(Enterprise.FilingReviewOpened)
def _opened(e: Enterprise.FilingReviewOpened, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.REVIEWING)


@lists.on(Enterprise.FilingWithdrawn)
def _withdrawn(e: Enterprise.FilingWithdrawn, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.WITHDRAWN)


@lists.on(Enterprise.FilingReturned)
def _returned(e: Enterprise.FilingReturned, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.RETURNED, decided_at=e.act.at)


@lists.on(Enterprise.FilingApproved)
def _approved(e: Enterprise.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield change(
        "filings",
        id=e.filing,
        status=Status.APPROVED,
        decided_at=e.act.at,
        filed_version=e.filed_version,
    )
    yield change(
        "enterprises",
        id=at.stream,
        name=e.name,
        supervising_city_code=e.supervising_city_code,
        filed_version=e.filed_version,
    )


@lists.on(Enterprise.FilingRejected)
def _rejected(e: Enterprise.FilingRejected, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.REJECTED, decided_at=e.act.at)


@lists.on(Enterprise.FilingSuperseded)
def _superseded(e: Enterprise.FilingSuperseded, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.SUPERSEDED)


@lists.on(Enterprise.FilingVoided)
def _voided(e: Enterprise.FilingVoided, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.VOID)


@lists.on(LegacyFiling.LegacyFilingOffered)
def _offered(e: LegacyFiling.LegacyFilingOffered, at: Recorded) -> Iterator[Row]:
    yield put(
        "legacy_filings",
        id=at.stream,
        uscc=e.uscc,
        legacy_id=e.legacy_id,
        filed_on=e.filed_on,
        migrated=e.migrated,
        sha256=e.sha256,
    )


@lists.on(LegacyFiling.LegacyFilingOfferedAgain)
def _offered_again(e: LegacyFiling.LegacyFilingOfferedAgain, at: Recorded) -> Iterator[Row]:
    yield change(
        "legacy_filings",
        id=at.stream,
        legacy_id=e.legacy_id,
        filed_on=e.filed_on,
        migrated=e.migrated,
        sha256=e.sha256,
    )


@packets.on(Packet.PacketBuilt)
def _built(e: Packet.PacketBuilt, at: Recorded) -> Iterator[Row]:
    yield put(
        "packets",
        id=at.stream,
        enterprise=at.owner,
        unit=e.unit,
        filings=len(e.filings),
        built_at=e.act.at,
    )


@packets.on(Packet.MailAsked)
def _mail_asked(e: Packet.MailAsked, at: Recorded) -> Iterator[Row]:
    yield change("packets", id=at.stream, mail=State.MAILING)


@packets.on(Packet.MailSent)
def _mail_sent(e: Packet.MailSent, at: Recorded) -> Iterator[Row]:
    yield change("packets", id=at.stream, mail=State.MAILED, sent_at=e.act.at)


@packets.on(Packet.MailFailed)
def _mail_failed(e: Packet.MailFailed, at: Recorded) -> Iterator[Row]:
    yield change("packets", id=at.stream, mail=State.MAIL_FAILED)


@person_filings.on(personnel.FilingDrafted)
def _person_filing_drafted(e: personnel.FilingDrafted, at: Recorded) -> Iterator[Row]:
    yield put(
        "person_filings",
        filing=e.filing,
        person=at.stream,
        enterprise=at.owner,
        type=e.type,
        filing_no=e.filing_no,
        status=Status.DRAFT,
        round=0,
    )


@person_filings.on(personnel.FilingSent)
def _person_filing_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Row]:
    yield change(
        "person_filings",
        filing=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
    )


def _person_filing_becomes(status: Status) -> Callable[[Any, Recorded], Iterator[Row]]:
    def become(e: Any, at: Recorded) -> Iterator[Row]:
        yield change("person_filings", filing=e.filing, status=status)

    return become


person_filings.on(personnel.FilingReviewOpened)(_person_filing_becomes(Status.REVIEWING))
person_filings.on(personnel.FilingWithdrawn)(_person_filing_becomes(Status.WITHDRAWN))
person_filings.on(personnel.FilingReturned)(_person_filing_becomes(Status.RETURNED))
person_filings.on(personnel.FilingApproved)(_person_filing_becomes(Status.APPROVED))
person_filings.on(personnel.FilingRejected)(_person_filing_becomes(Status.REJECTED))
person_filings.on(personnel.FilingSuperseded)(_person_filing_becomes(Status.SUPERSEDED))
person_filings.on(personnel.FilingVoided)(_person_filing_becomes(Status.VOID))
