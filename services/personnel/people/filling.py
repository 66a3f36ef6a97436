"""What a content gets besides what was typed: facts of its scans."""

from typing import TypeVar

from libs.chassis.scans.scan import known_scans
from libs.events.application import UnitOfWork
from libs.events.value import Value
from libs.filing.content.scans import scans_in, with_scans
from services.personnel.people.domain.person import Person

V = TypeVar("V", bound=Value)


async def filled(work: UnitOfWork, person: Person, content: V) -> V:
    """The content, complete. Raises Refused for a scan that this enterprise has not uploaded, or
    that did not pass its check.
    """
    wanted = [(scan.scan, scan.scan_type) for scan in scans_in(content)]
    return with_scans(content, await known_scans(work, person.owner, wanted))
