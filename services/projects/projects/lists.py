"""The list of projects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import SUPERVISED
from libs.events import walks
from libs.events.pools import Pool
from libs.events.queries import Found, contains, select_page, summarised
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
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


AS_ADDED = Walk("projects", ("id",), by=(("contract",), ("enterprise",)))
projects = ReadModel("projects", ProjectRow, walks=[AS_ADDED])


@projects.on(Project.ProjectAdded)
def _added(e: Project.ProjectAdded, at: StoredEvent) -> Iterator[Change]:
    yield projects.put(
        ProjectRow(id=at.stream, enterprise=at.owner, contract=e.contract, saved=False, name="")
    )


@projects.on(Project.ProjectSaved)
def _saved(e: Project.ProjectSaved, at: StoredEvent) -> Iterator[Change]:
    yield projects.change(**vars(project_row(e, at)))


def project_row(e: Project.ProjectSaved, at: StoredEvent) -> ProjectRow:
    """The project as it was saved."""
    return ProjectRow(
        id=at.stream,
        enterprise=at.owner,
        contract=e.contract,
        saved=True,
        name=e.content.name or "",
        project_code=e.content.project_code,
        project_type=e.content.project_type,
        scale=e.content.scale,
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
    version: int = 0  # in which it was sent


STAGES = "(SELECT count(*) FROM stages s WHERE s.project = r.id)"
TOLD = f"""
SELECT r.*, c.contract_no, c.name AS contract_name,
       coalesce(c.is_placeholder, false) AS is_placeholder, {STAGES} AS stages
FROM {{rows}} LEFT JOIN contracts c ON c.id = r.contract
"""


async def within_reach(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    contract: UUID | None,
    selectable: bool | None,
    text: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[ListedProject]:
    """In the order in which they were added; `selectable`: may be chosen as performance, or may
    not; `text`: a part of the name; `after`: the last one seen.
    """
    wanted = [
        *scope.equal(city=SUPERVISED, enterprise="enterprise"),
        ("enterprise", enterprise),
        ("contract", contract),
        (f"(r.saved AND {STAGES} > 0) = {{}}", selectable),
        (contains("r.name", "{}"), text),
    ]
    return await select_page(pool, ListedProject, AS_ADDED, wanted, after, limit, TOLD)


async def unselectable(pool: Pool, enterprise: UUID) -> Sequence[ListedProject]:
    """The enterprise's projects that may not be chosen as performance."""
    wanted = [("enterprise", enterprise), (f"(r.saved AND {STAGES} > 0) = {{}}", False)]
    found = await select_page(pool, ListedProject, AS_ADDED, wanted, None, walks.ROWS, TOLD)
    return found.rows


@dataclass(frozen=True)
class Works:
    """How many projects an enterprise has, and how many of them may be chosen."""

    known: int
    selectable: int


WORKS = f"""
SELECT count(*) AS known, count(*) FILTER (WHERE r.saved AND {STAGES} > 0) AS selectable
FROM {{rows}}
"""


async def works(pool: Pool, enterprise: UUID) -> Works:
    return await summarised(pool, Works, AS_ADDED, [("enterprise", enterprise)], WORKS)
