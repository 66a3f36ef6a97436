"""In which contracts and projects a scan was ever saved, from the service's own log."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from libs.events.pools import Pool
from libs.events.queries import select
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent
from libs.filing.content.scans import scans_in
from services.projects.contracts.domain import Contract
from services.projects.projects.domain import Project


@dataclass(frozen=True)
class ScanPlace:
    scan: UUID
    item: UUID


scan_places = ReadModel("scan_places", ScanPlace, key=("scan", "item"))


@scan_places.on(Contract.ContractSaved, Project.ProjectSaved, Project.StageSaved)
def _saved(
    e: Contract.ContractSaved | Project.ProjectSaved | Project.StageSaved, at: StoredEvent
) -> Iterator[Change]:
    for scan in sorted({each.scan for each in scans_in(e.content)}):
        yield scan_places.put(ScanPlace(scan=scan, item=at.stream))


WITH = "SELECT * FROM scan_places WHERE scan = $1"


async def items_with(pool: Pool, scan: UUID) -> list[UUID]:
    """Contracts and projects."""
    return [each.item for each in await select(pool, ScanPlace, WITH, scan)]
