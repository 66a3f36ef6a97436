"""The directory: which enterprise there is, what it is called, who supervises it. Each service
projects it from the enterprise topic.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.events.contracts import enterprise
from libs.events.pools import GONE, Pool, gone
from libs.events.projection import Projection, Row, change, put
from libs.events.reader import Reader
from libs.events.records import Recorded

PATIENCE = 2.0  # seconds until the caller is told that the database is away

SCHEMA = """
CREATE TABLE IF NOT EXISTS directory (
    enterprise            uuid PRIMARY KEY,
    uscc                  text NOT NULL,
    name                  text NOT NULL,
    supervising_city_code text NOT NULL,
    established_on        date,
    filed                 boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS directory_city ON directory (supervising_city_code);
"""
COLUMNS = "enterprise, uscc, name, supervising_city_code, established_on, filed"


@dataclass(frozen=True)
class Listing:
    """One enterprise; `supervising_city_code` is a code of `reporting_unit`."""

    enterprise: UUID
    uscc: str
    name: str
    supervising_city_code: str
    established_on: date | None
    filed: bool  # has an approved version


class Directory:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, enterprise: UUID) -> Listing | None:
        """Raises Unavailable while the database is away."""
        try:
            async with asyncio.timeout(PATIENCE), self._pool.acquire() as connection:
                row = await connection.fetchrow(
                    f"SELECT {COLUMNS} FROM directory WHERE enterprise = $1", enterprise
                )
        except GONE as error:
            raise gone(error) from error
        return Listing(*row) if row else None

    async def supervising_city(self, enterprise: UUID) -> str | None:
        found = await self.find(enterprise)
        return found.supervising_city_code if found else None


def reader(service: str) -> Reader:
    """Follows the enterprise service into a table of this service."""
    projection = Projection(f"{service}.directory", {"directory": ("enterprise",)}, SCHEMA)
    projection.on(enterprise.EnterpriseRegistered)(_registered)
    projection.on(enterprise.FilingSent)(_sent)
    projection.on(enterprise.FilingApproved)(_approved)
    return Reader(projection.name, "enterprise", projection=projection, passes_rest=True)


def _registered(fact: enterprise.EnterpriseRegistered, at: Recorded) -> Iterator[Row]:
    yield put(
        "directory",
        enterprise=at.stream,
        uscc=fact.uscc,
        name=fact.name,
        supervising_city_code=fact.supervising_city_code,
        established_on=None,
        filed=False,
    )


def _sent(fact: enterprise.FilingSent, at: Recorded) -> Iterator[Row]:
    """Before the first approval, what was sent is all that is known; it decides which officers may
    look.
    """
    if fact.type == "ENT_INIT":
        yield change(
            "directory",
            enterprise=at.stream,
            name=fact.name,
            supervising_city_code=fact.supervising_city_code,
            established_on=fact.established_on,
        )


def _approved(fact: enterprise.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield change(
        "directory",
        enterprise=at.stream,
        name=fact.name,
        supervising_city_code=fact.supervising_city_code,
        established_on=fact.established_on,
        filed=True,
    )
