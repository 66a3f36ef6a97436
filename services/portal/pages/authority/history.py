"""历史记录 of what the review service keeps."""

from asyncio import gather

from fastapi import Response

from services.portal.render.timelines import timeline
from services.portal.web.visit import Visit


async def history_page(visit: Visit, path: str, title: str, service: str = "review") -> Response:
    """Who did what, when; back to the page at `path`, which the service has under the same name."""
    steps, lists = await gather(
        visit.api.get(service, f"{path}/history"),
        visit.site.reference.lists(visit.api, "role"),
    )
    return await visit.page(
        "shared/history.html",
        title=title,
        back=path,
        steps=timeline(steps.body, lists["role"], visit),
    )
