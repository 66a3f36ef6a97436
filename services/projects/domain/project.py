"""A project on a contract, its stages and who took part in each. A saved stage makes it selectable
as performance (domain book 5.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.errors import NotFound
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.catalogue import STATE, finding
from libs.filing.content.performance import Contract as ContractContent
from libs.filing.content.performance import Project as Content
from libs.filing.content.performance import Stage
from libs.filing.facts.projects import PersonHere
from libs.filing.rules import project as rules
from libs.filing.rules import stage as stage_rules
from libs.filing.rules.performance import j03


class Project(Aggregate):
    # What has happened

    class ProjectAdded(Aggregate.Created):
        project: UUID
        enterprise: UUID
        contract: UUID

    class ProjectSaved(Aggregate.Event):
        contract: UUID
        content: Content

    class StageSaved(Aggregate.Event):
        stage: UUID
        content: Stage

    class StageRemoved(Aggregate.Event):
        stage: UUID

    class ProjectDeleted(Aggregate.Event):
        pass

    @staticmethod
    def create_id(project: UUID) -> UUID:
        return project

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # What may be asked, and when. `on`: the contract as saved; None if it is not the enterprise's
    # own, or not saved

    def save(self, act: Act, content: Content, on: ContractContent | None) -> None:
        """保存: refused by blocking findings only."""
        refuse([f for f in self.findings_before_saving(content, on) if f.severity.blocks])
        assert content.contract, "E05 and J01"
        self._project_saved(act, content.contract, content)

    def save_stage(
        self,
        act: Act,
        stage: UUID,
        content: Stage,
        on: ContractContent | None,
        here: Mapping[UUID, PersonHere],
    ) -> None:
        """A stage that is new or changed, with its participants."""
        refuse(
            [
                f
                for f in self.findings_before_saving_stage(stage, content, on, here)
                if f.severity.blocks
            ]
        )
        self._stage_saved(act, stage, content)

    def remove_stage(self, act: Act, stage: UUID) -> None:
        self.stage(stage)
        self._stage_removed(act, stage)

    def delete(self, act: Act) -> None:
        """Its stages go first, so that whoever counts stages needs not know of projects."""
        for stage in tuple(self.stages):
            self._stage_removed(act, stage)
        self._project_deleted(act)

    # The same answers for the command, for `:check` and for the list

    def findings_before_saving(self, content: Content, on: ContractContent | None) -> list[Finding]:
        return rules.before_saving(
            content, contract_saved=on is not None, placeholder=_is_placeholder(on)
        )

    def findings_before_saving_stage(
        self,
        stage: UUID,
        content: Stage,
        on: ContractContent | None,
        here: Mapping[UUID, PersonHere],
    ) -> list[Finding]:
        others = [each for id, each in self.stages.items() if id != stage]
        kind = on.contract_type if on else None
        return [
            *unsaved(saved=self.is_saved),
            *stage_rules.before_saving(
                content, others, kind, here, placeholder=_is_placeholder(on)
            ),
        ]

    @property
    def reasons(self) -> list[Finding]:
        """Why it cannot be chosen as performance."""
        return reasons(saved=self.is_saved, stages=len(self.stages))

    # What it is

    @property
    def is_saved(self) -> bool:
        return self.saved is not None

    def stage(self, stage: UUID) -> Stage:
        if (found := self.stages.get(stage)) is None:
            raise NotFound
        return found

    # What each event changes: no rules here, history must always replay

    @event(ProjectAdded)
    def __init__(self, act: Act, project: UUID, enterprise: UUID, contract: UUID) -> None:
        self.enterprise, self.contract = enterprise, contract
        self.saved: Content | None = None
        self.stages: dict[UUID, Stage] = {}
        self.deleted = False

    @event(ProjectSaved)
    def _project_saved(self, act: Act, contract: UUID, content: Content) -> None:
        self.contract, self.saved = contract, content

    @event(StageSaved)
    def _stage_saved(self, act: Act, stage: UUID, content: Stage) -> None:
        self.stages[stage] = content

    @event(StageRemoved)
    def _stage_removed(self, act: Act, stage: UUID) -> None:
        del self.stages[stage]

    @event(ProjectDeleted)
    def _project_deleted(self, act: Act) -> None:
        self.deleted = True


def reasons(*, saved: bool, stages: int) -> list[Finding]:
    return [*unsaved(saved=saved), *j03(stages=stages, place="/stages")]


def unsaved(*, saved: bool) -> list[Finding]:
    return [] if saved else [finding(STATE, case="project_not_saved")]


def _is_placeholder(on: ContractContent | None) -> bool:
    return on is not None and bool(on.is_placeholder)
