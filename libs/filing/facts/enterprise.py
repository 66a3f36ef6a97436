"""What the enterprise service tells the others: `directory`, `enterprise.filed`, `enterprise.certificates`."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from libs.events.value import Value
from libs.filing import reference
from libs.filing.content.enterprise import Certificate, CertificateItem, Information
from libs.filing.policy import Policy
from libs.filing.standards import Standard

IN_FORCE = "1"  # code list `certificate_status`


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

    def covers(self, day: date, policy: Policy) -> bool:
        """Whether its printed or extended date, or an extension of its grade by the policy, reaches that day."""
        until = self.certificate.extended_to or self.certificate.valid_to
        if until is not None and until >= day:
            return True
        extension = policy.extension(self.item.grade or "")
        return extension is not None and (extension.until is None or extension.until >= day)


class Certificates(Value):
    """The approved certificates, whatever their status."""

    listed: tuple[Certificate, ...] = ()

    def items(self) -> Iterator[Held]:
        for n, certificate in enumerate(self.listed):
            yield from (Held(f"/certificates/{n}/items/{m}", certificate, item) for m, item in enumerate(certificate.items))

    def in_force(self, day: date, policy: Policy) -> list[Held]:
        """A flag 资质异常 changes nothing."""
        return [each for each in self.items() if each.certificate.status == IN_FORCE and each.covers(day, policy)]
