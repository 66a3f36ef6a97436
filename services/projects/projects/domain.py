"""A project on a contract, its stages and who took part in each. A saved stage makes it selectable
as performance (domain book 5.6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from libs.events.aggregate import Aggregate, evolves
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
    """`on`, in what follows: the contract as saved; None if it is not the enterprise's own, or not
    saved.
    """

    # Adding 添加

    class ProjectAdded(Aggregate.Created):
        project: UUID
        enterprise: UUID
        contract: UUID

    @staticmethod
    def create_id(project: UUID) -> UUID:
        return project

    @classmethod
    def add(cls, act: Act, project: UUID, enterprise: UUID, contract: UUID) -> Project:
        """Of a contract; nothing else is known until it is saved."""
        added = cls.ProjectAdded(act=act, project=project, enterprise=enterprise, contract=contract)
        return cls.begin(cls.create_id(project), added)

    @evolves(ProjectAdded)
    def _added(self, e: ProjectAdded) -> None:
        self.enterprise = e.enterprise
        self.contract = e.contract
        self.saved: Content | None = None
        self.stages: dict[UUID, Stage] = {}
        self.deleted = False

    @property
    def owner(self) -> UUID:
        return self.enterprise

    @property
    def is_saved(self) -> bool:
        return self.saved is not None

    @property
    def reasons(self) -> list[Finding]:
        """Why it cannot be chosen as performance."""
        return reasons(saved=self.is_saved, stages=len(self.stages))

    def actions(self, saving: Sequence[Finding]) -> dict[str, Sequence[Finding]]:
        """What may be done next, with the findings against each."""
        return {
            "save": saving,
            "delete": [],
            "add_stage": unsaved(saved=self.is_saved),
            "choose": self.reasons,
        }

    def stage(self, stage: UUID) -> Stage:
        """Raises NotFound."""
        if (found := self.stages.get(stage)) is None:
            raise NotFound
        return found

    # Saving 保存

    class ProjectSaved(Aggregate.Event):
        contract: UUID
        content: Content

    def save(self, act: Act, content: Content, on: ContractContent | None) -> None:
        """Refused by blocking findings only."""
        refuse([f for f in self.findings_before_saving(content, on) if f.severity.blocks])
        assert content.contract, "E05 and J01"
        self.record(self.ProjectSaved(act=act, contract=content.contract, content=content))

    def findings_before_saving(self, content: Content, on: ContractContent | None) -> list[Finding]:
        return rules.before_saving(
            content, contract_saved=on is not None, placeholder=_is_placeholder(on)
        )

    @evolves(ProjectSaved)
    def _saved(self, e: ProjectSaved) -> None:
        self.contract = e.contract
        self.saved = e.content

    # A stage with its participants is saved 保存

    class StageSaved(Aggregate.Event):
        stage: UUID
        content: Stage

    def save_stage(
        self,
        act: Act,
        stage: UUID,
        content: Stage,
        on: ContractContent | None,
        here: Mapping[UUID, PersonHere],
    ) -> None:
        """A stage that is new or changed. Refused by blocking findings only."""
        findings = self.findings_before_saving_stage(stage, content, on, here)
        refuse([each for each in findings if each.severity.blocks])
        self.record(self.StageSaved(act=act, stage=stage, content=content))

    def findings_before_saving_stage(
        self,
        stage: UUID,
        content: Stage,
        on: ContractContent | None,
        here: Mapping[UUID, PersonHere],
    ) -> list[Finding]:
        others = [each for id, each in self.stages.items() if id != stage]
        kind = on.contract_type if on else None
        findings = stage_rules.before_saving(
            content, others, kind, here, placeholder=_is_placeholder(on)
        )
        return [*unsaved(saved=self.is_saved), *findings]

    @evolves(StageSaved)
    def _stage_saved(self, e: StageSaved) -> None:
        self.stages[e.stage] = e.content

    # A stage is removed

    class StageRemoved(Aggregate.Event):
        stage: UUID

    def remove_stage(self, act: Act, stage: UUID) -> None:
        """Raises NotFound."""
        self.stage(stage)
        self.record(self.StageRemoved(act=act, stage=stage))

    @evolves(StageRemoved)
    def _stage_removed(self, e: StageRemoved) -> None:
        del self.stages[e.stage]

    # Deleting 删除

    class ProjectDeleted(Aggregate.Event):
        pass

    def delete(self, act: Act) -> None:
        """Its stages go first, so that whoever counts stages needs not know of projects."""
        for stage in tuple(self.stages):
            self.remove_stage(act, stage)
        self.record(self.ProjectDeleted(act=act))

    @evolves(ProjectDeleted)
    def _deleted(self, e: ProjectDeleted) -> None:
        self.deleted = True


def reasons(*, saved: bool, stages: int) -> list[Finding]:
    return [*unsaved(saved=saved), *j03(stages, "/stages")]


def unsaved(*, saved: bool) -> list[Finding]:
    return [] if saved else [finding(STATE, case="project_not_saved")]


def _is_placeholder(on: ContractContent | None) -> bool:
    return on is not None and bool(on.is_placeholder)
