"""The directory: which enterprise there is, what it is called, who supervises it. Each service
projects it from the enterprise topic.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.events.eventually import eventually
from libs.events.pools import Pool, borrowed, connection_errors
from libs.events.projection import Projection
from libs.events.reader import Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.refusal import Finding, Refused
from libs.events.rows import row_of
from libs.events.walks import Walk
from libs.published import enterprise

UNKNOWN = Finding(rule="STATE", facts=(("case", "enterprise_unknown"),))


@dataclass(frozen=True)
class Listing:
    """One enterprise; `supervising_city_code` is a code of `reporting_unit`."""

    enterprise: UUID
    uscc: str
    name: str
    supervising_city_code: str
    established_on: date | None
    filed: bool  # has an approved version


listings = ReadModel(
    "directory",
    Listing,
    key=("enterprise",),
    indexes={"directory_city": "(supervising_city_code)", "directory_uscc": "(uscc)"},
)
BY_CREDIT_CODE = Walk("directory", ("uscc",), key=("enterprise",))
# of a row `r` with its enterprise, for lists within an officer's reach
SUPERVISED = (
    "(SELECT d.supervising_city_code FROM directory d WHERE d.enterprise = r.enterprise) = {}"
)


class Directory:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, enterprise: UUID) -> Listing | None:
        """Raises Unavailable while the database is away."""
        with connection_errors("the directory"):
            async with borrowed(self._pool) as connection:
                row = await connection.fetchrow(
                    "SELECT * FROM directory WHERE enterprise = $1", enterprise
                )
        return row_of(Listing, dict(row)) if row else None

    async def arriving(self, enterprise: UUID) -> Listing:
        """As `find`, but an enterprise that has just registered is waited for. Raises Refused if it
        does not arrive.
        """
        found = await eventually(lambda: self.find(enterprise))
        if found is None:
            raise Refused([UNKNOWN])
        return found

    async def supervising_city(self, enterprise: UUID) -> str | None:
        found = await self.find(enterprise)
        return found.supervising_city_code if found else None


def reader(service: str) -> Reader:
    """Follows the enterprise service into a table of this service."""
    projection = Projection(f"{service}.directory", [listings], version=2)
    return Reader(projection.name, "enterprise", projection=projection)


@listings.on(enterprise.EnterpriseRegistered)
def _registered(fact: enterprise.EnterpriseRegistered, at: StoredEvent) -> Iterator[Change]:
    yield listings.put(
        Listing(
            enterprise=at.stream,
            uscc=fact.uscc,
            name=fact.name,
            supervising_city_code=fact.supervising_city_code,
            established_on=None,
            filed=False,
        )
    )


@listings.on(enterprise.FilingSent)
def _sent(fact: enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
    """Before the first approval, what was sent is all that is known; it decides which officers may
    look.
    """
    if fact.type == "ENT_INIT":
        yield listings.change(
            enterprise=at.stream,
            name=fact.name,
            supervising_city_code=fact.supervising_city_code,
            established_on=fact.established_on,
        )


@listings.on(enterprise.FilingApproved)
def _approved(fact: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield listings.change(
        enterprise=at.stream,
        name=fact.name,
        supervising_city_code=fact.supervising_city_code,
        established_on=fact.established_on,
        filed=True,
    )
