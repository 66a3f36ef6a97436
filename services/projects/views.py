"""What the projects service answers. Persons stand in it by their ids only."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.chassis.ports import Texts
from libs.chassis.problems import FindingItem, finding_items
from libs.events.refusal import Finding
from libs.filing.content.performance import Contract as ContractContent
from libs.filing.content.performance import Project as ProjectContent
from libs.filing.content.performance import Stage
from services.projects.domain.contract import Contract
from services.projects.domain.project import Project, reasons


class ContractView(BaseModel):
    id: UUID
    enterprise: UUID
    version: int
    is_placeholder: bool
    deleted: bool
    content: ContractContent
    findings: list[FindingItem] = []


class StageView(BaseModel):
    """`version` is that of the project, which a change of the stage is made from."""

    id: UUID
    project: UUID
    version: int
    content: Stage
    findings: list[FindingItem] = []


class SavedStageView(BaseModel):
    id: UUID
    content: Stage


class ProjectView(BaseModel):
    id: UUID
    enterprise: UUID
    version: int
    contract: UUID
    deleted: bool
    content: ProjectContent | None
    stages: list[SavedStageView]
    stage_complete: bool
    selectable: bool
    reasons: list[FindingItem]
    findings: list[FindingItem] = []


class PlaceholderView(BaseModel):
    """Three ordinary records."""

    contract: ContractView
    project: ProjectView


class ContractLine(BaseModel):
    id: UUID
    enterprise: UUID
    contract_no: str
    name: str
    contract_type: str | None
    is_placeholder: bool
    client_name: str | None
    amount_wan: Decimal | None
    signed_on: date | None
    projects: int


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


def contract_view(contract: Contract, findings: list[FindingItem] | None = None) -> ContractView:
    return ContractView(
        id=contract.id,
        enterprise=contract.owner,
        version=contract.version,
        is_placeholder=bool(contract.saved.is_placeholder),
        deleted=contract.deleted,
        content=contract.saved,
        findings=findings or [],
    )


def project_view(
    project: Project, words: Texts, findings: list[FindingItem] | None = None
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


def stage_view(
    project: Project, stage: UUID, findings: list[FindingItem] | None = None
) -> StageView:
    return StageView(
        id=stage,
        project=project.id,
        version=project.version,
        content=project.stage(stage),
        findings=findings or [],
    )


def contract_line(row: Any) -> ContractLine:
    return ContractLine.model_validate(dict(row))


def project_line(row: Any, words: Texts) -> ProjectLine:
    why = finding_items(reasons(saved=row["saved"], stages=row["stages"]), words)
    return ProjectLine.model_validate({**dict(row), "selectable": not why, "reasons": why})


def warnings(findings: Sequence[Finding], words: Texts) -> list[FindingItem]:
    return finding_items([each for each in findings if not each.severity.blocks], words)
