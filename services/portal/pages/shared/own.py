"""The enterprise that a visitor acts for."""

from typing import Any

from services.portal.web.visit import Visit


async def own_enterprise(visit: Visit) -> dict[str, Any] | None:
    """Its line in the list of enterprises; None before it is registered."""
    assert visit.user
    found = (await visit.api.list("enterprise", "/enterprises", uscc=visit.user.org)).body["items"]
    return dict(found[0]) if found else None
