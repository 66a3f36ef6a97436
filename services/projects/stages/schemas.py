"""What is answered of a project's stages. Persons are named by their ids only."""

from uuid import UUID

from pydantic import BaseModel

from libs.chassis.problems.handlers import FindingItem
from libs.filing.content.performance import Stage
from services.projects.projects.domain import Project


class StageView(BaseModel):
    """`version` is that of the project, which a change of the stage is made from."""

    id: UUID
    project: UUID
    version: int
    content: Stage
    findings: list[FindingItem] = []


def stage_view(
    project: Project, stage: UUID, findings: list[FindingItem] | None = None
) -> StageView:
    """Raises NotFound."""
    return StageView(
        id=stage,
        project=project.id,
        version=project.version,
        content=project.stage(stage),
        findings=findings or [],
    )
