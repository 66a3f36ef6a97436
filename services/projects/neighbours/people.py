"""Persons of an enterprise, from the personnel topic. Names are sealed at rest, and opened for an
answer only (decision 12).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.events.application import UnitOfWork
from libs.events.eventually import eventually
from libs.events.history import kept
from libs.events.keyring import KeyRing
from libs.events.personal import subjects
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.filing.facts.projects import PersonHere
from libs.filing.filing import Type
from libs.published import personnel


@dataclass(frozen=True)
class PersonHereRow:
    id: UUID
    enterprise: UUID
    data: Json  # as saved; the name is sealed
    filed: bool = False  # has had an approved filing here
    content_of: UUID | None = None  # the filing whose content holds instead
    left_by: UUID | None = None  # the approved release


people = ReadModel("persons", PersonHereRow)


@dataclass(frozen=True)
class PersonSentRow:
    filing: UUID
    data: Json | None = None
    left_on: date | None = None


people_sent = ReadModel("persons_sent", PersonSentRow, key=("filing",))


@people.on(personnel.PersonSaved)
def _saved(e: personnel.PersonSaved, at: StoredEvent) -> Iterator[Change]:
    """Emitted only for persons without an approved filing, so the saved data is current."""
    yield people.merge(id=at.stream, enterprise=at.owner, data=_person(e.content), content_of=None)


@people_sent.on(personnel.FilingSent)
def _content_sent(e: personnel.FilingSent, at: StoredEvent) -> Iterator[Change]:
    data = _person(e.content) if e.content else None
    left_on = (e.release or {}).get("left_on")
    yield people_sent.put(PersonSentRow(filing=e.filing, data=data, left_on=left_on))


@people.on(personnel.FilingSent)
def _sent(e: personnel.FilingSent, at: StoredEvent) -> Iterator[Change]:
    """An initial filing files the person as saved."""
    if e.type == Type.PER_INIT and e.content:
        data = _person(e.content)
        yield people.merge(id=at.stream, enterprise=at.owner, data=data, content_of=None)


@people.on(personnel.FilingApproved)
def _filed(e: personnel.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    if e.released_as:
        yield people.change(id=at.stream, left_by=e.filing)
    else:
        yield people.change(id=at.stream, filed=True, content_of=e.filing, left_by=None)


def _person(content: dict[str, Any]) -> dict[str, Any]:
    """What the rules about contracts and stages ask of a person."""
    same = {name: content.get(name) for name in ("name", "categories", "title_level")}
    registered = any(
        row.get("type") and row.get("cert_no") for row in content.get("registrations", ())
    )
    return same | {"employed_from": content.get("hired_on"), "registered": registered}


@dataclass(frozen=True)
class SavedPerson:
    """A person with the data that holds: as saved, or as last filed."""

    id: UUID
    filed: bool
    data: Json
    left_on: date | None


THESE = """
SELECT p.id, p.filed, coalesce(s.data, p.data) AS data, l.left_on
FROM persons p
LEFT JOIN persons_sent s ON s.filing = p.content_of
LEFT JOIN persons_sent l ON l.filing = p.left_by
WHERE p.enterprise = $1 AND p.id = ANY($2)
"""


async def people_here(
    work: UnitOfWork, enterprise: UUID, ids: Collection[UUID]
) -> dict[UUID, PersonHere]:
    """By id, those of these that are saved persons of the enterprise, with their names in clear;
    one who was just saved is waited for.
    """
    if not ids:
        return {}
    wanted = list(set(ids))
    found = await eventually(
        lambda: select(work.pool, SavedPerson, THESE, enterprise, wanted),
        until=lambda rows: len(rows) == len(wanted),
    )
    return {each.id: each for each in await _opened(work.keyring, found)}


async def _opened(keyring: KeyRing, rows: Sequence[SavedPerson]) -> list[PersonHere]:
    opener = await keyring.opener({key for row in rows for key in subjects(row.data)})
    return [back_again(kept(PersonHere, _as_known(row), opener)) for row in rows]


def _as_known(row: SavedPerson) -> dict[str, Any]:
    return {"id": row.id, "filed": row.filed, "employed_to": row.left_on, **row.data}


def back_again(person: PersonHere) -> PersonHere:
    """The person as employed still if they left and came back later."""
    since, until = person.employed_from, person.employed_to
    if since and until and until < since:
        return person.model_copy(update={"employed_to": None})
    return person
