"""The list of saved stages, which the list of projects counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.projects.projects.domain import Project


@dataclass(frozen=True)
class StageRow:
    id: UUID
    project: UUID
    stage: str | None = None
    sub_item: str | None = None


stages = ReadModel("stages", StageRow, indexes={"stages_by_project": "(project)"})


@stages.on(Project.StageSaved)
def _saved(e: Project.StageSaved, at: StoredEvent) -> Iterator[Change]:
    yield stages.put(
        StageRow(id=e.stage, project=at.stream, stage=e.content.stage, sub_item=e.content.sub_item)
    )


@stages.on(Project.StageRemoved)
def _removed(e: Project.StageRemoved, at: StoredEvent) -> Iterator[Change]:
    yield stages.drop(id=e.stage)
