"""The enterprise that a visitor acts for."""

from typing import Any

from services.portal.web.visit import Visit


async def own_enterprise(visit: Visit) -> dict[str, Any] | None:
    """Its line in the list of enterprises; None before it is registered."""
    assert visit.user
    assert visit.session
    found = (await visit.api.list("enterprise", "/enterprises", uscc=visit.user.org)).body["items"]
    if not found:
        return None
    visit.session.data["enterprise"] = found[0]["id"]
    return dict(found[0])
