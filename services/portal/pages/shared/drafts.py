"""Drafts of forms: kept while somebody types, dropped when they are given up."""

from typing import Any

from fastapi import APIRouter, Response

from services.portal.web import drafts
from services.portal.web.security import local_path
from services.portal.web.templates import clock_time
from services.portal.web.visit import Sent, Signed

router = APIRouter(prefix="/drafts")


@router.post("/{form}/{id}")
async def keep(visit: Signed, posted: Sent, form: str, id: str) -> dict[str, Any]:
    """自动保存: what the page says of it."""
    kept_at = await drafts.keep(visit, f"{form}/{id}", posted)
    assert visit.session
    await visit.site.sessions.save(visit.session)  # who types is not away
    said = visit("✓ 草稿 %(time)s 已自动保存") % {
        "time": clock_time(kept_at, visit.site.clock.now())
    }
    return {"kept_at": kept_at, "said": said}


@router.post("/{form}/{id}/drop")
async def drop(visit: Signed, posted: Sent, form: str, id: str) -> Response:
    """放弃草稿: back to what is saved."""
    await drafts.drop(visit, f"{form}/{id}")
    return await visit.go(local_path(posted.one("_here")))
