"""The enterprise that a visitor acts for."""

from typing import Any

from starlette.exceptions import HTTPException

from services.portal.web.visit import Visit


async def own_enterprise(visit: Visit) -> dict[str, Any] | None:
    """Its line in the list of enterprises; None before it is registered, and for who acts for
    none.
    """
    assert visit.user
    assert visit.session
    if not visit.user.org:
        return None
    found = (await visit.api.list("enterprise", "/enterprises", uscc=visit.user.org)).body["items"]
    if not found:
        return None
    visit.session.data["enterprise"] = found[0]["id"]
    return dict(found[0])


async def registered(visit: Visit) -> dict[str, Any]:
    """Its line. Raises HTTPException for who has no page of it."""
    own = await own_enterprise(visit)
    if own is None:
        raise HTTPException(404)
    return own
