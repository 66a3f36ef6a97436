"""首页 of auditors and operators: what no service could apply."""

from asyncio import gather
from collections import Counter

from fastapi import Response

from services.portal.pages.audit.parked import parked_at
from services.portal.render.words import ABOUT
from services.portal.web.visit import Visit


async def watch(visit: Visit, _show: str) -> Response:
    """What is parked at each service, and which of them does not answer."""
    found = await gather(*(parked_at(visit, each) for each in ABOUT))
    counts: Counter[tuple[str, str]] = Counter()
    away: list[str] = []
    for name, events in zip(ABOUT, found, strict=True):
        if events is None:
            away.append(visit(ABOUT[name]))
        for each in events or ():
            counts[each["reader"], each["type"]] += 1
    return await visit.page("entrance/watch.html", readers=sorted(counts.items()), away=away)
