"""The list of people. Names stand here because lists show and search them, document numbers only
masked; an item is read from its stream.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import SUPERVISED
from libs.events import walks
from libs.events.pools import Pool
from libs.events.queries import Found, contains, select, select_page, summarised
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.events.texts import normal
from libs.events.walks import Walk
from libs.filing.content.person import Person as Content
from libs.filing.filing import EDITABLE, OPEN, Type
from libs.filing.identifiers import mask
from services.personnel.people.domain.person import Person


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


AS_ADDED = Walk("people", ("id",), by=(("enterprise",),))
people = ReadModel(
    "people",
    PersonRow,
    # without a list of entries that wait, which each look-up would read
    indexes={"people_by_cert_no": "USING gin (cert_nos) WITH (fastupdate = off)"},
    walks=[AS_ADDED],
)


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
        person_key=key,
        cert_nos=numbers_in(content),
        **listed(content),
    )


def listed(content: Content) -> dict[str, Any]:
    """What the list shows of these data besides the name."""
    return {
        "id_no": mask(content.id_no) if content.id_no else None,
        "categories": list(content.categories),
        "speciality": content.speciality,
        "title_level": content.title_level,
    }


def numbers_in(content: Content) -> list[str]:
    """Registration numbers in their normal form, in the order of the rows."""
    return [normal(row.cert_no) for row in content.registrations if row.cert_no]


@dataclass(frozen=True)
class ListedPerson(PersonRow):
    """With what was filed, or before the first approval what was saved."""

    filed_name: str = ""
    sent_as: Json | None = None


TOLD = """
SELECT r.*, coalesce(f.name, r.name) AS filed_name, to_jsonb(f)->'sent_as' AS sent_as
FROM {rows} LEFT JOIN filings f ON f.id = r.filed_as
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    name: str | None,
    filed: bool | None,
    only_filed: bool,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[ListedPerson]:
    """By id; `name`: a part of it; `filed`: those who are, or those who are not; `after`: the last
    one seen.
    """
    wanted = [
        *scope.equal(city=SUPERVISED, enterprise="enterprise"),
        ("enterprise", enterprise),
        (contains("r.name", "{}"), name),
        ("(r.filed_version IS NOT NULL) = {}", filed),
        ("r.filed_version > {}", 0 if only_filed else None),
    ]
    return await select_page(pool, ListedPerson, AS_ADDED, wanted, after, limit, TOLD)


@dataclass(frozen=True)
class Staff:
    """How many people an enterprise has, those who left aside, and how many of them are filed."""

    known: int
    filed: int


STAFF = """
SELECT count(*) FILTER (WHERE r.released_as IS NULL) AS known, count(r.filed_version) AS filed
FROM {rows}
"""


async def staff(pool: Pool, enterprise: UUID) -> Staff:
    return await summarised(pool, Staff, AS_ADDED, [("enterprise", enterprise)], STAFF)


RUNNING = (
    "(SELECT count(*) FROM filings f WHERE f.person = r.id AND f.status = ANY ({}::text[])) = 0"
)


async def unfiled(pool: Pool, enterprise: UUID) -> Sequence[PersonRow]:
    """The enterprise's people who are not filed and have no filing that goes on; those who left
    aside.
    """
    wanted = [
        ("enterprise", enterprise),
        ("(r.filed_version IS NULL AND r.released_as IS NULL) = {}", True),
        (RUNNING, sorted(EDITABLE | OPEN)),
    ]
    return (await select_page(pool, PersonRow, AS_ADDED, wanted, None, walks.ROWS)).rows


REGISTERED_TO = """(
    SELECT to_jsonb(f)->'sent_as'->>'registered_to' FROM filings f WHERE f.id = r.filed_as
) <= {}"""


async def ending(pool: Pool, enterprise: UUID, last: date) -> Sequence[ListedPerson]:
    """The enterprise's filed people, a registration of whom ends by that day."""
    wanted = [("enterprise", enterprise), (REGISTERED_TO, last.isoformat())]
    found = await select_page(pool, ListedPerson, AS_ADDED, wanted, None, walks.ROWS, TOLD)
    return found.rows


FILED = "SELECT * FROM people WHERE enterprise = $1 AND filed_version IS NOT NULL ORDER BY id"


async def filed(pool: Pool, enterprise: UUID) -> list[UUID]:
    """The enterprise's people who have an approved version and were not released."""
    return [row.id for row in await select(pool, PersonRow, FILED, enterprise)]


@dataclass(frozen=True)
class NumberRow:
    """One registration number, as saved or as sent."""

    cert_no: str


NUMBERS_OF_OTHERS = """
SELECT unnest(p.cert_nos) AS cert_no
FROM people p LEFT JOIN filings f ON f.id = p.filed_as
WHERE p.cert_nos && $1 AND p.id <> $2
  AND coalesce(to_jsonb(f)->'sent_as'->>'person_key', p.person_key) IS DISTINCT FROM $3
UNION
SELECT unnest(f.cert_nos)
FROM filings f JOIN people p ON p.id = f.person AND p.filed_as = f.id
WHERE f.cert_nos && $1 AND p.id <> $2
  AND coalesce(to_jsonb(f)->'sent_as'->>'person_key', p.person_key) IS DISTINCT FROM $3
"""


async def numbers_of_others(
    pool: Pool, numbers: Collection[str], person: UUID, person_key: str | None
) -> frozenset[str]:
    """Those of these registration numbers that another person with another document has, in
    whatever enterprise.
    """
    if not numbers:
        return frozenset()
    asked = (list(numbers), person, person_key)
    rows = await select(pool, NumberRow, NUMBERS_OF_OTHERS, *asked)
    return frozenset(row.cert_no for row in rows).intersection(numbers)
