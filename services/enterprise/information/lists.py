"""The list of enterprises. Names stand here because lists show and search them; an item is read
from its stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.enterprise.information.domain import Enterprise


@dataclass(frozen=True)
class EnterpriseRow:
    id: UUID
    uscc: str
    name: str
    supervising_city_code: str
    registered_at: datetime
    is_saved: bool = False
    filed_version: int | None = None


enterprises = ReadModel("enterprises", EnterpriseRow)


@enterprises.on(Enterprise.EnterpriseRegistered)
def _registered(e: Enterprise.EnterpriseRegistered, at: StoredEvent) -> Iterator[Change]:
    yield enterprises.put(
        EnterpriseRow(
            id=at.stream,
            uscc=e.uscc,
            name=e.name,
            supervising_city_code=e.supervising_city_code,
            registered_at=e.act.at,
            is_saved=False,
        )
    )


@enterprises.on(Enterprise.EnterpriseInfoSaved)
def _saved(e: Enterprise.EnterpriseInfoSaved, at: StoredEvent) -> Iterator[Change]:
    name = {"name": e.information.basic.name} if e.information.basic.name else {}
    yield enterprises.change(id=at.stream, is_saved=True, **name)


@enterprises.on(Enterprise.FilingSent)
def _city_sent(e: Enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
    yield enterprises.change(id=at.stream, supervising_city_code=e.supervising_city_code)


@enterprises.on(Enterprise.FilingApproved)
def _filed(e: Enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield enterprises.change(
        id=at.stream,
        name=e.name,
        supervising_city_code=e.supervising_city_code,
        filed_version=e.filed_version,
    )


WITHIN_REACH = """
SELECT * FROM enterprises
WHERE ($1::boolean OR supervising_city_code = $2 OR id = $3)
  AND ($4::text IS NULL OR uscc = $4)
  AND ($5::text IS NULL OR strpos(name, $5) > 0)
  AND ($6::text IS NULL OR uscc > $6)
ORDER BY uscc LIMIT $7
"""


async def within_reach(
    pool: Pool, scope: Scope, uscc: str | None, name: str | None, after: str | None, limit: int
) -> list[EnterpriseRow]:
    """By credit code; `name`: a part of it; `after`: the last code seen."""
    reach = (scope.everything, scope.city, scope.enterprise)
    return await select(pool, EnterpriseRow, WITHIN_REACH, *reach, uscc, name, after, limit)
