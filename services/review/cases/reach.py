"""Cases, as far as the caller's rights go."""

from uuid import UUID

from libs.chassis.identity.access import Reach
from libs.events.application import Application
from libs.events.errors import NotFound
from services.review.cases.domain.case import Case
from services.review.cases.domain.subject import Level


async def case_within(app: Application, reach: Reach, id: UUID) -> Case:
    """The case. Raises NotFound where the caller's rights do not go that far; for an expert there
    is only what lies before the experts.
    """
    case = await reach.read(app, Case, id)
    if reach.view == "expert" and case.level is not Level.EXPERT:
        raise NotFound
    return case
