"""What the projects service tells the others (`projects.contracts`, `projects.projects`), and what
it must know itself.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from pydantic import Field

from libs.events.personal import PersonalData
from libs.events.value import Value
from libs.filing.content.performance import Contract, Project, Stage
from libs.filing.facts.enterprise import Certificates
from libs.filing.rules.paths import digest


class PersonHere(Value):
    """`personnel.persons`: a saved person of the enterprise, also unfiled and released."""

    id: UUID
    name: PersonalData[str] | None = None
    filed: bool = False  # has had an approved filing here
    employed_from: date | None = None  # None: not known
    employed_to: date | None = None  # None: still here
    categories: tuple[str, ...] = ()
    title_level: str | None = None
    registered: bool = False

    def employed_within(self, first: date | None, last: date | None) -> bool:
        """At some time between the two days; what is not known is no objection."""
        came_late = (
            self.employed_from is not None and last is not None and self.employed_from > last
        )
        left_early = self.employed_to is not None and first is not None and self.employed_to < first
        return not (came_late or left_early)


class ContractFacts(Value):
    """What the rules about a contract must know besides what is filled in."""

    uscc: str  # of the enterprise
    established_on: date | None = None
    certificates: Certificates = Certificates()
    number_taken: bool = False  # another contract of the enterprise has this number
    another_placeholder: bool = False
    here: dict[UUID, PersonHere] = Field(default_factory=dict)


class SavedContract(Value):
    id: UUID
    version: int
    content: Contract

    @property
    def is_placeholder(self) -> bool:
        return bool(self.content.is_placeholder)


class SavedStage(Value):
    id: UUID
    content: Stage


class StageClaim(NamedTuple):
    """A stage of a project as an enterprise puts it forward as its own work."""

    project_code: str | None
    name: str | None
    client_name: str | None
    stage: str | None

    def same_as(self, other: "StageClaim") -> bool:
        """By the project's code where both have one, else by its name and client."""
        if self.stage != other.stage:
            return False
        if self.project_code and other.project_code:
            return self.project_code == other.project_code
        return bool(self.name) and (self.name, self.client_name) == (other.name, other.client_name)

    @property
    def marks(self) -> list[tuple[str | None, ...]]:
        """By which claims of the same stage are looked up: each has all values of one of these."""
        by_code = [(self.project_code, self.stage)] if self.project_code else []
        by_name = [(self.name, self.client_name, self.stage)] if self.name else []
        return [*by_code, *by_name]


class SavedProject(Value):
    """With its contract, and with all its saved stages or none."""

    id: UUID
    version: int
    contract: SavedContract
    content: Project
    stages: tuple[SavedStage, ...] = ()

    @property
    def stage_complete(self) -> bool:
        """One saved stage is enough to be chosen as performance (J03)."""
        return bool(self.stages)

    @property
    def is_placeholder(self) -> bool:
        return self.contract.is_placeholder

    @property
    def values_sha256(self) -> str:
        """Of what project, contract and stages say: saved again unchanged, it is the same."""
        stages = sorted(self.stages, key=lambda each: each.id)
        return digest(self.content, self.contract.content, *(each.content for each in stages))

    @property
    def claims(self) -> tuple[StageClaim, ...]:
        client = self.content.client_name or self.contract.content.client_name
        return tuple(
            StageClaim(self.content.project_code, self.content.name, client, each.content.stage)
            for each in self.stages
        )
