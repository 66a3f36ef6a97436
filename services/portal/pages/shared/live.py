"""`/live`: an open page listens, as server-sent events, for what moved of its visitor's."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.sse import EventSourceResponse

from libs.events.errors import Unavailable
from services.portal.pages.shared.own import own_enterprise
from services.portal.web.live import Audience
from services.portal.web.visit import Guest, Visit

router = APIRouter()
NOTHING = 204  # to a browser that listens: do not ask again


@router.get("/live")
async def live(visit: Guest) -> Response:
    """Until the session or the process ends; nothing to whoever has nothing to hear."""
    hub = visit.site.live
    if not hub.is_on or hub.is_full or (audience := await _audience(visit)) is None:
        return Response(status_code=NOTHING)
    assert visit.session
    await visit.site.sessions.save(visit.session, touched=False)
    return EventSourceResponse(_lines(visit, audience), headers={"X-Accel-Buffering": "no"})


async def _lines(visit: Visit, audience: Audience) -> AsyncIterator[bytes]:
    session = visit.session
    assert session

    async def is_there() -> bool:
        try:
            return await visit.site.sessions.load(session.token) is not None
        except Unavailable:
            return False

    with visit.site.live.listening(audience, session.id) as listener:
        async for line in listener.lines(is_there):
            yield line


async def _audience(visit: Visit) -> Audience | None:
    """Who listens: the visitor's enterprise; officers by their city, those of the province and
    experts to all.
    """
    if visit.user is None or visit.session is None:
        return None
    if visit.user.face == "enterprise":
        if "enterprise" not in visit.session.data and await own_enterprise(visit) is None:
            return None
        return Audience(owner=UUID(visit.enterprise))
    if visit.user.face not in ("authority", "expert"):
        return None
    is_of_city = visit.user.role.startswith("CITY_")
    return Audience(city=visit.user.city if is_of_city else None)
