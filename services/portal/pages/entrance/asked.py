"""What awaits the visitor at several services."""

from asyncio import gather
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.portal.web.visit import Visit

Work = Mapping[str, Any]  # the answer of `GET /work`


@dataclass(frozen=True)
class Tile:
    """A count that is a filter. `stops`: there should be none."""

    label: str
    href: str
    count: int
    near: int = 0
    over: int = 0
    is_on: bool = False
    stops: bool = False


async def work(visit: Visit, *services: str, limit: int) -> list[Work]:
    """What each service says, side by side; `limit`: tasks of each."""
    asked = (visit.api.list(each, "/work", limit=limit) for each in services)
    return [each.body for each in await gather(*asked)]
