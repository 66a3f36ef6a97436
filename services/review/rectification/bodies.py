"""What clients send about rectifications."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.strict import LINE, Boolean
from libs.events.value import Value
from libs.filing.content.types import PRINTABLE, Day, Text200
from libs.filing.filing import Decision
from services.review.rectification.domain import Hearing, Shortfall
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
