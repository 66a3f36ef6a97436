"""What clients send about records after their opinions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.personal import PersonalData
from libs.events.value import Value
from libs.filing.content.types import PRINTABLE, Day, Text50, Text200
from libs.filing.filing import Decision
from services.review.domain.judgement import Inspector, Mark
from services.review.domain.judgement import Verdict as Given
from services.review.domain.rectification import Hearing as Held
from services.review.domain.rectification import Shortfall as Missing

Text = Annotated[str, StringConstraints(max_length=2000, pattern=PRINTABLE)]
Said = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTABLE)]
Pointer = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^(/[^/]+)*$"),
    Field(examples=["/si_proofs/0/payer_uscc"]),
]


class Inspecting(Value):
    """An inspector; without the number of his certificate he does not count (V10)."""

    name: PersonalData[Text50]
    certificate_no: PersonalData[Text50] = ""


class Minutes(Value):
    """核查记录"""

    date: Day
    inspectors: Annotated[tuple[Inspecting, ...], Field(max_length=20)]
    place: Text200
    minutes: Said

    @property
    def people(self) -> tuple[Inspector, ...]:
        return tuple(
            Inspector(name=each.name, certificate_no=each.certificate_no)
            for each in self.inspectors
        )


class Words(Value):
    """An expert's opinion."""

    text: Said


class Interest(Value):
    reason: Text = ""


class Verdict(Value):
    """A word on a finding; A22 and A23 are entered here."""

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}[ab]?$"), Field(examples=["A11"])]
    pointer: Pointer = ""
    verdict: Mark
    text: Text = ""

    @property
    def given(self) -> Given:
        return Given(rule=self.rule, pointer=self.pointer, verdict=self.verdict, text=self.text)


class Proposing(Value):
    """拟定结论"""

    result: Annotated[
        str,
        StringConstraints(max_length=20),
        Field(description="PASS, BASIC or FAIL", examples=["PASS"]),
    ]
    override_reason: Text = ""
    verdicts: Annotated[tuple[Verdict, ...], Field(max_length=500)] = ()


class Publishing(Value):
    records: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class Objecting(Value):
    """异议: what is said against a result, and by whom."""

    record: UUID
    text: PersonalData[Said]
    who: PersonalData[
        Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)]
    ]


class Closing(Value):
    upheld: bool
    text: Said


class Shortfall(Value):
    item: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
    need: Text200
    have: Text200

    @property
    def missing(self) -> Missing:
        return Missing(item=self.item, need=self.need, have=self.have)


class Ordering(Value):
    """限期整改通知"""

    record: UUID
    notice_date: Day
    deadline: Day
    shortfalls: Annotated[tuple[Shortfall, ...], Field(min_length=1, max_length=200)]


class Reporting(Value):
    """整改报告, with its scans (RECT_REPORT)."""

    text: Said
    scans: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]


class Rechecking(Value):
    decision: Literal[Decision.PASS, Decision.RETURN, Decision.FAIL]
    text: Text = ""


class Hearing(Value):
    """How the enterprise was told, and what it said (V09)."""

    told_on: Day
    heard_on: Day
    statement: Text = ""
    text: Text = ""

    @property
    def held(self) -> Held:
        return Held(told_on=self.told_on, heard_on=self.heard_on, statement=self.statement)


class Settling(Value):
    """The issuing authority withdrew the licence, or dropped the proposal."""

    withdrawn: bool
    text: Text = ""
