"""What is sent and answered about the placeholder 暂无业绩."""

from pydantic import BaseModel, Field

from libs.events.value import Value
from libs.filing.content.types import Key50
from services.projects.contracts.schemas import ContractView
from services.projects.projects.schemas import ProjectView


class NewPlaceholder(Value):
    """新建暂无业绩."""

    contract_no: Key50 | None = Field(
        default=None, description="Without one the service gives a number", examples=["ZWYJ-2024"]
    )


class PlaceholderView(BaseModel):
    """Three ordinary records."""

    contract: ContractView
    project: ProjectView
