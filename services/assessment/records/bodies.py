"""What clients send about records."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.filing import Answer


class NewRecord(Value):
    """添加."""

    campaign: UUID


class Sending(Value):
    """发送: warnings that the clerk has read, by rule id, and their word on returned points that
    they did not change.
    """

    acknowledged: tuple[Annotated[str, StringConstraints(max_length=10), LINE], ...] = Field(
        default=(), examples=[["A13"]]
    )
    answers: tuple[Answer, ...] = ()
