"""Persons of an enterprise as the personnel service told of them. Their names are sealed at rest,
and opened for an answer only.
"""

from collections.abc import Collection
from uuid import UUID

import orjson

from libs.events.keyring import KeyRing
from libs.events.personal import subjects
from libs.events.pools import Pool
from libs.filing.facts.projects import PersonHere
from services.projects import queries


async def people_here(
    pool: Pool, keyring: KeyRing, enterprise: UUID, ids: Collection[UUID]
) -> dict[UUID, PersonHere]:
    rows = await queries.persons(pool, enterprise, ids)
    data = {row["id"]: orjson.loads(row["data"]) for row in rows}
    opener = await keyring.opener({need for each in data.values() for need in subjects(each)})
    known = {
        row["id"]: {"id": row["id"], "filed": row["filed"], "employed_to": row["left_on"]}
        for row in rows
    }
    people = [
        PersonHere.model_validate(known[id] | each, context=opener) for id, each in data.items()
    ]
    return {each.id: back_again(each) for each in people}


def back_again(person: PersonHere) -> PersonHere:
    """Who left and came back later is here."""
    since, until = person.employed_from, person.employed_to
    return (
        person.model_copy(update={"employed_to": None})
        if since and until and until < since
        else person
    )
