"""People of an enterprise with their approved data, from the personnel topic. Contents stay sealed
as they came, and are opened for an answer only.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.history import kept
from libs.events.keyring import KeyRing
from libs.events.personal import Opener, subjects
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt, Json
from libs.filing.content.person import Person as Content
from libs.filing.facts.person import FiledPerson
from libs.published import personnel
from services.assessment.neighbours.origin import origin, ref
from services.assessment.wizard.domain.sources import PersonSource


@dataclass(frozen=True)
class SentPersonRow:
    filing: UUID
    person: UUID
    version: int
    position: BigInt
    data_sha256: str
    person_key: str | None = None
    content: Json | None = None


person_filings = ReadModel("person_filings", SentPersonRow, key=("filing",))


@dataclass(frozen=True)
class FiledPersonRow:
    person: UUID
    enterprise: UUID
    filing: UUID
    filed_version: int
    released: bool


filed_people = ReadModel(
    "filed_people",
    FiledPersonRow,
    key=("person",),
    indexes={"filed_people_by_enterprise": "(enterprise, person)"},
)


@person_filings.on(personnel.FilingSent)
def _sent(e: personnel.FilingSent, at: StoredEvent) -> Iterator[Change]:
    yield person_filings.put(
        SentPersonRow(
            filing=e.filing,
            person=at.stream,
            person_key=e.person_key,
            content=e.content,
            **origin(at),
        )
    )


@filed_people.on(personnel.FilingApproved)
def _approved(e: personnel.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    if e.released_as:
        yield filed_people.change(person=at.stream, released=True)
        return
    yield filed_people.put(
        FiledPersonRow(
            person=at.stream,
            enterprise=at.owner,
            filing=e.filing,
            filed_version=e.filed_version,
            released=False,
        )
    )


@dataclass(frozen=True)
class ApprovedPersonRow:
    """A person's approved version with the filing that it came by."""

    person: UUID
    filing: UUID
    filed_version: int
    released: bool
    content: Json
    version: int
    position: int
    data_sha256: str
    person_key: str | None


@dataclass(frozen=True)
class NameRow:
    filing: UUID
    name: Json


OF_ENTERPRISE = """
SELECT f.person, f.filed_version, f.released,
       s.filing, s.person_key, s.content, s.version, s.position, s.data_sha256
FROM filed_people f JOIN person_filings s USING (filing)
WHERE f.enterprise = $1 ORDER BY f.person
"""
NAMES = "SELECT filing, content -> 'name' AS name FROM person_filings WHERE filing = ANY($1)"


async def people_of(pool: Pool, keyring: KeyRing, enterprise: UUID) -> dict[UUID, PersonSource]:
    """By id, everybody whom the enterprise has filed, those who were released among them."""
    rows = await select(pool, ApprovedPersonRow, OF_ENTERPRISE, enterprise)
    opener = await _opener(keyring, [row.content for row in rows])
    return {row.person: _person(row, opener) for row in rows}


async def names_of(pool: Pool, keyring: KeyRing, filings: Collection[UUID]) -> dict[UUID, str]:
    """By filing, the name of the person as approved."""
    rows = await select(pool, NameRow, NAMES, list(filings))
    opener = await _opener(keyring, [row.name for row in rows])
    return {row.filing: _name(row, opener) for row in rows if row.name}


async def _opener(keyring: KeyRing, contents: Collection[Any]) -> Opener:
    return await keyring.opener({need for each in contents for need in subjects(each)})


def _person(row: ApprovedPersonRow, opener: Opener) -> PersonSource:
    fact = FiledPerson(
        id=row.person,
        filing=row.filing,
        version=row.filed_version,
        content=kept(Content, row.content, opener),
        released=row.released,
    )
    return PersonSource(fact, ref(row.person, row), row.person_key)


def _name(row: NameRow, opener: Opener) -> str:
    return kept(Content, {"name": row.name}, opener).name or ""
