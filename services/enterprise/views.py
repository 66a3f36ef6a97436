"""What the enterprise service answers: field names of the domain book; personal data only to those
who must read it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.chassis.access import Reach
from libs.chassis.audit import Reading
from libs.chassis.ports import Texts
from libs.chassis.problems import FindingItem, finding_items
from libs.events.refusal import Finding
from libs.filing.content.enterprise import Information
from libs.filing.content.masking import masked
from libs.filing.filing import Filing, ReturnedItem, Status, Type
from services.enterprise.domain.enterprise import Enterprise, Version
from services.enterprise.domain.legacy import LegacyFiling


class FilingView(BaseModel):
    id: UUID
    type: Type
    filing_no: str
    status: Status
    round: int
    base_version: int | None
    receipt_no: str | None
    sent_at: datetime | None
    decided_at: datetime | None
    returned_items: tuple[ReturnedItem, ...]
    withdrawal_asked: bool
    filed_version: int | None
    version: int
    content: Information | None = None
    findings: list[FindingItem] = []


class FilingLine(BaseModel):
    id: UUID
    enterprise: UUID
    type: Type
    filing_no: str
    status: Status
    round: int
    base_version: int | None
    receipt_no: str | None
    drafted_at: datetime
    sent_at: datetime | None
    decided_at: datetime | None
    filed_version: int | None


class Receipt(BaseModel):
    """The answer to 在线发送."""

    receipt_no: str
    round: int
    sent_at: datetime


class EnterpriseView(BaseModel):
    id: UUID
    uscc: str
    name: str
    supervising_city_code: str
    version: int
    is_saved: bool
    filed_version: int | None
    filings: list[FilingView]
    legacy: "LegacyView | None" = None
    information: Information | None = None
    findings: list[FindingItem] = []


class EnterpriseLine(BaseModel):
    id: UUID
    uscc: str
    name: str
    supervising_city_code: str
    registered_at: datetime
    is_saved: bool
    filed_version: int | None


class LegacyView(BaseModel):
    """Where imported fields come from: pointers of those that still stand as 5.0 had them."""

    source: str = "legacy5"
    fields: list[str]


class VersionView(BaseModel):
    number: int
    filing: UUID
    content: Information | None = None


class LegacyFilingView(BaseModel):
    id: UUID
    uscc: str
    legacy_id: str
    filed_on: date
    migrated: bool
    sha256: str


def filing_view(
    enterprise: Enterprise,
    filing: Filing[Information],
    content: Information | None = None,
    findings: list[FindingItem] | None = None,
) -> FilingView:
    return FilingView(
        id=filing.id,
        type=filing.type,
        filing_no=filing.filing_no,
        status=filing.status,
        round=filing.round,
        base_version=filing.base_version,
        receipt_no=filing.receipt_no or None,
        sent_at=filing.sent_at,
        decided_at=filing.decided_at,
        returned_items=filing.returned_items,
        withdrawal_asked=filing.withdrawal_asked,
        filed_version=filing.filed_version,
        version=enterprise.version,
        content=content,
        findings=findings or [],
    )


def enterprise_view(
    enterprise: Enterprise,
    information: Information | None = None,
    *,
    only_sent: bool = False,
    findings: list[FindingItem] | None = None,
) -> EnterpriseView:
    """`only_sent`: what was never sent is nobody's business but the enterprise's."""
    filings = [
        filing_view(enterprise, each)
        for each in enterprise.filings.values()
        if each.round or not only_sent
    ]
    return EnterpriseView(
        id=enterprise.id,
        uscc=enterprise.uscc,
        name=enterprise.name,
        supervising_city_code=enterprise.supervising_city_code,
        version=enterprise.version,
        is_saved=enterprise.is_saved,
        filed_version=enterprise.filed.number if enterprise.filed else None,
        filings=filings,
        legacy=None if only_sent else _legacy(enterprise),
        information=information,
        findings=findings or [],
    )


async def shown(
    content: Information | None, enterprise: UUID, reach: Reach, reads: Reading
) -> Information | None:
    """The content as the caller may see it. In clear it is not shown before that is written
    down.
    """
    if content is None or reach.view == "masked":
        return masked(content) if content else None
    await reads.record(enterprise, enterprise)
    return content


def warnings(findings: list[Finding], words: Texts) -> list[FindingItem]:
    """What a saving told besides: everything that does not block."""
    return finding_items([each for each in findings if not each.severity.blocks], words)


def version_view(version: Version, content: Information | None = None) -> VersionView:
    return VersionView(number=version.number, filing=version.filing, content=content)


def legacy_view(legacy: LegacyFiling) -> LegacyFilingView:
    return LegacyFilingView(
        id=legacy.id,
        uscc=legacy.uscc,
        legacy_id=legacy.offer.legacy_id,
        filed_on=legacy.offer.filed_on,
        migrated=legacy.offer.migrated,
        sha256=legacy.offer.sha256,
    )


def receipt(filing: Filing[Information]) -> Receipt:
    assert filing.sent_at
    return Receipt(receipt_no=filing.receipt_no, round=filing.round, sent_at=filing.sent_at)


def _legacy(enterprise: Enterprise) -> LegacyView | None:
    if not enterprise.fetched or not enterprise.page:
        return None
    now = dict(_leaves(enterprise.page.model_dump(mode="json")))
    return LegacyView(
        fields=sorted(
            path
            for path, value in _leaves(enterprise.fetched.model_dump(mode="json"))
            if now.get(path) == value
        )
    )


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [leaf for name, each in value.items() for leaf in _leaves(each, f"{path}/{name}")]
    if isinstance(value, list):
        return [
            leaf for index, each in enumerate(value) for leaf in _leaves(each, f"{path}/{index}")
        ]
    return [] if value is None else [(path, value)]
