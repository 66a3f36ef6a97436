"""What clients send about packets."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from libs.events.value import Value


class NewPacket(Value):
    """生成备案审核资料: filings of the enterprise and of its people."""

    filings: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]
