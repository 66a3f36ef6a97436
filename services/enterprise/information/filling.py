"""What a page gets besides what was typed: facts of its scans, ids of its certificates."""

from libs.chassis.scans.scan import known_scans
from libs.events.application import UnitOfWork
from libs.events.clock import Ids
from libs.events.refusal import refuse
from libs.filing.content.enterprise import Information
from libs.filing.content.scans import scans_in, with_scans
from libs.filing.rules.slots import slot_findings
from services.enterprise.information.certificates import identified
from services.enterprise.information.domain import Enterprise


async def filled(work: UnitOfWork, enterprise: Enterprise, information: Information) -> Information:
    """The page, complete. Raises Refused for a scan that this enterprise has not uploaded, or that
    did not pass its check, and for one that does not fit its slot.
    """
    wanted = [(scan.scan, scan.scan_type) for scan in scans_in(information)]
    complete = with_scans(information, await known_scans(work, enterprise, wanted))
    refuse(slot_findings(complete))
    return with_ids(work.ids, enterprise, complete)


def with_ids(ids: Ids, enterprise: Enterprise, information: Information) -> Information:
    """A certificate keeps the id that it has on any page of the enterprise; a new one gets one."""
    pages = (
        enterprise.page,
        *(each.content for each in enterprise.versions),
        *(each.content for each in enterprise.filings.values()),
    )
    known = [each for page in pages if page for each in page.certificates]
    return identified(information, known, ids.new)
