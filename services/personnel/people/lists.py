"""The list of people. Names stand here because lists show and search them, document numbers only
masked; an item is read from its stream.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.content.person import Person as Content
from libs.filing.filing import Type
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


people = ReadModel(
    "people",
    PersonRow,
    indexes={
        "people_by_enterprise": "(enterprise, id)",
        "people_by_cert_no": "USING gin (cert_nos)",
    },
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
        id_no=mask(content.id_no) if content.id_no else None,
        person_key=key,
        categories=list(content.categories),
        speciality=content.speciality,
        title_level=content.title_level,
        cert_nos=numbers_in(content),
    )


def numbers_in(content: Content) -> list[str]:
    """Registration numbers, in the order of the rows."""
    return [row.cert_no for row in content.registrations if row.cert_no]


@dataclass(frozen=True)
class ListedPerson(PersonRow):
    """With the name that was filed, or before the first approval the one that was saved."""

    filed_name: str = ""


WITHIN_REACH = """
SELECT p.*, coalesce(f.name, p.name) AS filed_name
FROM people p
LEFT JOIN filings f ON f.id = p.filed_as
LEFT JOIN directory d ON d.enterprise = p.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR p.enterprise = $3)
  AND ($4::uuid IS NULL OR p.enterprise = $4)
  AND ($5::text IS NULL OR strpos(p.name, $5) > 0)
  AND ($6::boolean IS NULL OR (p.filed_version IS NOT NULL) = $6)
  AND (NOT $7::boolean OR p.filed_version IS NOT NULL)
  AND ($8::uuid IS NULL OR p.id > $8)
ORDER BY p.id LIMIT $9
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    name: str | None,
    filed: bool | None,
    only_filed: bool,
    after: UUID | None,
    limit: int,
) -> list[ListedPerson]:
    """By id; `name`: a part of it; `filed`: those who are, or those who are not; `after`: the last
    one seen.
    """
    reach = (scope.everything, scope.city, scope.enterprise)
    wanted = (enterprise, name, filed, only_filed, after, limit)
    return await select(pool, ListedPerson, WITHIN_REACH, *reach, *wanted)


FILED = "SELECT * FROM people WHERE enterprise = $1 AND filed_version IS NOT NULL ORDER BY id"


async def filed(pool: Pool, enterprise: UUID) -> list[UUID]:
    """The enterprise's people who have an approved version and were not released."""
    return [row.id for row in await select(pool, PersonRow, FILED, enterprise)]


@dataclass(frozen=True)
class NumberRow:
    """One registration number, as saved or as sent."""

    cert_no: str


NUMBERS_OF_OTHERS = """
SELECT unnest(p.cert_nos || coalesce(f.cert_nos, '{}')) AS cert_no
FROM people p
LEFT JOIN filings f ON f.id = p.filed_as
WHERE (p.cert_nos && $1 OR f.cert_nos && $1) AND p.person_key IS DISTINCT FROM $2
"""


async def numbers_of_others(
    pool: Pool, numbers: Collection[str], person_key: str | None
) -> frozenset[str]:
    """Those of these registration numbers that a person with another document has, in whatever
    enterprise.
    """
    if not numbers:
        return frozenset()
    rows = await select(pool, NumberRow, NUMBERS_OF_OTHERS, list(numbers), person_key)
    return frozenset(row.cert_no for row in rows).intersection(numbers)
