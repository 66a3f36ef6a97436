"""Which projects stand on a contract. A stream beside the contract's own, so that a project that
comes or goes does not make the version stale from which a clerk is editing the contract (C11).
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import event

from libs.events.aggregate import Aggregate
from libs.events.refusal import refuse
from libs.events.value import Act
from libs.filing.rules.contract import c11
from libs.filing.rules.project import j01


class ContractUse(Aggregate):
    class UseBegun(Aggregate.Created):
        contract: UUID
        enterprise: UUID

    class ProjectPlaced(Aggregate.Event):
        project: UUID

    class ProjectTakenAway(Aggregate.Event):
        project: UUID

    class UseEnded(Aggregate.Event):
        pass

    @staticmethod
    def create_id(contract: UUID) -> UUID:
        return uuid5(NAMESPACE_URL, f"/contracts/{contract}/use")

    @property
    def owner(self) -> UUID:
        return self.enterprise

    def place(self, act: Act, project: UUID) -> None:
        refuse(j01(saved=not self.ended))
        if project not in self.projects:
            self._project_placed(act, project)

    def take_away(self, act: Act, project: UUID) -> None:
        if project in self.projects:
            self._project_taken_away(act, project)

    def end(self, act: Act) -> None:
        """Of deleting the contract and adding a project in the same instant, the second is decided
        again and refused.
        """
        refuse(c11(projects=len(self.projects)))
        self._use_ended(act)

    @event(UseBegun)
    def __init__(self, act: Act, contract: UUID, enterprise: UUID) -> None:
        self.contract, self.enterprise = contract, enterprise
        self.projects: frozenset[UUID] = frozenset()
        self.ended = False

    @event(ProjectPlaced)
    def _project_placed(self, act: Act, project: UUID) -> None:
        self.projects = self.projects | {project}

    @event(ProjectTakenAway)
    def _project_taken_away(self, act: Act, project: UUID) -> None:
        self.projects = self.projects - {project}

    @event(UseEnded)
    def _use_ended(self, act: Act) -> None:
        self.ended = True
