"""What awaits the visitor at several services."""

from asyncio import gather
from collections.abc import Mapping, Sequence
from typing import Any

from services.portal.render.words import ABOUT
from services.portal.web.api import ServiceProblem, Unreachable, is_away
from services.portal.web.visit import Visit

Work = Mapping[str, Any]  # the answer of `GET /work`


async def work(visit: Visit, *services: str, limit: int) -> tuple[list[Work], Sequence[str]]:
    """What each service says, side by side, and what those are about that are away. Raises
    Unreachable if all are.
    """
    asked = (_asked(visit, each, limit) for each in services)
    found = dict(zip(services, await gather(*asked), strict=True))
    told = [each for each in found.values() if each is not None]
    if not told:
        raise Unreachable(services[0])
    return told, [visit(ABOUT[name]) for name, each in found.items() if each is None]


async def _asked(visit: Visit, service: str, limit: int) -> Work | None:
    try:
        said: Work = (await visit.api.list(service, "/work", limit=limit)).body
    except (Unreachable, ServiceProblem) as error:
        if not is_away(error):
            raise
        return None
    return said
