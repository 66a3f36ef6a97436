"""What the projects service tells. Owner of every stream is the enterprise; `at.stream` is the
contract or the project.
"""

from typing import Any, ClassVar
from uuid import UUID

from libs.events.contracts.contract import Contract


class ContractSaved(Contract):
    TOPIC: ClassVar[str] = "projects.Contract.ContractSaved"

    content: dict[str, Any]


class ContractDeleted(Contract):
    TOPIC: ClassVar[str] = "projects.Contract.ContractDeleted"


class ProjectSaved(Contract):
    TOPIC: ClassVar[str] = "projects.Project.ProjectSaved"

    contract: UUID
    content: dict[str, Any]


class ProjectDeleted(Contract):
    TOPIC: ClassVar[str] = "projects.Project.ProjectDeleted"


class StageSaved(Contract):
    """A stage that is new or changed, with its participants."""

    TOPIC: ClassVar[str] = "projects.Project.StageSaved"

    stage: UUID
    content: dict[str, Any]


class StageRemoved(Contract):
    TOPIC: ClassVar[str] = "projects.Project.StageRemoved"

    stage: UUID
