"""What clients send about filings."""

from typing import Annotated

from pydantic import Field, StringConstraints

from libs.events.strict import LINE
from libs.events.value import Value
from libs.filing.filing import Answer, Type


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
