"""首页 of officers and experts: their queues with counts, and what is the most urgent."""

from collections.abc import Mapping

from fastapi import Response

from services.portal.pages.entrance.asked import work
from services.portal.render import tasks
from services.portal.render.lists import Tile
from services.portal.web.visit import Visit

URGENT = 20  # that are shown here; the queues have the rest
# by kind of task, the list that has them all
QUEUES = {
    "in_review": "/cases?state=mine",
    "to_review": "/cases?state=WAITING",
    "to_sign": "/cases?state=OPINION",
    "to_conclude": "/cases?state=OPINION",
    "onsite": "/cases?state=ONSITE",
    "to_recheck": "/rectifications?status=SUBMITTED",
    "to_announce": "/publicities",
    "campaign": "/campaigns",
}


async def desk(visit: Visit, _show: str) -> Response:
    assert visit.user
    is_province = visit.user.role.startswith("PROV_")
    services = ("review", "assessment") if is_province else ("review",)
    found, away = await work(visit, *services, limit=URGENT)
    items = [task for each in found for task in each["items"]]
    queues = {kind: counts for each in found for kind, counts in each["counts"].items()}
    kinds = [kind for kind in tasks.KINDS if kind in queues]
    return await visit.page(
        "entrance/desk.html",
        away=away,
        tiles=[_queue(visit, kind, queues[kind]) for kind in kinds],
        rows=tasks.rows(items, together=False)[:URGENT],
        total=sum(each["all"] for each in queues.values()),
    )


def _queue(visit: Visit, kind: str, counts: Mapping[str, int]) -> Tile:
    """A kind of task as a tile that leads to all of them."""
    _chip, label = tasks.KINDS[kind]
    return Tile(
        label=visit(label),
        href=QUEUES[kind],
        count=counts["all"],
        near=counts["near"],
        over=counts["over"],
        stops=counts["over"] > 0,
    )
