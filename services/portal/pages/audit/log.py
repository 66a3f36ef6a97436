"""事件日志: the log of a service by position, and one event as it stands in it."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from services.portal.pages.audit import streams
from services.portal.render.event_fields import ENVELOPE
from services.portal.render.logged import FieldChange, logged
from services.portal.web.api import FOLLOWS
from services.portal.web.visit import Signed

router = APIRouter(prefix="/audit/log")
PAGE = 50  # events


@router.get("")
async def log(visit: Signed, service: str = "enterprise", after: int = -1) -> Response:
    """The log after a position; without one, its end."""
    if service not in FOLLOWS:
        raise HTTPException(404)
    if after < 0:
        told = await visit.api.get(service, "/events", limit=1)
        after = max(0, told.body["head"] - PAGE)
    found = (await visit.api.get(service, "/events", after=after, limit=PAGE)).body
    events = [logged(service, each) for each in found["items"]]
    last = events[-1].position if events else after
    return await visit.page(
        "audit/log.html",
        service=service,
        services=list(FOLLOWS),
        events=events,
        names=await visit.names(*(each.user for each in events)),
        head=found["head"],
        after=after,
        earlier=max(0, after - PAGE) if after else None,
        later=last if last < found["head"] else None,
    )


@router.get("/{service}/{position}")
async def event(visit: Signed, service: str, position: int) -> Response:
    """One event: what it says, who did it, what caused it, and its hash in the log's proof."""
    if service not in FOLLOWS or position < 1:
        raise HTTPException(404)
    found = (await visit.api.get(service, "/events", after=position - 1, limit=1)).body["items"]
    if not found or found[0]["position"] != position:
        raise HTTPException(404)
    told = logged(service, found[0])
    words = await streams.labels(visit, told.service)
    begun = [FieldChange(at, None, value) for at, value in told.facts.items()]
    facts = [streams.row(visit, words, each) for each in begun]
    return await visit.page(
        "audit/event.html",
        service=service,
        event=told,
        facts=facts,
        envelope=ENVELOPE,
        names=await visit.names(told.user),
    )
