"""What other services tell: approved enterprise data, approved staff, contracts and projects with
their saved stages (domain book 5.9). Contents stay sealed as they came.
"""

from collections.abc import Iterator
from typing import Any

from libs.events.contracts import enterprise, personnel, projects
from libs.events.projection import Projection, Row, change, drop, put
from libs.events.records import Recorded

# which event of its stream says it
TOLD = "version int NOT NULL, position bigint NOT NULL, data_sha256 text NOT NULL"
ENTERPRISES = f"""
CREATE TABLE IF NOT EXISTS enterprise_filings (
    filing uuid PRIMARY KEY, enterprise uuid NOT NULL, type text NOT NULL, is_open boolean NOT NULL, content jsonb NOT NULL, {TOLD}
);
CREATE INDEX IF NOT EXISTS enterprise_filings_open ON enterprise_filings (enterprise) WHERE is_open;
CREATE TABLE IF NOT EXISTS filed_enterprises (enterprise uuid PRIMARY KEY, filing uuid NOT NULL, filed_version int NOT NULL);
"""
PEOPLE = f"""
CREATE TABLE IF NOT EXISTS person_filings (
    filing uuid PRIMARY KEY, person uuid NOT NULL, person_key text, content jsonb, {TOLD}
);
CREATE TABLE IF NOT EXISTS filed_people (
    person uuid PRIMARY KEY, enterprise uuid NOT NULL, filing uuid NOT NULL, filed_version int NOT NULL, released boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS filed_people_by_enterprise ON filed_people (enterprise, person);
"""
PERFORMANCE = f"""
CREATE TABLE IF NOT EXISTS contracts (id uuid PRIMARY KEY, enterprise uuid NOT NULL, content jsonb NOT NULL, {TOLD});
CREATE TABLE IF NOT EXISTS projects (
    id uuid PRIMARY KEY, enterprise uuid NOT NULL, contract uuid NOT NULL, content jsonb NOT NULL, {TOLD}
);
CREATE INDEX IF NOT EXISTS projects_by_enterprise ON projects (enterprise, id);
CREATE TABLE IF NOT EXISTS stages (id uuid PRIMARY KEY, project uuid NOT NULL, content jsonb NOT NULL);
CREATE INDEX IF NOT EXISTS stages_by_project ON stages (project, id);
"""

enterprises = Projection(
    "assessment.enterprises",
    {"enterprise_filings": ("filing",), "filed_enterprises": ("enterprise",)},
    ENTERPRISES,
)
people = Projection(
    "assessment.people", {"person_filings": ("filing",), "filed_people": ("person",)}, PEOPLE
)
performance = Projection(
    "assessment.performance",
    {"contracts": ("id",), "projects": ("id",), "stages": ("id",)},
    PERFORMANCE,
)


@enterprises.on(enterprise.WholeFilingSent)
def _enterprise_sent(e: enterprise.WholeFilingSent, at: Recorded) -> Iterator[Row]:
    yield put(
        "enterprise_filings",
        filing=e.filing,
        enterprise=at.stream,
        type=e.type,
        is_open=True,
        content=e.content,
        **told(at),
    )


@enterprises.on(enterprise.FilingApproved)
def _enterprise_approved(e: enterprise.FilingApproved, at: Recorded) -> Iterator[Row]:
    yield change("enterprise_filings", filing=e.filing, is_open=False)
    yield put(
        "filed_enterprises", enterprise=at.stream, filing=e.filing, filed_version=e.filed_version
    )


@enterprises.on(enterprise.FilingRejected)
def _enterprise_rejected(e: enterprise.FilingRejected, at: Recorded) -> Iterator[Row]:
    yield change("enterprise_filings", filing=e.filing, is_open=False)


@enterprises.on(enterprise.FilingWithdrawn)
def _enterprise_withdrawn(e: enterprise.FilingWithdrawn, at: Recorded) -> Iterator[Row]:
    yield change("enterprise_filings", filing=e.filing, is_open=False)


@enterprises.on(enterprise.FilingVoided)
def _enterprise_voided(e: enterprise.FilingVoided, at: Recorded) -> Iterator[Row]:
    yield change("enterprise_filings", filing=e.filing, is_open=False)


@people.on(personnel.FilingSent)
def _person_sent(e: personnel.FilingSent, at: Recorded) -> Iterator[Row]:
    yield put(
        "person_filings",
        filing=e.filing,
        person=at.stream,
        person_key=e.person_key,
        content=e.content,
        **told(at),
    )


@people.on(personnel.FilingApproved)
def _person_approved(e: personnel.FilingApproved, at: Recorded) -> Iterator[Row]:
    if e.released_as:
        yield change("filed_people", person=at.stream, released=True)
    else:
        yield put(
            "filed_people",
            person=at.stream,
            enterprise=at.owner,
            filing=e.filing,
            filed_version=e.filed_version,
            released=False,
        )


@performance.on(projects.ContractSaved)
def _contract_saved(e: projects.ContractSaved, at: Recorded) -> Iterator[Row]:
    yield put("contracts", id=at.stream, enterprise=at.owner, content=e.content, **told(at))


@performance.on(projects.ContractDeleted)
def _contract_deleted(e: projects.ContractDeleted, at: Recorded) -> Iterator[Row]:
    yield drop("contracts", id=at.stream)


@performance.on(projects.ProjectSaved)
def _project_saved(e: projects.ProjectSaved, at: Recorded) -> Iterator[Row]:
    yield put(
        "projects",
        id=at.stream,
        enterprise=at.owner,
        contract=e.contract,
        content=e.content,
        **told(at),
    )


@performance.on(projects.ProjectDeleted)
def _project_deleted(e: projects.ProjectDeleted, at: Recorded) -> Iterator[Row]:
    yield drop("projects", id=at.stream)


@performance.on(projects.StageSaved)
def _stage_saved(e: projects.StageSaved, at: Recorded) -> Iterator[Row]:
    yield put("stages", id=e.stage, project=at.stream, content=e.content)
    yield change("projects", id=at.stream, **told(at))


@performance.on(projects.StageRemoved)
def _stage_removed(e: projects.StageRemoved, at: Recorded) -> Iterator[Row]:
    yield drop("stages", id=e.stage)
    yield change("projects", id=at.stream, **told(at))


def told(at: Recorded) -> dict[str, Any]:
    return {"version": at.version, "position": at.position, "data_sha256": at.data_sha256}
