"""首页 of auditors and operators: what no service could apply."""

from asyncio import gather
from collections import Counter

from fastapi import Response

from services.portal.pages.entrance.year import SERVICES
from services.portal.web.visit import Visit


async def watch(visit: Visit, _show: str) -> Response:
    found = await gather(*(visit.api.get(each, "/parked") for each in SERVICES))
    parked = [event for each in found for event in each.body]
    counts = Counter((each["reader"], each["type"]) for each in parked)
    return await visit.page("entrance/watch.html", readers=sorted(counts.items()))
