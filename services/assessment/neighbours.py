"""What other services tell: approved enterprise data, approved staff, contracts and projects with
their saved stages (domain book 5.9). Contents stay sealed as they came.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.events.contracts import enterprise, personnel
from libs.events.contracts import projects as performances
from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import Recorded
from libs.events.rows import BigInt, Json

Ended = (
    enterprise.FilingApproved
    | enterprise.FilingRejected
    | enterprise.FilingWithdrawn
    | enterprise.FilingVoided
)


@dataclass(frozen=True)
class EnterpriseFilingRow:
    filing: UUID
    enterprise: UUID
    type: str
    is_open: bool
    content: Json
    version: int
    position: BigInt
    data_sha256: str


enterprise_filings = ReadModel(
    "enterprise_filings",
    EnterpriseFilingRow,
    key=("filing",),
    indexes={"enterprise_filings_open": "(enterprise) WHERE is_open"},
)


@dataclass(frozen=True)
class FiledEnterpriseRow:
    enterprise: UUID
    filing: UUID
    filed_version: int


filed_enterprises = ReadModel("filed_enterprises", FiledEnterpriseRow, key=("enterprise",))


@dataclass(frozen=True)
class PersonFilingRow:
    filing: UUID
    person: UUID
    version: int
    position: BigInt
    data_sha256: str
    person_key: str | None = None
    content: Json | None = None


person_filings = ReadModel("person_filings", PersonFilingRow, key=("filing",))


@dataclass(frozen=True)
class FiledPersonRow:
    person: UUID
    enterprise: UUID
    filing: UUID
    filed_version: int
    released: bool


filed_people = ReadModel(
    "filed_people",
    FiledPersonRow,
    key=("person",),
    indexes={"filed_people_by_enterprise": "(enterprise, person)"},
)


@dataclass(frozen=True)
class ContractRow:
    id: UUID
    enterprise: UUID
    content: Json
    version: int
    position: BigInt
    data_sha256: str


contracts = ReadModel("contracts", ContractRow)


@dataclass(frozen=True)
class ProjectRow:
    id: UUID
    enterprise: UUID
    contract: UUID
    content: Json
    version: int
    position: BigInt
    data_sha256: str


projects = ReadModel("projects", ProjectRow, indexes={"projects_by_enterprise": "(enterprise, id)"})


@dataclass(frozen=True)
class StageRow:
    id: UUID
    project: UUID
    content: Json


stages = ReadModel("stages", StageRow, indexes={"stages_by_project": "(project, id)"})


enterprises = Projection("assessment.enterprises", [enterprise_filings, filed_enterprises])
people = Projection("assessment.people", [person_filings, filed_people])
performance = Projection("assessment.performance", [contracts, projects, stages])


@enterprise_filings.on(enterprise.WholeFilingSent)
def _enterprise_sent(e: enterprise.WholeFilingSent, at: Recorded) -> Iterator[Change]:
    yield enterprise_filings.put(
        EnterpriseFilingRow(
            filing=e.filing,
            enterprise=at.stream,
            type=e.type,
            is_open=True,
            content=e.content,
            **told(at),
        )
    )


@enterprise_filings.on(
    enterprise.FilingApproved,
    enterprise.FilingRejected,
    enterprise.FilingWithdrawn,
    enterprise.FilingVoided,
)
def _enterprise_filing_ended(e: Ended, at: Recorded) -> Iterator[Change]:
    yield enterprise_filings.change(filing=e.filing, is_open=False)


@filed_enterprises.on(enterprise.FilingApproved)
def _enterprise_approved(e: enterprise.FilingApproved, at: Recorded) -> Iterator[Change]:
    yield filed_enterprises.put(
        FiledEnterpriseRow(enterprise=at.stream, filing=e.filing, filed_version=e.filed_version)
    )


@person_filings.on(personnel.FilingSent)
def _person_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Change]:
    yield person_filings.put(
        PersonFilingRow(
            filing=e.filing,
            person=at.stream,
            person_key=e.person_key,
            content=e.content,
            **told(at),
        )
    )


@filed_people.on(personnel.FilingApproved)
def _person_approved(e: personnel.FilingApproved, at: Recorded) -> Iterator[Change]:
    if e.released_as:
        yield filed_people.change(person=at.stream, released=True)
    else:
        yield filed_people.put(
            FiledPersonRow(
                person=at.stream,
                enterprise=at.owner,
                filing=e.filing,
                filed_version=e.filed_version,
                released=False,
            )
        )


@contracts.on(performances.ContractSaved)
def _contract_saved(e: performances.ContractSaved, at: Recorded) -> Iterator[Change]:
    yield contracts.put(
        ContractRow(id=at.stream, enterprise=at.owner, content=e.content, **told(at))
    )


@contracts.on(performances.ContractDeleted)
def _contract_deleted(e: performances.ContractDeleted, at: Recorded) -> Iterator[Change]:
    yield contracts.drop(id=at.stream)


@projects.on(performances.ProjectSaved)
def _project_saved(e: performances.ProjectSaved, at: Recorded) -> Iterator[Change]:
    yield projects.put(
        ProjectRow(
            id=at.stream,
            enterprise=at.owner,
            contract=e.contract,
            content=e.content,
            **told(at),
        )
    )


@projects.on(performances.ProjectDeleted)
def _project_deleted(e: performances.ProjectDeleted, at: Recorded) -> Iterator[Change]:
    yield projects.drop(id=at.stream)


@stages.on(performances.StageSaved)
def _stage_saved(e: performances.StageSaved, at: Recorded) -> Iterator[Change]:
    yield stages.put(StageRow(id=e.stage, project=at.stream, content=e.content))


@stages.on(performances.StageRemoved)
def _stage_removed(e: performances.StageRemoved, at: Recorded) -> Iterator[Change]:
    yield stages.drop(id=e.stage)


@projects.on(performances.StageSaved, performances.StageRemoved)
def _stages_changed(_: performances.StageSaved, at: Recorded) -> Iterator[Change]:
    yield projects.change(id=at.stream, **told(at))


def told(at: Recorded) -> dict[str, Any]:
    return {"version": at.version, "position": at.position, "data_sha256": at.data_sha256}
