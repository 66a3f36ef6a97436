"""Drafts of forms: kept while somebody types, dropped when they are given up."""

from typing import Any

from fastapi import APIRouter, Response

from services.portal.render.posted import whole
from services.portal.web import drafts
from services.portal.web.security import local_path
from services.portal.web.templates import clock_time
from services.portal.web.visit import Posted, Sent, Signed, Visit

router = APIRouter(prefix="/drafts")
PLACES = 5  # of which the session knows what was typed last
LATE = 3_600_000  # ms after which it is no straggler any more: the browser's clock was put back


@router.post("/{form}/{id}", response_model=None)
async def keep(visit: Signed, posted: Sent, form: str, id: str) -> dict[str, Any] | Response:
    """自动保存: what the page says of it. What was typed before what is kept is not kept: 204."""
    is_new = is_latest(visit, f"{form}/{id}", posted)
    assert visit.session
    await visit.site.sessions.save(visit.session)  # who types is not away
    if not is_new:
        return Response(status_code=204)
    kept_at = await drafts.keep(visit, f"{form}/{id}", posted)
    return {"kept_at": kept_at, "said": said(visit, kept_at)}


def said(visit: Visit, kept_at: str) -> str:
    """On the page, of what was kept."""
    time = clock_time(kept_at, visit.site.clock.now())
    return visit("✓ 草稿 %(time)s 已自动保存") % {"time": time}


@router.post("/{form}/{id}/drop")
async def drop(visit: Signed, posted: Sent, form: str, id: str) -> Response:
    """放弃草稿: back to what is saved."""
    await drafts.drop(visit, f"{form}/{id}")
    return await visit.go(local_path(posted.one("_here")))


def is_latest(visit: Visit, place: str, posted: Posted) -> bool:
    """Last writer wins, by when it was typed: whether nothing later of this session was posted to
    this place.
    """
    assert visit.session
    typed = whole(posted.one("_typed")) or 0
    latest: dict[str, int] = dict(visit.session.data.get("typed", {}))
    is_late = 0 < latest.pop(place, 0) - typed < LATE
    if typed and not is_late:
        others = list(latest.items())[1 - PLACES :]
        visit.session.data["typed"] = {**dict(others), place: typed}
    return not (typed and is_late)
