"""What is answered of rectifications 限期整改."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.filing.filing import Decision
from services.review.rectification.domain import (
    Counted,
    Hearing,
    MeasuredItem,
    Measurement,
    Recheck,
    Rectification,
    Report,
    Shortfall,
    Status,
)


class CountedItem(BaseModel):
    """A licence in words, with the places of its staffing table; none: not known."""

    zh: str
    en: str
    registered: Counted | None
    professionals: Counted | None


class MeasurementView(BaseModel):
    """整改复核: what the enterprise has, beside what its standards need."""

    on: date
    items: list[CountedItem]
    net_assets_wan: Decimal | None


class RecheckView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    decision: Decision
    text: str
    on: date


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
    measurement: MeasurementView | None
    recheck: RecheckView | None
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
        measurement=_measurement(rectification.measurement),
        recheck=_recheck(rectification.last_recheck),
        hearing=rectification.hearing,
    )


def _measurement(measured: Measurement | None) -> MeasurementView | None:
    if measured is None:
        return None
    items = [_item(each) for each in measured.items]
    return MeasurementView(on=measured.on, items=items, net_assets_wan=measured.net_assets_wan)


def _item(each: MeasuredItem) -> CountedItem:
    return CountedItem(
        zh=each.qualification.label(),
        en=each.qualification.label("en"),
        registered=each.registered,
        professionals=each.professionals,
    )


def _recheck(said: Recheck | None) -> RecheckView | None:
    return RecheckView.model_validate(said) if said else None
