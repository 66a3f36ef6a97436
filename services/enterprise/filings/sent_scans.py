"""Scans that were sent with a filing: these the authority may open."""

from collections.abc import Iterator

from libs.chassis.scans.sent import SentScan, sent_scans
from libs.events.readmodel import Change
from libs.events.records import StoredEvent
from libs.filing.content.scans import scans_in
from services.enterprise.information.domain import Enterprise

scans = sent_scans()


@scans.on(Enterprise.FilingSent)
def _sent(e: Enterprise.FilingSent, _: StoredEvent) -> Iterator[Change]:
    for scan in sorted({each.scan for each in scans_in(e)}):
        yield scans.put(SentScan(scan=scan))
