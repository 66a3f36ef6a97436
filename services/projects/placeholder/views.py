"""What is answered of the placeholder 暂无业绩."""

from pydantic import BaseModel

from services.projects.contracts.views import ContractView
from services.projects.projects.views import ProjectView


class PlaceholderView(BaseModel):
    """Three ordinary records."""

    contract: ContractView
    project: ProjectView
