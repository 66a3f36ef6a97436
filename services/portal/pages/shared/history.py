"""历史记录 of whatever a service keeps: who did what, when."""

from asyncio import gather

from fastapi import Response

from services.portal.render.timelines import timeline
from services.portal.web.visit import Visit


async def history_page(
    visit: Visit, service: str, path: str, *, back: str, title: str = "", number: str = ""
) -> Response:
    """Of the item at the service's `path`, with the way back to its page. Its heading is `title`,
    else the item's own `number`, a field of it.
    """
    item, steps, lists = await gather(
        visit.api.get(service, path) if number else _nothing(),
        visit.api.get(service, f"{path}/history"),
        visit.site.reference.lists(visit.api, "role"),
    )
    people = await visit.names(*(each["user"] for each in steps.body))
    return await visit.page(
        "shared/history.html",
        title=item.body[number] if item else title,
        back=back,
        steps=timeline(steps.body, lists["role"], people, visit),
    )


async def _nothing() -> None:
    """In place of an item whose number is not asked for."""
