"""Approved certificates of enterprises, from the enterprise topic."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.history import kept
from libs.events.pools import Pool
from libs.events.queries import select_one
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.rows import Json
from libs.filing.content.enterprise import Certificate
from libs.filing.facts.enterprise import Certificates
from libs.published import enterprise

# of a certificate: whether it is in force, and what it allows
KEPT = ("id", "status", "valid_to", "extended_to", "items")


@dataclass(frozen=True)
class LicencesSentRow:
    filing: UUID
    certificates: Json


licences_sent = ReadModel("licences_sent", LicencesSentRow, key=("filing",))


@dataclass(frozen=True)
class LicencesFiledRow:
    enterprise: UUID
    filing: UUID


licences_filed = ReadModel("licences_filed", LicencesFiledRow, key=("enterprise",))


@licences_sent.on(enterprise.WholeFilingSent)
def _sent(e: enterprise.WholeFilingSent, at: StoredEvent) -> Iterator[Change]:
    rows = [_kept(each) for each in e.content.get("certificates", ())]
    sent = LicencesSentRow(filing=e.filing, certificates=rows)
    yield licences_sent.put(sent)


def _kept(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What of it is asked for here."""
    return {name: certificate.get(name) for name in KEPT}


@licences_filed.on(enterprise.FilingApproved)
def _filed(e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield licences_filed.put(LicencesFiledRow(enterprise=at.stream, filing=e.filing))


APPROVED = """
SELECT s.* FROM licences_filed f JOIN licences_sent s USING (filing)
WHERE f.enterprise = $1
"""


async def certificates_of(pool: Pool, enterprise: UUID) -> Certificates:
    """As last approved; none before the first approval."""
    approved = await select_one(pool, LicencesSentRow, APPROVED, enterprise)
    rows = approved.certificates if approved else ()
    return Certificates(listed=tuple(kept(Certificate, each) for each in rows))
