"""What clients send about people's filings."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.filing import Answer, Type
from services.personnel.people.domain.filed import FilingToSend

MOST = 1000  # people in one 添加 or 在线发送


class NewFilings(Value):
    """添加: one filing a person."""

    type: Literal[Type.PER_INIT, Type.PER_CHANGE, Type.PER_RELEASE] = Field(
        examples=[Type.PER_INIT]
    )
    people: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST)]


class One(Value):
    filing: UUID
    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = ()
    answers: tuple[Answer, ...] = ()


class Several(Value):
    """Filings by id, or with the warnings read and the answers given for each."""

    filings: Annotated[tuple[UUID | One, ...], Field(min_length=1, max_length=MOST)]
    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = Field(
        default=(), description="For every filing"
    )

    @property
    def sendings(self) -> list[FilingToSend]:
        ones = [each if isinstance(each, One) else One(filing=each) for each in self.filings]
        return [
            FilingToSend(one.filing, (*self.acknowledged, *one.acknowledged), one.answers)
            for one in ones
        ]
