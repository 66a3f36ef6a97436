"""Lists of people and of their filings; of other services' facts, the branches of enterprises."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.content.person import Person as Content
from libs.filing.filing import Status, Type
from libs.filing.identifiers import mask
from libs.filing.statuses import follow_statuses
from libs.published import enterprise
from services.personnel.domain.person import Person


@dataclass(frozen=True)
class PersonRow:
    id: UUID
    enterprise: UUID
    name: str
    categories: list[str]
    cert_nos: list[str]
    id_no: str | None = None  # masked
    person_key: str | None = None
    speciality: str | None = None
    title_level: str | None = None
    filed_version: int | None = None
    filed_as: UUID | None = None  # the filing that holds
    released_as: str | None = None


people = ReadModel(
    "people",
    PersonRow,
    indexes={
        "people_by_enterprise": "(enterprise, id)",
        "people_by_cert_no": "USING gin (cert_nos)",
    },
)


@dataclass(frozen=True)
class FilingRow:
    id: UUID
    person: UUID
    enterprise: UUID
    type: str
    filing_no: str
    status: str
    round: int
    drafted_at: datetime
    base_version: int | None = None
    receipt_no: str | None = None
    batch_no: str | None = None
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    name: str | None = None  # as sent
    cert_nos: list[str] | None = None


filings = ReadModel(
    "filings", FilingRow, indexes={"filings_by_enterprise": "(enterprise, filing_no)"}
)


@dataclass(frozen=True)
class EnterpriseSentRow:
    filing: UUID
    enterprise: UUID
    branches: list[str]


enterprise_sent = ReadModel("enterprise_sent", EnterpriseSentRow, key=("filing",))


@dataclass(frozen=True)
class EnterpriseFiledRow:
    enterprise: UUID
    filing: UUID


enterprise_filed = ReadModel("enterprise_filed", EnterpriseFiledRow, key=("enterprise",))


@people.on(Person.PersonAdded)
def _added(e: Person.PersonAdded, at: StoredEvent) -> Iterator[Change]:
    yield people.put(_person(e.content, e.person_key, at))


@people.on(Person.PersonSaved)
def _saved(e: Person.PersonSaved, at: StoredEvent) -> Iterator[Change]:
    yield _as_saved(e.content, e.person_key, at)


@people.on(Person.FilingSaved)
def _saved_in_filing(e: Person.FilingSaved, at: StoredEvent) -> Iterator[Change]:
    """An initial filing files the person as saved."""
    if e.type is Type.PER_INIT and e.content:
        yield _as_saved(e.content, e.person_key, at)


@people.on(Person.FilingApproved)
def _filed(e: Person.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    version, filing = (None, None) if e.released_as else (e.filed_version, e.filing)
    yield people.change(
        id=at.stream, filed_version=version, filed_as=filing, released_as=e.released_as
    )


def _as_saved(content: Content, key: str | None, at: StoredEvent) -> Change:
    """What the content says; what was filed stays."""
    said = vars(_person(content, key, at))
    kept = ("filed_version", "filed_as", "released_as")
    return people.change(**{name: said[name] for name in said if name not in kept})


def _person(content: Content, key: str | None, at: StoredEvent) -> PersonRow:
    return PersonRow(
        id=at.stream,
        enterprise=at.owner,
        name=content.name or "",
        id_no=mask(content.id_no) if content.id_no else None,
        person_key=key,
        categories=list(content.categories),
        speciality=content.speciality,
        title_level=content.title_level,
        cert_nos=_numbers(content),
    )


@filings.on(Person.FilingDrafted)
def _drafted(e: Person.FilingDrafted, at: StoredEvent) -> Iterator[Change]:
    yield filings.put(
        FilingRow(
            id=e.filing,
            person=at.stream,
            enterprise=at.owner,
            type=e.type,
            filing_no=e.filing_no,
            status=Status.DRAFT,
            round=0,
            base_version=e.base_version,
            drafted_at=e.act.at,
        )
    )


@filings.on(Person.FilingSent)
def _sent(e: Person.FilingSent, at: StoredEvent) -> Iterator[Change]:
    said = {"name": e.content.name, "cert_nos": _numbers(e.content)} if e.content else {}
    yield filings.change(
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
        sent_at=e.act.at,
        **said,
    )


@filings.on(Person.FilingSaved)
def _filing_saved(e: Person.FilingSaved, at: StoredEvent) -> Iterator[Change]:
    yield filings.change(id=e.filing, status=e.status)


follow_statuses(filings, Person)


@enterprise_sent.on(enterprise.FilingSent)
def _enterprise_sent(e: enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
    units = [
        unit.uscc for unit in e.content.subsidiaries if unit.relation == "BRANCH" and unit.uscc
    ]
    yield enterprise_sent.put(
        EnterpriseSentRow(filing=e.filing, enterprise=at.stream, branches=units)
    )


@enterprise_filed.on(enterprise.FilingApproved)
def _enterprise_filed(e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield enterprise_filed.put(EnterpriseFiledRow(enterprise=at.stream, filing=e.filing))


def _numbers(content: Content) -> list[str]:
    return [row.cert_no for row in content.registrations if row.cert_no]


lists = Projection("personnel.lists", [people, filings])
branches = Projection("personnel.branches", [enterprise_sent, enterprise_filed])
