"""What is answered of projects. Persons are named by their ids only."""

from uuid import UUID

from pydantic import BaseModel

from libs.chassis.ports.ports import Catalogue
from libs.chassis.problems.handlers import FindingItem, finding_items
from libs.filing.content.performance import Project as Content
from libs.filing.content.performance import Stage
from services.projects.projects.domain import Project, reasons
from services.projects.projects.lists import ListedProject


class SavedStageView(BaseModel):
    id: UUID
    content: Stage


class ProjectView(BaseModel):
    id: UUID
    enterprise: UUID
    version: int
    contract: UUID
    deleted: bool
    content: Content | None
    stages: list[SavedStageView]
    stage_complete: bool
    selectable: bool
    reasons: list[FindingItem]
    findings: list[FindingItem] = []


class ProjectLine(BaseModel):
    """`reasons`: why it cannot be chosen as performance."""

    id: UUID
    enterprise: UUID
    contract: UUID
    contract_no: str | None
    contract_name: str | None
    is_placeholder: bool
    name: str
    project_code: str | None
    project_type: str | None
    scale: str | None
    stages: int
    selectable: bool
    reasons: list[FindingItem]


def project_view(
    project: Project, words: Catalogue, findings: list[FindingItem] | None = None
) -> ProjectView:
    why = finding_items(project.reasons, words)
    return ProjectView(
        id=project.id,
        enterprise=project.owner,
        version=project.version,
        contract=project.contract,
        deleted=project.deleted,
        content=project.saved,
        stages=[SavedStageView(id=id, content=each) for id, each in project.stages.items()],
        stage_complete=bool(project.stages),
        selectable=not why and not project.deleted,
        reasons=why,
        findings=findings or [],
    )


def project_line(row: ListedProject, words: Catalogue) -> ProjectLine:
    why = finding_items(reasons(saved=row.saved, stages=row.stages), words)
    return ProjectLine.model_validate({**vars(row), "selectable": not why, "reasons": why})
