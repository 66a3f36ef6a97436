"""Reference data that the authority changed since it was shipped: each service projects it from
the review topic.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from libs.events.contracts import review
from libs.events.pools import GONE, Pool, gone
from libs.events.projection import Projection, Row, put
from libs.events.reader import Reader
from libs.events.records import Recorded

SCHEMA = """
CREATE TABLE IF NOT EXISTS reference (kind text NOT NULL, code text NOT NULL, item jsonb NOT NULL, PRIMARY KEY (kind, code));
"""


class References:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def item(self, kind: str, code: str, shipped: Mapping[str, Any]) -> dict[str, Any]:
        """The item with what was changed of it laid over what was shipped. Raises Unavailable
        while the database is away.
        """
        try:
            changed = await self._pool.fetchval(
                "SELECT item FROM reference WHERE kind = $1 AND code = $2", kind, code
            )
        except GONE as error:
            raise gone(error) from error
        return laid_over(shipped, json.loads(changed) if changed else {})


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Field by field, also inside."""
    both = {
        name: laid_over(below[name], above[name])
        for name in below.keys() & above.keys()
        if _have_fields(below[name], above[name])
    }
    return {**below, **above, **both}


def reader(service: str) -> Reader:
    """Follows changes of reference data into a table of the service."""
    projection = Projection(f"{service}.reference", {"reference": ("kind", "code")}, SCHEMA)
    projection.on(review.ReferenceChanged)(_changed)
    return Reader(projection.name, "review", projection=projection, passes_rest=True)


def _changed(fact: review.ReferenceChanged, _: Recorded) -> Iterator[Row]:
    for item in fact.items:
        yield put("reference", kind=fact.kind, code=str(item["code"]), item=item)


def _have_fields(*values: Any) -> bool:
    return all(isinstance(value, Mapping) for value in values)
