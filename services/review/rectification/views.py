"""What is answered of rectifications 限期整改."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.review.rectification.domain import Hearing, Rectification, Report, Shortfall, Status


class RectificationView(BaseModel):
    id: UUID
    version: int
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    notice_date: date
    deadline: date
    shortfalls: tuple[Shortfall, ...]
    status: Status
    settled: bool
    report: Report | None
    hearing: Hearing | None


class RectificationLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    record: UUID
    enterprise: UUID
    uscc: str
    enterprise_name: str
    unit: str
    notice_date: date
    deadline: date
    status: Status
    settled: bool


def rectification_view(rectification: Rectification, today: date) -> RectificationView:
    return RectificationView(
        id=rectification.id,
        version=rectification.version,
        record=rectification.assessment,
        enterprise=rectification.enterprise,
        uscc=rectification.uscc,
        enterprise_name=rectification.enterprise_name,
        unit=rectification.unit,
        notice_date=rectification.notice_date,
        deadline=rectification.deadline,
        shortfalls=rectification.shortfalls,
        status=rectification.status_on(today),
        settled=rectification.is_settled,
        report=rectification.last_report,
        hearing=rectification.hearing,
    )
