"""What the log says of the object store: uploads that are not completed, and every object that an
event names.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.chassis.scans.scan import Scan
from libs.events.pools import Pool
from libs.events.projection import Projection
from libs.events.queries import select
from libs.events.reader import Reader
from libs.events.readmodel import Change, ReadModel
from libs.events.records import StoredEvent

BEGUN = "SELECT * FROM uploads_begun WHERE requested_at <= $1 ORDER BY requested_at, scan LIMIT $2"
OF_THESE = "SELECT * FROM uploads_begun WHERE scan::text = ANY ($1)"
NAMED = "SELECT * FROM objects_named WHERE object = ANY ($1)"


@dataclass(frozen=True)
class BegunUpload:
    scan: UUID
    requested_at: datetime


@dataclass(frozen=True)
class NamedObject:
    object: str


def storage_reader(service: str, *parts: type[Any]) -> Reader:
    """`parts`: the service's events whose `part` is an object of its bucket, besides scans."""
    begun = ReadModel(
        "uploads_begun",
        BegunUpload,
        key=("scan",),
        indexes={"uploads_begun_by_age": "(requested_at, scan)"},
    )
    named = ReadModel("objects_named", NamedObject, key=("object",))

    @begun.on(Scan.UploadRequested)
    def _requested(e: Scan.UploadRequested, _: StoredEvent) -> Iterator[Change]:
        yield begun.put(BegunUpload(e.scan, e.act.at))

    @begun.on(Scan.UploadCompleted, Scan.UploadLapsed)
    def _over(e: Scan.UploadCompleted | Scan.UploadLapsed, _: StoredEvent) -> Iterator[Change]:
        yield begun.drop(scan=e.originator_id)

    @named.on(Scan.UploadCompleted)
    def _completed(e: Scan.UploadCompleted, _: StoredEvent) -> Iterator[Change]:
        for each in (e.stored, e.original):
            if each:
                yield named.put(NamedObject(each.object))

    def _part(e: Any, _: StoredEvent) -> Iterator[Change]:
        yield named.put(NamedObject(e.part.object))

    named.on(*parts)(_part)
    projection = Projection(f"{service}.storage", [begun, named])
    return Reader(projection.name, service, projection=projection)


async def begun_before(pool: Pool, at: datetime, most: int) -> list[UUID]:
    """Uploads not completed that were asked for by then, the oldest first."""
    return [each.scan for each in await select(pool, BegunUpload, BEGUN, at, most)]


async def begun_of(pool: Pool, names: Collection[str]) -> set[str]:
    """Of these names in quarantine those whose uploads are not completed."""
    return {str(each.scan) for each in await select(pool, BegunUpload, OF_THESE, list(names))}


async def named_of(pool: Pool, names: Collection[str]) -> set[str]:
    """Of these objects those that an event names."""
    return {each.object for each in await select(pool, NamedObject, NAMED, list(names))}
