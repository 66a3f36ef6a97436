"""Lists of people and of their filings; of other services' facts, the branches of enterprises."""

from collections.abc import Iterator

from libs.events.contracts import enterprise
from libs.events.projection import Projection, Row, change, put
from libs.events.records import Recorded
from libs.filing.content.person import Person as Content
from libs.filing.filing import Status, Type
from libs.filing.identifiers import mask
from services.personnel.domain.person import Person

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id            uuid   PRIMARY KEY,
    enterprise    uuid   NOT NULL,
    name          text   NOT NULL,
    id_no         text,            -- masked
    person_key    text,
    categories    text[] NOT NULL,
    speciality    text,
    title_level   text,
    cert_nos      text[] NOT NULL,
    filed_version int,
    filed_as      uuid,            -- the filing that holds
    released_as   text
);
CREATE INDEX IF NOT EXISTS people_by_enterprise ON people (enterprise, id);
CREATE INDEX IF NOT EXISTS people_by_cert_no ON people USING gin (cert_nos);
CREATE TABLE IF NOT EXISTS filings (
    id            uuid        PRIMARY KEY,
    person        uuid        NOT NULL,
    enterprise    uuid        NOT NULL,
    type          text        NOT NULL,
    filing_no     text        NOT NULL,
    status        text        NOT NULL,
    round         int         NOT NULL,
    base_version  int,
    receipt_no    text,
    batch_no      text,
    drafted_at    timestamptz NOT NULL,
    sent_at       timestamptz,
    decided_at    timestamptz,
    name          text,              -- as sent
    cert_nos      text[]
);
CREATE INDEX IF NOT EXISTS filings_by_enterprise ON filings (enterprise, filing_no);
"""
BRANCHES = """
CREATE TABLE IF NOT EXISTS enterprise_sent (filing uuid PRIMARY KEY, enterprise uuid NOT NULL, branches text[] NOT NULL);
CREATE TABLE IF NOT EXISTS enterprise_filed (enterprise uuid PRIMARY KEY, filing uuid NOT NULL);
"""

lists = Projection("personnel.lists", {"people": ("id",), "filings": ("id",)}, SCHEMA)
branches = Projection(
    "personnel.branches",
    {"enterprise_sent": ("filing",), "enterprise_filed": ("enterprise",)},
    BRANCHES,
)
IGNORED = (
    "personnel.Person.WithdrawalAsked",
    "personnel.Person.DecisionNotApplied",
    "personnel.Batch.BatchSent",
    "personnel.FilingPlace.FilingPlaced",
)


@lists.on(Person.PersonAdded)
def _added(e: Person.PersonAdded, at: Recorded) -> Iterator[Row]:
    yield _person("put", e.content, e.person_key, at)


@lists.on(Person.PersonSaved)
def _saved(e: Person.PersonSaved, at: Recorded) -> Iterator[Row]:
    yield _person("change", e.content, e.person_key, at)


@lists.on(Person.FilingDrafted)
def _drafted(e: Person.FilingDrafted, at: Recorded) -> Iterator[Row]:
    yield put(
        "filings",
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


@lists.on(Person.FilingSaved)
def _filing_saved(e: Person.FilingSaved, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=e.status)
    if e.type is Type.PER_INIT and e.content:
        yield _person("change", e.content, e.person_key, at)


@lists.on(Person.FilingSent)
def _sent(e: Person.FilingSent, at: Recorded) -> Iterator[Row]:
    said = {"name": e.content.name, "cert_nos": _numbers(e.content)} if e.content else {}
    yield change(
        "filings",
        id=e.filing,
        status=Status.SENT,
        round=e.round,
        receipt_no=e.receipt_no,
        batch_no=e.batch_no,
        sent_at=e.act.at,
        **said,
    )


@lists.on(Person.FilingReviewOpened)
def _opened(e: Person.FilingReviewOpened, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.REVIEWING)


@lists.on(Person.FilingWithdrawn)
def _withdrawn(e: Person.FilingWithdrawn, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.WITHDRAWN)


@lists.on(Person.FilingReturned)
def _returned(e: Person.FilingReturned, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.RETURNED, decided_at=e.act.at)


@lists.on(Person.FilingApproved)
def _approved(e: Person.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.APPROVED, decided_at=e.act.at)
    holds = (
        {"filed_version": None, "filed_as": None}
        if e.released_as
        else {"filed_version": e.filed_version, "filed_as": e.filing}
    )
    yield change("people", id=at.stream, released_as=e.released_as, **holds)


@lists.on(Person.FilingRejected)
def _rejected(e: Person.FilingRejected, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.REJECTED, decided_at=e.act.at)


@lists.on(Person.FilingSuperseded)
def _superseded(e: Person.FilingSuperseded, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.SUPERSEDED)


@lists.on(Person.FilingVoided)
def _voided(e: Person.FilingVoided, at: Recorded) -> Iterator[Row]:
    yield change("filings", id=e.filing, status=Status.VOID)


@branches.on(enterprise.FilingSent)
def _enterprise_sent(e: enterprise.FilingSent, at: Recorded) -> Iterator[Row]:
    units = [
        unit.uscc for unit in e.content.subsidiaries if unit.relation == "BRANCH" and unit.uscc
    ]
    yield put("enterprise_sent", filing=e.filing, enterprise=at.stream, branches=units)


@branches.on(enterprise.FilingApproved)
def _enterprise_filed(e: enterprise.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield put("enterprise_filed", enterprise=at.stream, filing=e.filing)


def _person(act: str, content: Content, key: str | None, at: Recorded) -> Row:
    return Row(
        act,
        "people",
        {
            "id": at.stream,
            "enterprise": at.owner,
            "name": content.name or "",
            "id_no": mask(content.id_no) if content.id_no else None,
            "person_key": key,
            "categories": list(content.categories),
            "speciality": content.speciality,
            "title_level": content.title_level,
            "cert_nos": _numbers(content),
        },
    )


def _numbers(content: Content) -> list[str]:
    return [row.cert_no for row in content.registrations if row.cert_no]
