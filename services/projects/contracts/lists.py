"""The list of contracts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import SUPERVISED
from libs.events import walks
from libs.events.pools import Pool
from libs.events.queries import Found, contains, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
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


AS_ADDED = Walk("contracts", ("id",), by=(("enterprise",),))
contracts = ReadModel("contracts", ContractRow, walks=[AS_ADDED])


@contracts.on(Contract.ContractSaved)
def _saved(e: Contract.ContractSaved, at: StoredEvent) -> Iterator[Change]:
    yield contracts.put(contract_row(e, at))


def contract_row(e: Contract.ContractSaved, at: StoredEvent) -> ContractRow:
    """The contract as it was saved."""
    content = e.content
    return ContractRow(
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


@contracts.on(Contract.ContractDeleted)
def _deleted(e: Contract.ContractDeleted, at: StoredEvent) -> Iterator[Change]:
    yield contracts.drop(id=at.stream)


@dataclass(frozen=True)
class ListedContract(ContractRow):
    projects: int = 0  # how many it has
    version: int = 0  # in which it was sent


TOLD = """
SELECT r.*, (SELECT count(*) FROM projects p WHERE p.contract = r.id) AS projects FROM {rows}
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    text: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[ListedContract]:
    """In the order in which they were added; `text`: a part of the name or the number; `after`:
    the last one seen.
    """
    wanted = [
        *scope.equal(city=SUPERVISED, enterprise="enterprise"),
        ("enterprise", enterprise),
        # no text has what is between the two
        (contains("r.name || chr(1) || r.contract_no", "{}"), text),
    ]
    return await select_page(pool, ListedContract, AS_ADDED, wanted, after, limit, TOLD)


async def has_any(pool: Pool, enterprise: UUID) -> bool:
    asked = [("enterprise", enterprise)]
    return bool((await select_page(pool, ContractRow, AS_ADDED, asked, None, 1)).rows)


PROJECTS = "(SELECT count(*) FROM projects p WHERE p.contract = r.id) = {}"


async def without_project(pool: Pool, enterprise: UUID) -> Sequence[ContractRow]:
    """The enterprise's contracts for which no project was added."""
    wanted = [("enterprise", enterprise), (PROJECTS, 0)]
    return (await select_page(pool, ContractRow, AS_ADDED, wanted, None, walks.ROWS)).rows
