"""The state of one item alone, for a page of it that is open: its content is not read for that."""

from collections.abc import Iterable

from fastapi import Response
from starlette.exceptions import HTTPException

from services.portal.render.lists import Item
from services.portal.web.templates import CHIPS
from services.portal.web.visit import Visit


async def filing_state(visit: Visit, listed: Iterable[Item], id: str) -> Response:
    """Of a filing, out of the list where it stands. Raises HTTPException where it does not."""
    names = (await visit.site.reference.lists(visit.api, "filing_status"))["filing_status"]
    status = next((each["status"] for each in listed if each["id"] == id), None)
    if status is None:
        raise HTTPException(404)
    words = str(names.item(status)[visit.language])
    return await state(visit, id, CHIPS.get(status, "draft"), words)


async def state(visit: Visit, id: str, look: str, words: str) -> Response:
    """As a chip."""
    return await visit.page("shared/state.html", id=id, look=look, words=words)
