"""Approved branches of enterprises, from the enterprise topic."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select_one
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.published import enterprise


@dataclass(frozen=True)
class EnterpriseSentRow:
    filing: UUID
    enterprise: UUID
    branches: list[str]  # credit codes


enterprise_sent = ReadModel("enterprise_sent", EnterpriseSentRow, key=("filing",))


@dataclass(frozen=True)
class EnterpriseFiledRow:
    enterprise: UUID
    filing: UUID


enterprise_filed = ReadModel("enterprise_filed", EnterpriseFiledRow, key=("enterprise",))


@enterprise_sent.on(enterprise.FilingSent)
def _sent(e: enterprise.FilingSent, at: StoredEvent) -> Iterator[Change]:
    branches = [
        each.uscc for each in e.content.subsidiaries if each.relation == "BRANCH" and each.uscc
    ]
    yield enterprise_sent.put(
        EnterpriseSentRow(filing=e.filing, enterprise=at.stream, branches=branches)
    )


@enterprise_filed.on(enterprise.FilingApproved)
def _filed(e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield enterprise_filed.put(EnterpriseFiledRow(enterprise=at.stream, filing=e.filing))


APPROVED = """
SELECT s.* FROM enterprise_filed f JOIN enterprise_sent s USING (filing)
WHERE f.enterprise = $1
"""


async def branches_of(pool: Pool, enterprise: UUID) -> frozenset[str]:
    """Credit codes of the enterprise's branches as last approved; none before the first
    approval.
    """
    approved = await select_one(pool, EnterpriseSentRow, APPROVED, enterprise)
    return frozenset(approved.branches if approved else ())
