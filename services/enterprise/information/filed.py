"""What the authority approved of an enterprise, and how it marks the licences in it 标注."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
from libs.events.value import Act, replace
from libs.filing.content.enterprise import CertificateFlag, Information
from libs.filing.subject import FilingSubject
from services.enterprise.information import certificates


@dataclass(frozen=True)
class FiledInformation:
    """An approved version of the basic information: what everybody else reads."""

    number: int
    filing: UUID
    content: Information


class FiledEnterprise(FilingSubject):
    if TYPE_CHECKING:  # as FilingSubject's
        versions: tuple[FiledInformation, ...]
        page: Information | None

    @property
    def filed(self) -> FiledInformation | None:
        return self.versions[-1] if self.versions else None

    # The authority marks the licences 标注

    class CertificatesFlagged(Aggregate.Event):
        kind: str  # code list `certificate_flag`

    class CertificateFlagsLifted(Aggregate.Event):
        kind: str

    def flag_certificates(self, act: Act, kind: str) -> None:
        """On what is filed; no filing changes it."""
        if self.filed and not certificates.is_flagged(self.filed.content, kind):
            self.record(self.CertificatesFlagged(act=act, kind=kind))

    def lift_flags(self, act: Act, kind: str) -> None:
        if self.filed and certificates.is_flagged(self.filed.content, kind):
            self.record(self.CertificateFlagsLifted(act=act, kind=kind))

    @evolves(CertificatesFlagged)
    def _certificates_flagged(self, e: CertificatesFlagged) -> None:
        flag = CertificateFlag(kind=e.kind, since=e.act.today)
        self._mark(lambda page: certificates.flagged(page, flag))

    @evolves(CertificateFlagsLifted)
    def _certificate_flags_lifted(self, e: CertificateFlagsLifted) -> None:
        self._mark(lambda page: certificates.lifted(page, e.kind, e.act.today))

    def _mark(self, mark: Callable[[Information], Information]) -> None:
        """On everything that shows certificates; what was sent stays as it was sent."""
        self.versions = tuple(replace(each, content=mark(each.content)) for each in self.versions)
        self.page = mark(self.page) if self.page else None
