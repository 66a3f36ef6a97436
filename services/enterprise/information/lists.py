"""The list of enterprises. Names stand here because lists show and search them; an item is read
from its stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import Found, contains, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from libs.filing.filing import Type
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
    saved_name: str | None = None  # where it differs from what others know it by
    is_sent: bool = False


BY_CREDIT_CODE = Walk("enterprises", ("uscc",), by=(("supervising_city_code",),))
enterprises = ReadModel("enterprises", EnterpriseRow, walks=[BY_CREDIT_CODE])


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
    saved = {"saved_name": e.information.basic.name} if e.information.basic.name else {}
    yield enterprises.change(id=at.stream, is_saved=True, **saved)


@enterprises.on(Enterprise.FilingSent)
def _sent(e: Enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
    """Before the first approval, what was sent is all that others know."""
    name = {"name": e.name} if e.type is Type.ENT_INIT and e.name else {}
    city = e.supervising_city_code
    yield enterprises.change(id=at.stream, is_sent=True, supervising_city_code=city, **name)


@enterprises.on(Enterprise.FilingApproved)
def _filed(e: Enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield enterprises.change(
        id=at.stream,
        name=e.name,
        saved_name=None,
        supervising_city_code=e.supervising_city_code,
        filed_version=e.filed_version,
    )


NAME_TOLD, OWN_NAME = "r.name", "coalesce(r.saved_name, r.name)"


async def within_reach(
    pool: Pool,
    scope: Scope,
    uscc: str | None,
    name: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
    *,
    only_sent: bool,
) -> Found[EnterpriseRow]:
    """By credit code; `name`: a part of it; `after`: the last code seen; `only_sent`: without what
    was only saved.
    """
    wanted = [
        *scope.equal(city="supervising_city_code", enterprise="id"),
        ("uscc", uscc),
        (contains(NAME_TOLD if only_sent else OWN_NAME, "{}"), name),
    ]
    found = await select_page(pool, EnterpriseRow, BY_CREDIT_CODE, wanted, after, limit)
    return replace(found, rows=[_told(row) if only_sent else _own(row) for row in found.rows])


def _told(row: EnterpriseRow) -> EnterpriseRow:
    return replace(row, is_saved=row.is_sent)


def _own(row: EnterpriseRow) -> EnterpriseRow:
    return replace(row, name=row.saved_name or row.name)
