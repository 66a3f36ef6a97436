"""停放消息: facts that a reader could not apply, service by service, and why."""

from asyncio import gather
from typing import Any

from fastapi import APIRouter, Response

from services.portal.web.api import FOLLOWS, ServiceProblem, Unreachable, is_away
from services.portal.web.visit import Signed, Visit

router = APIRouter()


@router.get("/audit/parked")
async def parked(visit: Signed) -> Response:
    """Whoever looks here looks because something is wrong: a service that is away is said so."""
    found = await gather(*(parked_at(visit, service) for service in FOLLOWS))
    services = dict(zip(FOLLOWS, found, strict=True))
    return await visit.page(
        "audit/parked.html",
        rows=[row for rows in services.values() for row in rows or ()],
        away=[service for service, rows in services.items() if rows is None],
    )


async def parked_at(visit: Visit, service: str) -> list[dict[str, Any]] | None:
    """None: it does not answer."""
    try:
        found = (await visit.api.get(service, "/parked")).body
    except (Unreachable, ServiceProblem) as error:
        if not is_away(error):
            raise
        return None
    return [
        {
            **each,
            "service": service,
            "source": each["type"].partition(".")[0],
            "name": visit.happened(each["type"]),
        }
        for each in found
    ]
