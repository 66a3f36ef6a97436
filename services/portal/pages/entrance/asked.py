"""What awaits the visitor at several services."""

from asyncio import gather
from collections.abc import Mapping
from typing import Any

from services.portal.web.visit import Visit

Work = Mapping[str, Any]  # the answer of `GET /work`


async def work(visit: Visit, *services: str, limit: int) -> list[Work]:
    """What each service says, side by side; `limit`: tasks of each."""
    asked = (visit.api.list(each, "/work", limit=limit) for each in services)
    return [each.body for each in await gather(*asked)]
