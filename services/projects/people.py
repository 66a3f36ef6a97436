"""Persons of an enterprise as the personnel service told of them. Their names are sealed at rest,
and opened for an answer only (decision 12).
"""

from collections.abc import Collection
from typing import Any
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
    """Those of them that are persons of the enterprise, by id."""
    rows = await queries.persons(pool, enterprise, ids)
    sealed = [_known(row) | orjson.loads(row["data"]) for row in rows]
    opener = await keyring.opener({need for each in sealed for need in subjects(each)})
    people = [PersonHere.model_validate(each, context=opener) for each in sealed]
    return {each.id: back_again(each) for each in people}


def _known(row: Any) -> dict[str, Any]:
    return {"id": row["id"], "filed": row["filed"], "employed_to": row["left_on"]}


def back_again(person: PersonHere) -> PersonHere:
    """Who left and came back later is here."""
    since, until = person.employed_from, person.employed_to
    if since and until and until < since:
        return person.model_copy(update={"employed_to": None})
    return person
