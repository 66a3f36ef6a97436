"""What is sent and answered about rectifications 限期整改."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.events.strict import LINE, Boolean
from libs.events.value import Value
from libs.filing.content.types import PRINTABLE, Day, Text200
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
from services.review.texts import Printable, Said


class NamedShortfall(Value):
    item: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE), LINE]
    need: Text200
    have: Text200

    @property
    def value(self) -> Shortfall:
        return Shortfall(item=self.item, need=self.need, have=self.have)


class Ordering(Value):
    """限期整改通知"""

    record: UUID
    notice_date: Day
    deadline: Day
    shortfalls: Annotated[tuple[NamedShortfall, ...], Field(min_length=1, max_length=200)]


class Reporting(Value):
    """整改报告, with its scans (RECT_REPORT)."""

    text: Said
    scans: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]


class Rechecking(Value):
    decision: Literal[Decision.PASS, Decision.RETURN, Decision.FAIL]
    text: Printable = ""


class ProposingWithdrawal(Value):
    """How the enterprise was told, and what it said (V09)."""

    told_on: Day
    heard_on: Day
    statement: Printable = ""
    text: Printable = ""

    @property
    def hearing(self) -> Hearing:
        return Hearing(told_on=self.told_on, heard_on=self.heard_on, statement=self.statement)


class Settling(Value):
    """The issuing authority withdrew the licence, or dropped the proposal."""

    withdrawn: Boolean
    text: Printable = ""


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
