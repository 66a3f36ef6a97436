"""Approved certificates of enterprises. A service that asks for them projects them from the
enterprise topic, and keeps of each what it asks for.

    licences = ApprovedCertificates("licences", ("id", "status", "valid_to", "items"))
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class SentRow:
    filing: UUID
    certificates: Json


@dataclass(frozen=True)
class FiledRow:
    enterprise: UUID
    filing: UUID


class ApprovedCertificates:
    def __init__(self, name: str, fields: Sequence[str]) -> None:
        """`name`: of both tables, before `_sent` and `_filed`; `fields`: what of a certificate is
        kept.
        """
        self.sent = ReadModel(f"{name}_sent", SentRow, key=("filing",))
        self.filed = ReadModel(f"{name}_filed", FiledRow, key=("enterprise",))
        self.sent.on(enterprise.WholeFilingSent)(self._sent)
        self.filed.on(enterprise.FilingApproved)(self._filed)
        self._fields = fields
        self._approved = (
            f"SELECT s.* FROM {name}_filed f JOIN {name}_sent s USING (filing) "
            "WHERE f.enterprise = $1"
        )

    async def of(self, pool: Pool, enterprise: UUID) -> Certificates:
        """As last approved; none before the first approval."""
        approved = await select_one(pool, SentRow, self._approved, enterprise)
        rows = approved.certificates if approved else ()
        return Certificates(listed=tuple(kept(Certificate, each) for each in rows))

    def _sent(self, e: enterprise.WholeFilingSent, at: StoredEvent) -> Iterator[Change]:
        rows = [
            {name: certificate.get(name) for name in self._fields}
            for certificate in e.content.get("certificates", ())
        ]
        yield self.sent.put(SentRow(filing=e.filing, certificates=rows))

    def _filed(self, e: enterprise.FilingApproved, at: StoredEvent) -> Iterator[Change]:
        yield self.filed.put(FiledRow(enterprise=at.stream, filing=e.filing))
