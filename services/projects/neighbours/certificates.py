"""Approved certificates of enterprises, from the enterprise topic, without names of persons."""

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

KEPT = ("id", "class", "issued_on", "valid_to", "extended_to", "status", "items")


@dataclass(frozen=True)
class CertificatesSentRow:
    filing: UUID
    certificates: Json


certificates_sent = ReadModel("certificates_sent", CertificatesSentRow, key=("filing",))


@dataclass(frozen=True)
class CertificatesFiledRow:
    enterprise: UUID
    filing: UUID


certificates_filed = ReadModel("certificates_filed", CertificatesFiledRow, key=("enterprise",))


@certificates_sent.on(enterprise.WholeFilingSent)
def _sent(e: enterprise.WholeFilingSent, at: StoredEvent) -> Iterator[Change]:
    rows = [_kept(each) for each in e.content.get("certificates", ())]
    sent = CertificatesSentRow(filing=e.filing, certificates=rows)
    yield certificates_sent.put(sent)


def _kept(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What of it is asked for here."""
    return {name: certificate.get(name) for name in KEPT}


@certificates_filed.on(enterprise.FilingApproved)
def _filed(e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
    yield certificates_filed.put(CertificatesFiledRow(enterprise=at.stream, filing=e.filing))


APPROVED = """
SELECT s.* FROM certificates_filed f JOIN certificates_sent s USING (filing)
WHERE f.enterprise = $1
"""


async def certificates_of(pool: Pool, enterprise: UUID) -> Certificates:
    """As last approved; none before the first approval."""
    found = await select_one(pool, CertificatesSentRow, APPROVED, enterprise)
    rows = found.certificates if found else ()
    return Certificates(listed=tuple(kept(Certificate, each) for each in rows))
