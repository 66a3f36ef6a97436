"""What the authority knows of contracts and projects: they are sent with a record, as its
generation took them (domain book 5.6, 6). What was saved before and written over, or after, is not
told.
"""

from collections.abc import Sequence
from uuid import UUID

from libs.events.application import Application
from libs.events.records import StoredEvent
from services.projects.sent.scan_places import items_with
from services.projects.sent.works import sent_versions

REMOVED = "projects.Project.StageRemoved"


async def told(application: Application, records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Of the events of a contract or a project, those that what was sent is made of, in order."""
    return made_of(records, await sent_versions(application.pool, records[0].stream))


def made_of(records: Sequence[StoredEvent], versions: Sequence[int]) -> list[StoredEvent]:
    """Those that the item is made of as it stood at any of these versions: of the item and of each
    of its stages the last one, and the removal of a stage that was there.
    """
    kept: dict[int, StoredEvent] = {}
    for upto in versions:
        kept |= {at.version: at for at in _last(records[:upto])}
    stages = {_stage(at) for at in kept.values()}
    last = max(versions, default=0)
    for at in records[:last]:
        if at.type == REMOVED and _stage(at) in stages:
            kept[at.version] = at
    return [kept[version] for version in sorted(kept)]


def _last(records: Sequence[StoredEvent]) -> list[StoredEvent]:
    found: dict[tuple[str, str | None], StoredEvent] = {}
    for at in records:
        found[at.type, _stage(at)] = at
        if at.type == REMOVED:
            found = {place: each for place, each in found.items() if place[1] != _stage(at)}
    return list(found.values())


def _stage(at: StoredEvent) -> str | None:
    return at.payload.get("stage")


async def is_sent(application: Application, scan: UUID) -> bool:
    """Whether the scan stands in a contract or project as it was sent."""
    for item in await items_with(application.pool, scan):
        sent = await told(application, await application.history(item))
        if any(str(scan).encode() in at.data for at in sent):
            return True
    return False
