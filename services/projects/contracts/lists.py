"""The list of contracts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.projects.contracts.domain import Contract


@dataclass(frozen=True)
class ContractRow:
    id: UUID
    enterprise: UUID
    contract_no: str
    name: str
    is_placeholder: bool
    contract_type: str | None = None
    client_name: str | None = None
    amount_wan: Decimal | None = None
    signed_on: date | None = None


contracts = ReadModel(
    "contracts", ContractRow, indexes={"contracts_by_enterprise": "(enterprise, id)"}
)


@contracts.on(Contract.ContractSaved)
def _saved(e: Contract.ContractSaved, at: StoredEvent) -> Iterator[Change]:
    content = e.content
    yield contracts.put(
        ContractRow(
            id=at.stream,
            enterprise=at.owner,
            contract_no=content.contract_no or "",
            name=content.name or "",
            is_placeholder=bool(content.is_placeholder),
            contract_type=content.contract_type,
            client_name=content.client_name,
            amount_wan=content.amount_wan,
            signed_on=content.signed_on,
        )
    )


@contracts.on(Contract.ContractDeleted)
def _deleted(e: Contract.ContractDeleted, at: StoredEvent) -> Iterator[Change]:
    yield contracts.drop(id=at.stream)


@dataclass(frozen=True)
class ListedContract(ContractRow):
    projects: int = 0  # how many it has


WITHIN_REACH = """
SELECT c.*, (SELECT count(*) FROM projects p WHERE p.contract = c.id) AS projects
FROM contracts c LEFT JOIN directory d ON d.enterprise = c.enterprise
WHERE ($1::boolean OR d.supervising_city_code = $2 OR c.enterprise = $3)
  AND ($4::uuid IS NULL OR c.enterprise = $4)
  AND ($5::text IS NULL OR strpos(c.name, $5) > 0 OR strpos(c.contract_no, $5) > 0)
  AND ($6::uuid IS NULL OR c.id > $6)
ORDER BY c.id LIMIT $7
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    text: str | None,
    after: UUID | None,
    limit: int,
) -> list[ListedContract]:
    """In the order in which they were added; `text`: a part of the name or the number; `after`:
    the last one seen.
    """
    reach = (scope.everything, scope.city, scope.enterprise)
    wanted = (enterprise, text, after, limit)
    return await select(pool, ListedContract, WITHIN_REACH, *reach, *wanted)
