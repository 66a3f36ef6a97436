"""Lists of contracts and projects; of other services' facts, the persons and the approved
certificates of enterprises.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from libs.events.contracts import enterprise, personnel
from libs.events.projection import Projection
from libs.events.readmodel import Change, ReadModel
from libs.events.records import Recorded
from libs.events.rows import Json
from services.projects.domain.contract import Contract
from services.projects.domain.project import Project


@dataclass(frozen=True)
class ContractRow:
    id: UUID
    enterprise: UUID
    contract_no: str
    name: str
    is_placeholder: bool
    contract_type: str | None = None
    client_name: str | None = None
    amount_wan: Decimal | None = None
    signed_on: date | None = None


contracts = ReadModel(
    "contracts", ContractRow, indexes={"contracts_by_enterprise": "(enterprise, id)"}
)


@dataclass(frozen=True)
class ProjectRow:
    id: UUID
    enterprise: UUID
    contract: UUID
    saved: bool
    name: str
    project_code: str | None = None
    project_type: str | None = None
    scale: str | None = None


projects = ReadModel(
    "projects",
    ProjectRow,
    indexes={"projects_by_enterprise": "(enterprise, id)", "projects_by_contract": "(contract)"},
)


@dataclass(frozen=True)
class StageRow:
    id: UUID
    project: UUID
    stage: str | None = None
    sub_item: str | None = None


stages = ReadModel("stages", StageRow, indexes={"stages_by_project": "(project)"})


@dataclass(frozen=True)
class PersonRow:
    id: UUID
    enterprise: UUID
    data: Json  # as saved; the name is sealed
    filed: bool = False  # has had an approved filing here
    content_of: UUID | None = None  # the filing whose content holds instead
    left_by: UUID | None = None  # the approved release


person_rows = ReadModel("persons", PersonRow)


@dataclass(frozen=True)
class PersonSentRow:
    filing: UUID
    data: Json | None = None
    left_on: date | None = None


persons_sent = ReadModel("persons_sent", PersonSentRow, key=("filing",))


@dataclass(frozen=True)
class CertificatesSentRow:
    filing: UUID
    certificates: Json


certificates_sent = ReadModel("certificates_sent", CertificatesSentRow, key=("filing",))


@dataclass(frozen=True)
class CertificatesFiledRow:
    enterprise: UUID
    filing: UUID


certificates_filed = ReadModel("certificates_filed", CertificatesFiledRow, key=("enterprise",))


# of a certificate: no names of persons
KEPT = ("id", "class", "issued_on", "valid_to", "extended_to", "status", "items")

lists = Projection("projects.lists", [contracts, projects, stages])
persons = Projection("projects.persons", [person_rows, persons_sent])
certificates = Projection("projects.certificates", [certificates_sent, certificates_filed])


@contracts.on(Contract.ContractSaved)
def _contract_saved(e: Contract.ContractSaved, at: Recorded) -> Iterator[Change]:
    content = e.content
    yield contracts.put(
        ContractRow(
            id=at.stream,
            enterprise=at.owner,
            contract_no=content.contract_no or "",
            name=content.name or "",
            contract_type=content.contract_type,
            is_placeholder=bool(content.is_placeholder),
            client_name=content.client_name,
            amount_wan=content.amount_wan,
            signed_on=content.signed_on,
        )
    )


@contracts.on(Contract.ContractDeleted)
def _contract_deleted(e: Contract.ContractDeleted, at: Recorded) -> Iterator[Change]:
    yield contracts.drop(id=at.stream)


@projects.on(Project.ProjectAdded)
def _project_added(e: Project.ProjectAdded, at: Recorded) -> Iterator[Change]:
    yield projects.put(
        ProjectRow(id=at.stream, enterprise=at.owner, contract=e.contract, saved=False, name="")
    )


@projects.on(Project.ProjectSaved)
def _project_saved(e: Project.ProjectSaved, at: Recorded) -> Iterator[Change]:
    content = e.content
    yield projects.change(
        id=at.stream,
        contract=e.contract,
        saved=True,
        name=content.name or "",
        project_code=content.project_code,
        project_type=content.project_type,
        scale=content.scale,
    )


@projects.on(Project.ProjectDeleted)
def _project_deleted(e: Project.ProjectDeleted, at: Recorded) -> Iterator[Change]:
    yield projects.drop(id=at.stream)


@stages.on(Project.StageSaved)
def _stage_saved(e: Project.StageSaved, at: Recorded) -> Iterator[Change]:
    yield stages.put(
        StageRow(id=e.stage, project=at.stream, stage=e.content.stage, sub_item=e.content.sub_item)
    )


@stages.on(Project.StageRemoved)
def _stage_removed(e: Project.StageRemoved, at: Recorded) -> Iterator[Change]:
    yield stages.drop(id=e.stage)


@person_rows.on(personnel.PersonSaved)
def _person_saved(e: personnel.PersonSaved, at: Recorded) -> Iterator[Change]:
    """Only who is not filed is saved this way: then it holds."""
    yield person_rows.merge(
        id=at.stream, enterprise=at.owner, data=_person(e.content), content_of=None
    )


@persons_sent.on(personnel.FilingSent)
def _content_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Change]:
    data = _person(e.content) if e.content else None
    left_on = (e.release or {}).get("left_on")
    yield persons_sent.put(PersonSentRow(filing=e.filing, data=data, left_on=left_on))


@person_rows.on(personnel.FilingSent)
def _person_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Change]:
    """An initial filing files the person as saved."""
    if e.type == "PER_INIT" and e.content:
        yield person_rows.merge(
            id=at.stream, enterprise=at.owner, data=_person(e.content), content_of=None
        )


@person_rows.on(personnel.FilingApproved)
def _person_filed(e: personnel.FilingApproved, at: Recorded) -> Iterator[Change]:
    if e.released_as:
        yield person_rows.change(id=at.stream, left_by=e.filing)
    else:
        yield person_rows.change(id=at.stream, filed=True, content_of=e.filing, left_by=None)


@certificates_sent.on(enterprise.WholeFilingSent)
def _enterprise_sent(e: enterprise.WholeFilingSent, at: Recorded) -> Iterator[Change]:
    rows = [{name: each.get(name) for name in KEPT} for each in e.content.get("certificates", ())]
    yield certificates_sent.put(CertificatesSentRow(filing=e.filing, certificates=rows))


@certificates_filed.on(enterprise.FilingApproved)
def _enterprise_filed(e: enterprise.FilingApproved, at: Recorded) -> Iterator[Change]:
    yield certificates_filed.put(CertificatesFiledRow(enterprise=at.stream, filing=e.filing))


def _person(content: dict[str, Any]) -> dict[str, Any]:
    """What others' rules ask of him."""
    same = {name: content.get(name) for name in ("name", "categories", "title_level")}
    registered = any(
        row.get("type") and row.get("cert_no") for row in content.get("registrations", ())
    )
    return same | {"employed_from": content.get("hired_on"), "registered": registered}
