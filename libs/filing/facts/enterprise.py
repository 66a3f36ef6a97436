"""What the enterprise service tells the others: `directory`, `enterprise.filed`,
`enterprise.certificates`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from libs.events.value import Value
from libs.filing import reference
from libs.filing.conclusion.held import HeldItem, in_force, reaches
from libs.filing.content.enterprise import Certificate, CertificateItem, Information, NetAssets
from libs.filing.policy import AssessmentPolicy
from libs.filing.standards import Standard

IN_FORCE = "1"  # code list `certificate_status`
BRANCH = "BRANCH"  # code list `subsidiary_relation`


class DirectoryEntry(Value):
    enterprise: UUID
    uscc: str
    name: str
    supervising_city_code: str
    established_on: date | None = None


class FiledEnterprise(Value):
    """The latest approved version."""

    version: int
    information: Information
    change_open: bool = False  # an ENT_CHANGE is sent, under review or returned

    @property
    def newest_assets(self) -> NetAssets | None:
        return max(self.information.net_assets, key=lambda row: row.fiscal_year or 0, default=None)

    @property
    def payers(self) -> frozenset[str]:
        """Credit codes that may pay social insurance: its own and its branches', not its
        subsidiaries'.
        """
        own = self.information.basic.uscc
        branches = [unit.uscc for unit in self.information.subsidiaries if unit.relation == BRANCH]
        return frozenset(code for code in (own, *branches) if code)


class Held(NamedTuple):
    """One licence at one grade, with its place in the list of certificates."""

    pointer: str
    certificate: Certificate
    item: CertificateItem

    @property
    def standard(self) -> Standard | None:
        return reference.standard_of(self.item.licence, self.item.grade)

    @property
    def kind(self) -> Literal["survey", "design"] | None:
        licence = reference.licences().get(self.item.licence or "")
        return licence.kind if licence else None

    @property
    def code(self) -> str:
        """Of its standard, else of its licence."""
        return self.standard.code if self.standard else self.item.licence or ""

    @property
    def judged(self) -> HeldItem:
        """As the conclusion takes it."""
        item, certificate = self.item, self.certificate
        return HeldItem(
            licence=item.licence or "",
            grade=item.grade or "",
            licence_name=item.licence_name,
            status=certificate.status,
            valid_to=certificate.valid_to,
            extended_to=certificate.extended_to,
        )

    def covers(self, day: date, policy: AssessmentPolicy) -> bool:
        return reaches(self.judged, day, policy)


class Certificates(Value):
    """The approved certificates, whatever their status."""

    listed: tuple[Certificate, ...] = ()

    def items(self) -> Iterator[Held]:
        for n, certificate in enumerate(self.listed):
            yield from (
                Held(f"/certificates/{n}/items/{m}", certificate, item)
                for m, item in enumerate(certificate.items)
            )

    def in_force(self, day: date, policy: AssessmentPolicy) -> list[Held]:
        """A flag 资质异常 changes nothing."""
        return [each for each in self.items() if in_force(each.judged, day, policy)]
