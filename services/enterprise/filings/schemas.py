"""What is sent and answered about an enterprise's filings; personal data only to those who must
read it.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.chassis.identity.access import Reach
from libs.chassis.problems.handlers import FindingItem
from libs.chassis.routers.audit import PersonalDataAccess
from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.content.enterprise import Information
from libs.filing.content.masking import masked
from libs.filing.filing import Answer, Filing, ReturnedItem, Status, Type
from services.enterprise.information.domain import Enterprise


class NewFiling(Value):
    """添加."""

    type: Type = Field(examples=[Type.ENT_INIT])


class Sending(Value):
    """在线发送: warnings that the clerk has read, by rule id, and their word on returned points
    that they did not change.
    """

    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = Field(
        default=(), examples=[["E19"]]
    )
    answers: tuple[Answer, ...] = ()


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
    acknowledged: tuple[str, ...] = Field(
        default=(),
        exclude_if=lambda value: not value,  # not said of what was answered before it was told
        description="Warnings that the sending of this round confirmed, by rule",
    )


class FilingLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

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


def filing_view(
    enterprise: Enterprise,
    filing: Filing[Information],
    content: Information | None = None,
    findings: list[FindingItem] | None = None,
    acknowledged: tuple[str, ...] = (),
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
        acknowledged=acknowledged,
    )


def receipt(filing: Filing[Information]) -> Receipt:
    assert filing.sent_at
    return Receipt(receipt_no=filing.receipt_no, round=filing.round, sent_at=filing.sent_at)


async def shown(
    content: Information | None, enterprise: UUID, reach: Reach, reads: PersonalDataAccess
) -> Information | None:
    """The content as the caller may see it. In clear it is not shown before that is written
    down.
    """
    if content is None or reach.view == "masked":
        return masked(content) if content else None
    await reads.record(enterprise, enterprise)
    return content
