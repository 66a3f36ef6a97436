"""What clients send about cases."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.personal import PersonalData
from libs.events.strict import LINE, Integer
from libs.events.value import Value
from libs.filing.content.types import Day, Key50, OneOf, Text50, Text200
from libs.filing.filing import Decision, ReturnedItem, Reviewed
from services.review.cases.commands import Opinion
from services.review.cases.domain.judgement import Inspector
from services.review.texts import Printable, Said, Text


class Item(Value):
    """A point that is sent back; its pointer covers everything below it."""

    pointer: Annotated[
        str,
        StringConstraints(max_length=200, pattern=r"^(/[^/]+)*$"),
        LINE,
        Field(examples=["/basic/registered_address"]),
    ]
    reason: Annotated[str, OneOf("return_reason")]
    text: Text

    @property
    def returned(self) -> ReturnedItem:
        return ReturnedItem(pointer=self.pointer, reason=self.reason, text=self.text)


class Deciding(Value):
    decision: Decision
    round: Annotated[Integer, Field(ge=1)]
    reviewed: Reviewed = Field(description="What was seen: place and SHA-256 of the sent event")
    items: tuple[Item, ...] = ()
    comment: Text = ""

    def about(self, case: UUID) -> Opinion:
        return Opinion(
            case,
            self.decision,
            self.round,
            self.reviewed,
            tuple(each.returned for each in self.items),
            self.comment,
        )


class DecidingOne(Deciding):
    case: UUID


class DecidingSeveral(Value):
    cases: Annotated[tuple[DecidingOne, ...], Field(min_length=1, max_length=200)]


class HandingOver(Value):
    to: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        LINE,
        Field(description="User of the officer who is to have it", examples=["officer-7"]),
    ]
    reason: Said


class Inspecting(Value):
    """An inspector; without the number of their certificate they do not count (V10)."""

    name: PersonalData[Text50]
    certificate_no: PersonalData[Key50] = ""


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


class Interest(Value):
    reason: Printable = ""
