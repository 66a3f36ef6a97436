"""What the projects service tells. Owner of every stream is the enterprise; `at.stream` is the
contract or the project.
"""

from typing import Any, ClassVar
from uuid import UUID

from libs.published.event import PublishedEvent


class ContractSaved(PublishedEvent):
    TOPIC: ClassVar[str] = "projects.Contract.ContractSaved"

    content: dict[str, Any]


class ContractDeleted(PublishedEvent):
    TOPIC: ClassVar[str] = "projects.Contract.ContractDeleted"


class ProjectSaved(PublishedEvent):
    TOPIC: ClassVar[str] = "projects.Project.ProjectSaved"

    contract: UUID
    content: dict[str, Any]


class ProjectDeleted(PublishedEvent):
    TOPIC: ClassVar[str] = "projects.Project.ProjectDeleted"


class StageSaved(PublishedEvent):
    """A stage that is new or changed, with its participants."""

    TOPIC: ClassVar[str] = "projects.Project.StageSaved"

    stage: UUID
    content: dict[str, Any]


class StageRemoved(PublishedEvent):
    TOPIC: ClassVar[str] = "projects.Project.StageRemoved"

    stage: UUID
