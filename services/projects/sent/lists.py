"""The lists of contracts and projects as they were sent with records: all that the authority lists.
Each is shown in the version that was sent last, whatever was saved or deleted since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.chassis.identity.access import Scope
from libs.chassis.replicas.directory import SUPERVISED
from libs.events.pools import Pool
from libs.events.queries import Found, contains, select_page
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.events.walks import Walk
from services.projects.contracts.domain import Contract
from services.projects.contracts.lists import ContractRow, ListedContract, contract_row
from services.projects.projects.domain import Project
from services.projects.projects.lists import ListedProject, ProjectRow, project_row

KEY = ("id", "version")
CONTRACTS = Walk("contract_versions", KEY, by=(("enterprise",),), key=KEY)
PROJECTS = Walk("project_versions", KEY, by=(("enterprise",),), key=KEY)


@dataclass(frozen=True)
class ContractVersion(ContractRow):
    version: int = 0


@dataclass(frozen=True)
class ProjectVersion(ProjectRow):
    version: int = 0


contract_versions = ReadModel("contract_versions", ContractVersion, key=KEY, walks=[CONTRACTS])
project_versions = ReadModel("project_versions", ProjectVersion, key=KEY, walks=[PROJECTS])


@contract_versions.on(Contract.ContractSaved)
def _contract_saved(e: Contract.ContractSaved, at: StoredEvent) -> Iterator[Change]:
    yield contract_versions.put(ContractVersion(**vars(contract_row(e, at)), version=at.version))


@project_versions.on(Project.ProjectSaved)
def _project_saved(e: Project.ProjectSaved, at: StoredEvent) -> Iterator[Change]:
    yield project_versions.put(ProjectVersion(**vars(project_row(e, at)), version=at.version))


SENT = """FROM taken_works w
    JOIN sent_generations s ON s.record = w.record AND s.generation = w.generation
    WHERE w.{kind} = r.id"""
# the row `r` is the version that was sent last: the last one saved up to it
LAST_SENT = (
    """(r.version = (
    SELECT max(v.version) FROM {kind}_versions v
    WHERE v.id = r.id AND v.version <= (SELECT max(w.{kind}_version) """
    + SENT
    + """)
)) = {{}}"""
)
CONTRACT_TOLD = f"""
SELECT r.*, (SELECT count(DISTINCT w.project) {SENT.format(kind="contract")}) AS projects
FROM {{rows}}
"""
PROJECT_TOLD = f"""
SELECT r.*, t.stages, c.contract_no, c.name AS contract_name,
       coalesce(c.is_placeholder, false) AS is_placeholder
FROM {{rows}}
JOIN LATERAL (
    SELECT w.stages, w.contract, w.contract_version {SENT.format(kind="project")}
    ORDER BY s.position DESC LIMIT 1
) t ON true
LEFT JOIN LATERAL (
    SELECT * FROM contract_versions v WHERE v.id = t.contract AND v.version <= t.contract_version
    ORDER BY v.version DESC LIMIT 1
) c ON true
"""


async def sent_contracts(
    pool: Pool,
    scope: Scope,
    *,
    enterprise: UUID | None,
    text: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Found[ListedContract]:
    """As `contracts.lists.within_reach`; `after`: id and version of the last one seen."""
    wanted = [
        *scope.equal(city=SUPERVISED),
        ("enterprise", enterprise),
        (LAST_SENT.format(kind="contract"), True),
        (contains("r.name || chr(1) || r.contract_no", "{}"), text),
    ]
    return await select_page(pool, ListedContract, CONTRACTS, wanted, after, limit, CONTRACT_TOLD)


async def sent_projects(
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
    """As `projects.lists.within_reach`; what was sent could be chosen."""
    wanted = [
        *scope.equal(city=SUPERVISED),
        ("enterprise", enterprise),
        ("contract", contract),
        (LAST_SENT.format(kind="project"), True),
        ("{}", selectable),
        (contains("r.name", "{}"), text),
    ]
    return await select_page(pool, ListedProject, PROJECTS, wanted, after, limit, PROJECT_TOLD)
