"""What clients send about the placeholder 暂无业绩."""

from pydantic import Field

from libs.events.value import Value
from libs.filing.content.types import Key50


class NewPlaceholder(Value):
    """新建暂无业绩."""

    contract_no: Key50 | None = Field(
        default=None, description="Without one the service gives a number", examples=["ZWYJ-2024"]
    )
