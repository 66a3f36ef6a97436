"""Scans that stand in something that was sent: all that an officer or an expert may open."""

from dataclasses import dataclass
from uuid import UUID

from libs.events.application import Application
from libs.events.queries import select
from libs.events.readmodel import ReadModel


@dataclass(frozen=True)
class SentScan:
    scan: UUID


def sent_scans() -> ReadModel[SentScan]:
    """The list of a service, which says by which of its events scans are sent."""
    return ReadModel("sent_scans", SentScan, key=("scan",))


SENT = "SELECT * FROM sent_scans WHERE scan = $1"


async def is_sent(application: Application, scan: UUID) -> bool:
    return bool(await select(application.pool, SentScan, SENT, scan))
