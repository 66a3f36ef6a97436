"""Reference data that the authority changed since it was shipped: each service projects it from
the review topic and lays it over what was shipped, field by field (decision 22).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from libs.events.pools import Pool, borrowed, connection_errors
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.published import review


@dataclass(frozen=True)
class ChangedItem:
    kind: str
    code: str
    item: Json


changed = ReadModel("reference", ChangedItem, key=("kind", "code"))


class References:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def item(self, kind: str, code: str, shipped: Mapping[str, Any]) -> dict[str, Any]:
        """The item with what was changed of it laid over what was shipped. Raises Unavailable
        while the database is away.
        """
        with connection_errors("reference data"):
            async with borrowed(self._pool) as connection:
                found = await connection.fetchval(
                    "SELECT item FROM reference WHERE kind = $1 AND code = $2", kind, code
                )
        return merged(shipped, json.loads(found) if found else {})


def merged(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Field by field, also inside."""
    both = {
        name: merged(base[name], overrides[name])
        for name in base.keys() & overrides.keys()
        if _have_fields(base[name], overrides[name])
    }
    return {**base, **overrides, **both}


def reader(service: str) -> Reader:
    """Follows changes of reference data into a table of the service."""
    projection = Projection(f"{service}.reference", [changed])
    return Reader(projection.name, "review", projection=projection)


@changed.on(review.ReferenceChanged)
def _changed(fact: review.ReferenceChanged, _: StoredEvent) -> Iterator[Change]:
    for item in fact.items:
        yield changed.put(ChangedItem(fact.kind, str(item["code"]), item))


def _have_fields(*values: Any) -> bool:
    return all(isinstance(value, Mapping) for value in values)
