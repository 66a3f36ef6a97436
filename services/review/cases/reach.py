"""Cases, as far as the caller's rights go."""

from uuid import UUID

from libs.chassis.identity.access import Reach
from libs.events.application import Application
from libs.events.errors import NotFound
from services.review.cases.domain.case import Case
from services.review.conclusions.domain.experts import is_before


async def case_within(app: Application, reach: Reach, id: UUID) -> Case:
    """The case. Raises NotFound where the caller's rights do not go that far; for an expert there
    is only what lies before them by name.
    """
    case = await reach.read(app, Case, id)
    if reach.view == "expert" and not is_before(case, reach.principal.sub):
        raise NotFound
    return case
