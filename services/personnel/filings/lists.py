"""The list of people's filings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import SUPERVISED
from libs.events import walks
from libs.events.pools import Pool
from libs.events.queries import Found, contains, select_page, select_shown
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.events.texts import normal
from libs.events.walks import Walk
from libs.filing.content.person import Person as Content
from libs.filing.filing import EDITABLE, Status
from libs.filing.statuses import as_told, follow_statuses, wanted_status
from libs.filing.worklist import LATEST
from services.personnel.people.domain.person import Person
from services.personnel.people.lists import listed, numbers_in


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
    sent_as: Json | None = None  # what the list of people shows of a filed person, and the key


BY_NUMBER = Walk("filings", ("filing_no",), by=(("person",), ("enterprise",), ("status",)))
filings = ReadModel(
    "filings",
    FilingRow,
    # without a list of entries that wait, which each look-up would read
    indexes={"filings_by_cert_no": "USING gin (cert_nos) WITH (fastupdate = off)"},
    walks=[BY_NUMBER],
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
    yield filings.change(
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
        sent_at=e.act.at,
        **(_sent_as(e.content, e.person_key) if e.content else {}),
    )


def _sent_as(content: Content, key: str | None) -> dict[str, Any]:
    ends = [each.valid_to for each in content.registrations if each.valid_to]
    sent_as = {**listed(content), "person_key": key, "registered_to": min(ends, default=None)}
    return {"name": content.name, "cert_nos": numbers_in(content), "sent_as": sent_as}


@filings.on(Person.FilingSaved)
def _filing_saved(e: Person.FilingSaved, at: StoredEvent) -> Iterator[Change]:
    yield filings.change(id=e.filing, status=e.status)


follow_statuses(filings, Person)


@dataclass(frozen=True)
class ListedFiling(FilingRow):
    """With the person's name as saved, for what was never sent; to the authority as sent, with the
    enterprise's name.
    """

    saved_name: str = ""
    enterprise_name: str | None = None


OWN = "SELECT r.*, p.name AS saved_name FROM {rows} JOIN people p ON p.id = r.person"
SENT_LAST = f"""
SELECT r.*, p.name AS saved_name
FROM (SELECT * FROM {{rows}} ORDER BY r.sent_at DESC, r.filing_no LIMIT {LATEST}) AS r
JOIN people p ON p.id = r.person
"""
# a release says no name: who was sent before
TOLD = """
SELECT r.*, coalesce(n.name, '') AS saved_name, d.name AS enterprise_name
FROM {rows}
LEFT JOIN directory d ON d.enterprise = r.enterprise
LEFT JOIN LATERAL (
    SELECT name FROM filings WHERE person = r.person AND round > 0 AND name IS NOT NULL
    ORDER BY sent_at DESC LIMIT 1
) n ON true
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    status: str | None,
    type: str | None,
    person: UUID | None,
    name: str | None,
    only_sent: bool,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[ListedFiling]:
    """By number; `name`: a part of it, as it was sent; `only_sent`: without those that were never
    sent, as they are told to the authority; `after`: the last one seen.
    """
    wanted = [
        *scope.equal(city=SUPERVISED, enterprise="enterprise"),
        wanted_status(status, only_sent=only_sent),
        ("type", type),
        ("person", person),
        (contains("r.name", "{}"), name),
        ("r.round > {}", 0 if only_sent else None),
    ]
    told = TOLD if only_sent else OWN
    found = await select_page(pool, ListedFiling, BY_NUMBER, wanted, after, limit, told)
    if not only_sent:
        return found
    return replace(found, rows=list(map(_told, found.rows)))


def _told(row: ListedFiling) -> ListedFiling:
    return replace(row, status=as_told(row.status))


@dataclass(frozen=True)
class CertifiedFiling(FilingRow):
    """With its enterprise's name, and the city that supervises it."""

    enterprise_name: str | None = None
    city: str | None = None


# each person has their own numbers: there are few, wherever they were filed
CERTIFIED = f"""
WITH r AS MATERIALIZED (
    SELECT * FROM filings WHERE cert_nos @> ARRAY[$1::text] AND round > 0 LIMIT {walks.ROWS}
)
SELECT r.*, d.name AS enterprise_name, d.supervising_city_code AS city
FROM r LEFT JOIN directory d ON d.enterprise = r.enterprise
ORDER BY r.filing_no
"""


async def with_certificate(
    pool: Pool,
    scope: Scope,
    cert_no: str,
    *,
    name: str | None,
    only_sent: bool,
    **equal: Any,
) -> Sequence[ListedFiling]:
    """Within reach, by number: those that were sent with this registration number, whole;
    composition, width, case and blanks aside. `name`: a part of it; `equal`: what other columns
    must be. None: anything.
    """
    found = await select_shown(pool, CertifiedFiling, CERTIFIED, normal(cert_no))
    rows = [_listed(row) for row in found if _covers(scope, row)]
    told = [_told(row) if only_sent else row for row in rows]
    part = normal(name or "")
    return [
        row
        for row in told
        if part in normal(row.name or "")
        and all(getattr(row, column) == value for column, value in equal.items() if value)
    ]


def _listed(row: CertifiedFiling) -> ListedFiling:
    columns = (*filings.columns, "enterprise_name")
    return ListedFiling(**{name: getattr(row, name) for name in columns})


def _covers(scope: Scope, row: CertifiedFiling) -> bool:
    if scope.city is not None:
        return row.city == scope.city
    return scope.everything or row.enterprise == scope.enterprise


async def sent_last(pool: Pool, enterprise: UUID) -> Sequence[ListedFiling]:
    """Those few that were sent last; of an enterprise with more filings than a page looks at, among
    those that it looks at.
    """
    wanted = [("enterprise", enterprise), ("r.round > {}", 0)]
    found = await select_page(pool, ListedFiling, BY_NUMBER, wanted, None, walks.ROWS, SENT_LAST)
    return found.rows


async def in_hand(pool: Pool, enterprise: UUID) -> Sequence[ListedFiling]:
    """The enterprise's filings that it may save and send: not sent yet, or come back."""
    wanted = [("enterprise", enterprise), ("r.status = ANY ({}::text[])", sorted(EDITABLE))]
    found = await select_page(pool, ListedFiling, BY_NUMBER, wanted, None, walks.ROWS, OWN)
    return found.rows
