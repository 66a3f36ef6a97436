"""Whether an enterprise still fills the staffing tables of its licences when somebody leaves
(P23).
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.filing import reference
from libs.filing.conclusion import standards_of
from libs.filing.content.person import Person as Content
from libs.filing.facts.enterprise import Certificates
from libs.filing.staffing import Candidate, assess


def short_without(
    certificates: Certificates, filed: Sequence[tuple[UUID, Content]], leaver: UUID, today: date
) -> tuple[str, ...]:
    """Codes of the standards that are reached with them and not without; `filed`: all approved
    staff, the leaver among them.
    """
    held = certificates.in_force(today, reference.policy())
    standards = standards_of(each.judged for each in held)
    staff = [Candidate.of(id, content) for id, content in filed]
    before = assess(standards, staff, today)
    after = assess(standards, [each for each in staff if each.id != leaver], today)
    missed = [each.standard for each in after.licences if not each.reached]
    return tuple(each for each in missed if before.of(each).reached)
