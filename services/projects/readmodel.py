"""Lists of contracts and projects; of other services' facts, the persons and the approved
certificates of enterprises.
"""

from collections.abc import Iterator
from typing import Any

from libs.events.contracts import enterprise, personnel
from libs.events.projection import Projection, Row, change, drop, put
from libs.events.records import Recorded
from services.projects.domain.contract import Contract
from services.projects.domain.project import Project

SCHEMA = """
CREATE TABLE IF NOT EXISTS contracts (
    id             uuid    PRIMARY KEY,
    enterprise     uuid    NOT NULL,
    contract_no    text    NOT NULL,
    name           text    NOT NULL,
    contract_type  text,
    is_placeholder boolean NOT NULL,
    client_name    text,
    amount_wan     numeric,
    signed_on      date
);
CREATE INDEX IF NOT EXISTS contracts_by_enterprise ON contracts (enterprise, id);
CREATE TABLE IF NOT EXISTS projects (
    id           uuid    PRIMARY KEY,
    enterprise   uuid    NOT NULL,
    contract     uuid    NOT NULL,
    saved        boolean NOT NULL,
    name         text    NOT NULL,
    project_code text,
    project_type text,
    scale        text
);
CREATE INDEX IF NOT EXISTS projects_by_enterprise ON projects (enterprise, id);
CREATE INDEX IF NOT EXISTS projects_by_contract ON projects (contract);
CREATE TABLE IF NOT EXISTS stages (id uuid PRIMARY KEY, project uuid NOT NULL, stage text, sub_item text);
CREATE INDEX IF NOT EXISTS stages_by_project ON stages (project);
"""
PERSONS = """
CREATE TABLE IF NOT EXISTS persons (
    id         uuid    PRIMARY KEY,
    enterprise uuid    NOT NULL,
    data       jsonb   NOT NULL,  -- as saved; the name is sealed
    filed      boolean NOT NULL DEFAULT false,  -- has had an approved filing here
    content_of uuid,              -- the filing whose content holds instead
    left_by    uuid               -- the approved release
);
CREATE TABLE IF NOT EXISTS persons_sent (filing uuid PRIMARY KEY, data jsonb, left_on date);
"""
CERTIFICATES = """
CREATE TABLE IF NOT EXISTS certificates_sent (filing uuid PRIMARY KEY, certificates jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS certificates_filed (enterprise uuid PRIMARY KEY, filing uuid NOT NULL);
"""
# of a certificate: no names of persons
KEPT = ("id", "class", "issued_on", "valid_to", "extended_to", "status", "items")

lists = Projection(
    "projects.lists", {"contracts": ("id",), "projects": ("id",), "stages": ("id",)}, SCHEMA
)
persons = Projection("projects.persons", {"persons": ("id",), "persons_sent": ("filing",)}, PERSONS)
certificates = Projection(
    "projects.certificates",
    {"certificates_sent": ("filing",), "certificates_filed": ("enterprise",)},
    CERTIFICATES,
)
IGNORED = (
    "projects.Contract.ContractAdded",
    "projects.ContractUse.UseBegun",
    "projects.ContractUse.ProjectPlaced",
    "projects.ContractUse.ProjectTakenAway",
    "projects.ContractUse.UseEnded",
)


@lists.on(Contract.ContractSaved)
def _contract_saved(e: Contract.ContractSaved, at: Recorded) -> Iterator[Row]:
    content = e.content
    yield put(
        "contracts",
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


@lists.on(Contract.ContractDeleted)
def _contract_deleted(e: Contract.ContractDeleted, at: Recorded) -> Iterator[Row]:
    yield drop("contracts", id=at.stream)


@lists.on(Project.ProjectAdded)
def _project_added(e: Project.ProjectAdded, at: Recorded) -> Iterator[Row]:
    yield put(
        "projects", id=at.stream, enterprise=at.owner, contract=e.contract, saved=False, name=""
    )


@lists.on(Project.ProjectSaved)
def _project_saved(e: Project.ProjectSaved, at: Recorded) -> Iterator[Row]:
    content = e.content
    yield change(
        "projects",
        id=at.stream,
        contract=e.contract,
        saved=True,
        name=content.name or "",
        project_code=content.project_code,
        project_type=content.project_type,
        scale=content.scale,
    )


@lists.on(Project.ProjectDeleted)
def _project_deleted(e: Project.ProjectDeleted, at: Recorded) -> Iterator[Row]:
    yield drop("projects", id=at.stream)


@lists.on(Project.StageSaved)
def _stage_saved(e: Project.StageSaved, at: Recorded) -> Iterator[Row]:
    yield put(
        "stages", id=e.stage, project=at.stream, stage=e.content.stage, sub_item=e.content.sub_item
    )


@lists.on(Project.StageRemoved)
def _stage_removed(e: Project.StageRemoved, at: Recorded) -> Iterator[Row]:
    yield drop("stages", id=e.stage)


@persons.on(personnel.PersonSaved)
def _person_saved(e: personnel.PersonSaved, at: Recorded) -> Iterator[Row]:
    """Only who is not filed is saved this way: then it holds."""
    yield put(
        "persons", id=at.stream, enterprise=at.owner, data=_person(e.content), content_of=None
    )


@persons.on(personnel.FilingSent)
def _person_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Row]:
    data = _person(e.content) if e.content else None
    yield put("persons_sent", filing=e.filing, data=data, left_on=(e.release or {}).get("left_on"))
    if e.type == "PER_INIT" and data:  # an initial filing files the person as saved
        yield put("persons", id=at.stream, enterprise=at.owner, data=data, content_of=None)


@persons.on(personnel.FilingApproved)
def _person_filed(e: personnel.FilingApproved, at: Recorded) -> Iterator[Row]:
    if e.released_as:
        yield change("persons", id=at.stream, left_by=e.filing)
    else:
        yield change("persons", id=at.stream, filed=True, content_of=e.filing, left_by=None)


@certificates.on(enterprise.WholeFilingSent)
def _enterprise_sent(e: enterprise.WholeFilingSent, at: Recorded) -> Iterator[Row]:
    rows = [{name: each.get(name) for name in KEPT} for each in e.content.get("certificates", ())]
    yield put("certificates_sent", filing=e.filing, certificates=rows)


@certificates.on(enterprise.FilingApproved)
def _enterprise_filed(e: enterprise.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield put("certificates_filed", enterprise=at.stream, filing=e.filing)


def _person(content: dict[str, Any]) -> dict[str, Any]:
    """What others' rules ask of him."""
    same = {name: content.get(name) for name in ("name", "categories", "title_level")}
    registered = any(
        row.get("type") and row.get("cert_no") for row in content.get("registrations", ())
    )
    return same | {"employed_from": content.get("hired_on"), "registered": registered}
