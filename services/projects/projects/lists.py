"""The list of projects."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from services.projects.projects.domain import Project


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


@projects.on(Project.ProjectAdded)
def _added(e: Project.ProjectAdded, at: StoredEvent) -> Iterator[Change]:
    yield projects.put(
        ProjectRow(id=at.stream, enterprise=at.owner, contract=e.contract, saved=False, name="")
    )


@projects.on(Project.ProjectSaved)
def _saved(e: Project.ProjectSaved, at: StoredEvent) -> Iterator[Change]:
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
def _deleted(e: Project.ProjectDeleted, at: StoredEvent) -> Iterator[Change]:
    yield projects.drop(id=at.stream)


@dataclass(frozen=True)
class ListedProject(ProjectRow):
    """With its contract, and how many saved stages it has."""

    contract_no: str | None = None
    contract_name: str | None = None
    is_placeholder: bool = False
    stages: int = 0


WITHIN_REACH = """
SELECT * FROM (
    SELECT p.*, c.contract_no, c.name AS contract_name,
           coalesce(c.is_placeholder, false) AS is_placeholder, d.supervising_city_code,
           (SELECT count(*) FROM stages s WHERE s.project = p.id) AS stages
    FROM projects p
    LEFT JOIN contracts c ON c.id = p.contract
    LEFT JOIN directory d ON d.enterprise = p.enterprise
) p
WHERE ($1::boolean OR supervising_city_code = $2 OR enterprise = $3)
  AND ($4::uuid IS NULL OR enterprise = $4)
  AND ($5::uuid IS NULL OR contract = $5)
  AND ($6::boolean IS NULL OR (saved AND stages > 0) = $6)
  AND ($7::text IS NULL OR strpos(name, $7) > 0)
  AND ($8::uuid IS NULL OR id > $8)
ORDER BY id LIMIT $9
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    contract: UUID | None,
    selectable: bool | None,
    text: str | None,
    after: UUID | None,
    limit: int,
) -> list[ListedProject]:
    """In the order in which they were added; `selectable`: may be chosen as performance, or may
    not; `text`: a part of the name; `after`: the last one seen.
    """
    reach = (scope.everything, scope.city, scope.enterprise)
    wanted = (enterprise, contract, selectable, text, after, limit)
    return await select(pool, ListedProject, WITHIN_REACH, *reach, *wanted)
