"""Slots of scans: what a form takes, refused at save with the place named (domain book, list
scan_type).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from libs.events.refusal import Finding
from libs.events.value import Value
from libs.filing import reference
from libs.filing.catalogue import FORMAT, finding
from libs.filing.content.scan import ScanRef
from libs.filing.content.scans import scans_at
from libs.filing.forms import CONTENT, form

RECORD = "record"  # its steps are saved by themselves
MOST_BYTES = 200 << 20  # of all scans of a form

Placed = tuple[str, ScanRef]  # a scan and where it stands


def slot_findings(content: Value) -> list[Finding]:
    """What stands against the scans of a form, or of a step of the record: each stands once, in a
    slot that the form has, and no slot has more than its most. A performance and a month of the
    record have slots of their own: one list of payments may prove several months.
    """
    name = next((name for name, kind in CONTENT.items() if isinstance(content, kind)), RECORD)
    placed = list(scans_at(content))
    return [
        *_elsewhere(name, placed),
        *_again(name, placed),
        *_too_many(name, placed),
        *_large(placed),
    ]


def twice(scans: Sequence[object], path: str) -> list[Finding]:
    """Each that stands before already, in a list of them at this path."""
    again = [n for n, scan in enumerate(scans) if scan in scans[:n]]
    return [finding(FORMAT, f"{path}/{n}", case="doubled") for n in again]


def _elsewhere(name: str, placed: Sequence[Placed]) -> Iterator[Finding]:
    types = {slot.code for slot in form(name).scans}
    for at, scan in placed:
        if scan.scan_type not in types:
            type = reference.scan_types()[scan.scan_type]
            yield finding(FORMAT, at, case="scan_elsewhere", file=type.zh, file_en=type.en)


def _again(name: str, placed: Sequence[Placed]) -> Iterator[Finding]:
    seen = set()
    for at, scan in placed:
        here = _row(name, at), scan.scan
        if here in seen:
            yield finding(FORMAT, at, case="doubled")
        seen.add(here)


def _row(name: str, at: str) -> str:
    """Whose slots are counted together."""
    return at.rpartition("/")[0] if name == RECORD else ""


def _too_many(name: str, placed: Sequence[Placed]) -> Iterator[Finding]:
    have: Counter[tuple[str, str]] = Counter()
    for at, scan in placed:
        slot = reference.scan_types()[scan.scan_type]
        here = _row(name, at), slot.code
        have[here] += 1
        if have[here] == slot.max + 1:
            facts = {"file": slot.zh, "file_en": slot.en}
            yield finding(FORMAT, at, case="scan_too_many", most=slot.max, **facts)


def _large(placed: Sequence[Placed]) -> Iterator[Finding]:
    """The first that is too much, if they are: each is counted as often as it stands."""
    size = 0
    for at, scan in placed:
        size += scan.size_bytes or 0
        if size > MOST_BYTES:
            yield finding(FORMAT, at, case="scans_too_large")
            return
