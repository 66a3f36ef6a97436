"""Scans that were sent with a report: these the authority may open."""

from collections.abc import Iterator

from libs.chassis.scans.sent import SentScan, sent_scans
from libs.events.readmodel import Change
from libs.events.records import StoredEvent
from services.review.rectification.domain import Rectification

scans = sent_scans()


@scans.on(Rectification.RectificationReported)
def _sent(e: Rectification.RectificationReported, _: StoredEvent) -> Iterator[Change]:
    for scan in sorted(set(e.report.scans)):
        yield scans.put(SentScan(scan=scan))
