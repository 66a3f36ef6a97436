"""What clients send about conclusions, and about what leads to them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from libs.events.strict import LINE
from libs.events.value import Value
from services.review.cases.domain.judgement import Mark, Verdict
from services.review.texts import Printable, Said

Pointer = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^(/[^/]+)*$"),
    LINE,
    Field(examples=["/si_proofs/0/payer_uscc"]),
]


class Words(Value):
    """An expert's opinion."""

    text: Said


class GivenVerdict(Value):
    """A word on a finding; A22 and A23 are entered here."""

    rule: Annotated[
        str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[ab]?$"), Field(examples=["A11"])
    ]
    pointer: Pointer = ""
    verdict: Mark
    text: Printable = ""

    @property
    def value(self) -> Verdict:
        return Verdict(rule=self.rule, pointer=self.pointer, verdict=self.verdict, text=self.text)


class Proposing(Value):
    """拟定结论"""

    result: Annotated[
        str,
        StringConstraints(max_length=20),
        LINE,
        Field(description="PASS, BASIC or FAIL", examples=["PASS"]),
    ]
    override_reason: Printable = ""
    verdicts: Annotated[tuple[GivenVerdict, ...], Field(max_length=500)] = ()
