"""Whether an enterprise still fills the staffing tables of its licences when somebody leaves
(P23).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from libs.filing import reference
from libs.filing.conclusion import standards_of
from libs.filing.content.person import Person as Content
from libs.filing.facts.enterprise import Certificates
from libs.filing.staffing import StaffCandidate, assess
from libs.filing.standards import Standard


def short_without(
    certificates: Certificates, filed: Sequence[tuple[UUID, Content]], leaver: UUID, today: date
) -> tuple[str, ...]:
    """Codes of the standards that are reached with them and not without; `filed`: all approved
    staff, the leaver among them.
    """
    in_force = certificates.in_force(today, reference.policy())
    standards = standards_of(each.judged for each in in_force)
    staff = [StaffCandidate.of(id, content) for id, content in filed]
    before = _missed(standards, staff, today)
    after = _missed(standards, [each for each in staff if each.id != leaver], today)
    return tuple(each for each in after if each not in before)


def _missed(
    standards: Iterable[Standard], staff: Sequence[StaffCandidate], today: date
) -> tuple[str, ...]:
    """Codes of the standards whose tables these people do not fill."""
    licences = assess(standards, staff, today).licences
    return tuple(each.standard for each in licences if not each.reached)
