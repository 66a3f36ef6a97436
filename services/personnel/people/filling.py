"""What a content gets besides what was typed: facts of its scans."""

from typing import TypeVar

from libs.chassis.scans.scan import known_scans
from libs.events.application import UnitOfWork
from libs.events.refusal import refuse
from libs.events.value import Value
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.rules.slots import slot_findings
from services.personnel.people.domain.person import Person

V = TypeVar("V", bound=Value)


async def filled(work: UnitOfWork, person: Person, content: V) -> V:
    """The content, complete. Raises Refused for a scan that the enterprise has not uploaded for
    them, or that did not pass its check, and for one that does not fit its slot.
    """
    wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
    complete = with_scans(content, await known_scans(work, person, wanted))
    refuse(slot_findings(complete))
    return complete
