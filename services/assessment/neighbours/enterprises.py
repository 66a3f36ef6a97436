"""Enterprises with their approved data, from the enterprise topic. Contents stay sealed as they
came, and are opened for an answer only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.history import kept
from libs.events.keyring import KeyRing
from libs.events.personal import subjects
from libs.events.pools import Pool
from libs.events.queries import select_one
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import BigInt, Json
from libs.filing.content.enterprise import Information
from libs.filing.facts.enterprise import FiledEnterprise
from libs.published import enterprise
from services.assessment.neighbours.origin import origin, ref
from services.assessment.records.domain.snapshot import FrozenEnterprise

Ended = (
    enterprise.FilingApproved
    | enterprise.FilingRejected
    | enterprise.FilingWithdrawn
    | enterprise.FilingVoided
)


@dataclass(frozen=True)
class EnterpriseFilingRow:
    filing: UUID
    enterprise: UUID
    type: str
    is_open: bool
    content: Json
    version: int
    position: BigInt
    data_sha256: str


enterprise_filings = ReadModel(
    "enterprise_filings",
    EnterpriseFilingRow,
    key=("filing",),
    indexes={"enterprise_filings_open": "(enterprise) WHERE is_open"},
)


@dataclass(frozen=True)
class FiledEnterpriseRow:
    enterprise: UUID
    filing: UUID
    filed_version: int


filed_enterprises = ReadModel("filed_enterprises", FiledEnterpriseRow, key=("enterprise",))


@enterprise_filings.on(enterprise.WholeFilingSent)
def _sent(e: enterprise.WholeFilingSent, at: StoredEvent) -> Iterator[Change]:
    yield enterprise_filings.put(
        EnterpriseFilingRow(
            filing=e.filing,
            enterprise=at.stream,
            type=e.type,
            is_open=True,
            content=e.content,
            **origin(at),
        )
    )


@enterprise_filings.on(
    enterprise.FilingApproved,
    enterprise.FilingRejected,
    enterprise.FilingWithdrawn,
    enterprise.FilingVoided,
)
def _ended(e: Ended, at: StoredEvent) -> Iterator[Change]:
    yield enterprise_filings.change(filing=e.filing, is_open=False)


@filed_enterprises.on(enterprise.FilingApproved)
def _approved(e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield filed_enterprises.put(
        FiledEnterpriseRow(enterprise=at.stream, filing=e.filing, filed_version=e.filed_version)
    )


@dataclass(frozen=True)
class ApprovedEnterpriseRow:
    """The approved version with the filing that it came by; `change_open`: another is under way."""

    filing: UUID
    filed_version: int
    content: Json
    version: int
    position: int
    data_sha256: str
    change_open: bool


APPROVED = """
SELECT f.filed_version, s.filing, s.content, s.version, s.position, s.data_sha256,
       EXISTS (
           SELECT FROM enterprise_filings o
           WHERE o.enterprise = $1 AND o.is_open AND o.type = 'ENT_CHANGE'
       ) AS change_open
FROM filed_enterprises f JOIN enterprise_filings s USING (filing)
WHERE f.enterprise = $1
"""


@dataclass(frozen=True)
class Approved:
    """The enterprise's approved version and the event that sent it."""

    fact: FiledEnterprise
    frozen: FrozenEnterprise


async def approved(pool: Pool, keyring: KeyRing, id: UUID) -> Approved | None:
    """The enterprise as last approved; None before the first approval."""
    row = await select_one(pool, ApprovedEnterpriseRow, APPROVED, id)
    if row is None:
        return None
    opener = await keyring.opener(set(subjects(row.content)))
    fact = FiledEnterprise(
        version=row.filed_version,
        information=kept(Information, row.content, opener),
        change_open=row.change_open,
    )
    frozen = FrozenEnterprise(filing=row.filing, filed_version=row.filed_version, sent=ref(id, row))
    return Approved(fact, frozen)
