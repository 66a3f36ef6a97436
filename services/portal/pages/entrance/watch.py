"""首页 of auditors and operators: what no service could apply."""

from asyncio import gather
from collections import Counter

from fastapi import Response

from services.portal.pages.audit.parked import parked_at
from services.portal.pages.entrance.asked import ABOUT
from services.portal.web.visit import Visit


async def watch(visit: Visit, _show: str) -> Response:
    found = await gather(*(parked_at(visit, each) for each in ABOUT))
    counts = Counter((event["reader"], event["type"]) for each in found for event in each or ())
    away = [visit(ABOUT[name]) for name, each in zip(ABOUT, found, strict=True) if each is None]
    return await visit.page("entrance/watch.html", readers=sorted(counts.items()), away=away)
