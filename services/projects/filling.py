"""What a content gets besides what was typed: facts of its scans."""

from typing import TypeVar

from libs.chassis.scans.scan import known_scans
from libs.events.aggregate import Aggregate
from libs.events.application import UnitOfWork
from libs.events.refusal import refuse
from libs.events.value import Value
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.rules.slots import slot_findings

V = TypeVar("V", bound=Value)


async def filled(work: UnitOfWork, item: Aggregate, content: V) -> V:
    """The content, complete. Raises Refused for a scan that its enterprise has not uploaded for
    it, or that did not pass its check, and for one that does not fit its slot.
    """
    wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
    complete = with_scans(content, await known_scans(work, item, wanted))
    refuse(slot_findings(complete))
    return complete
