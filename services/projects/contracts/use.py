"""The use of a contract: which projects are on it. A stream beside the contract's own, so that a
project that comes or goes does not make the version stale from which a clerk is editing the
contract (C11, decision 10).
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from libs.events.aggregate import Aggregate, evolves
from libs.events.refusal import Finding, refuse
from libs.events.value import Act
from libs.filing.rules.contract import c11
from libs.filing.rules.project import j01


class ContractUse(Aggregate):
    # With the contract

    class UseBegun(Aggregate.Created):
        contract: UUID
        enterprise: UUID

    @staticmethod
    def create_id(contract: UUID) -> UUID:
        return uuid5(NAMESPACE_URL, f"/contracts/{contract}/use")

    @classmethod
    def begin_for(cls, act: Act, contract: UUID, enterprise: UUID) -> ContractUse:
        """Of a contract that has no project yet."""
        begun = cls.UseBegun(act=act, contract=contract, enterprise=enterprise)
        return cls.begin(cls.create_id(contract), begun)

    @evolves(UseBegun)
    def _begun(self, e: UseBegun) -> None:
        self.contract, self.enterprise = e.contract, e.enterprise
        self.projects: frozenset[UUID] = frozenset()
        self.ended = False

    @property
    def owner(self) -> UUID:
        return self.enterprise

    # Projects come and go

    class ProjectPlaced(Aggregate.Event):
        project: UUID

    def place(self, act: Act, project: UUID) -> None:
        """Refused once the use has ended (J01). Placing twice changes nothing."""
        refuse(j01(saved=not self.ended))
        if project not in self.projects:
            self.record(self.ProjectPlaced(act=act, project=project))

    @evolves(ProjectPlaced)
    def _project_placed(self, e: ProjectPlaced) -> None:
        self.projects = self.projects | {e.project}

    class ProjectTakenAway(Aggregate.Event):
        project: UUID

    def take_away(self, act: Act, project: UUID) -> None:
        """Changes nothing for a project that is not on the contract."""
        if project in self.projects:
            self.record(self.ProjectTakenAway(act=act, project=project))

    @evolves(ProjectTakenAway)
    def _project_taken_away(self, e: ProjectTakenAway) -> None:
        self.projects = self.projects - {e.project}

    # The contract is deleted

    class UseEnded(Aggregate.Event):
        pass

    def end(self, act: Act) -> None:
        """Refused while the contract has projects (C11). Of deleting the contract and adding a
        project in the same instant, the second is decided again and refused.
        """
        refuse(self.findings_before_ending())
        self.record(self.UseEnded(act=act))

    def findings_before_ending(self) -> list[Finding]:
        return c11(projects=len(self.projects))

    @evolves(UseEnded)
    def _use_ended(self, e: UseEnded) -> None:
        self.ended = True
