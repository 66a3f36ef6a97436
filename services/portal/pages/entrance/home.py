"""待办: what awaits the visitor, why and until when; of an enterprise also how far its year has
come.
"""

from asyncio import gather
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from services.portal.render import tasks
from services.portal.render.words import N_
from services.portal.web.visit import Signed, Visit

router = APIRouter()
ENTERPRISE = ("enterprise", "personnel", "projects", "assessment", "review")
MOST = 200  # tasks of a service
URGENT = 20  # that are shown to an officer, whose queue has the rest
STEPS = {
    "enterprise": (N_("企业信息备案"), "/enterprise/filings"),
    "people": (N_("人员信息备案"), "/people/filings"),
    "projects": (N_("合同与项目"), "/projects"),
    "generate": (N_("生成考核数据"), "/assessment"),
    "send": (N_("发送"), "/assessment"),
    "city": (N_("市级初审"), "/assessment"),
    "province": (N_("省级复核"), "/assessment"),
    "publicity": (N_("公示"), "/assessment"),
    "announced": (N_("公告"), "/assessment"),
}
# tiles of an enterprise: name in the address, words, which tasks
SHOWN: dict[str, tuple[str, Callable[[tasks.Task], bool]]] = {
    "over": (N_("已过期限"), tasks.is_over),
    "near": (N_("3 个工作日内到期"), tasks.is_near),
    "returned": (N_("退回补正"), lambda each: each["kind"] == "returned"),
    "unsent": (N_("尚未发送"), lambda each: each["kind"] == "unsent"),
    "unfinished": (N_("未完成"), lambda each: each["kind"] in ("unfinished", "missing")),
    "expiring": (N_("将到期"), lambda each: each["kind"] == "expiring"),
}
# where an officer's queue is, by kind of task
QUEUES = {
    "in_review": "/cases?state=TAKEN",
    "to_review": "/cases?state=WAITING",
    "to_sign": "/cases?state=OPINION",
    "to_conclude": "/cases?state=OPINION",
    "onsite": "/cases?state=ONSITE",
    "to_recheck": "/rectifications?status=SUBMITTED",
    "to_announce": "/publicities",
    "campaign": "/campaigns",
}


@dataclass(frozen=True)
class Tile:
    """A count that is a filter. `stops`: there should be none."""

    label: str
    href: str
    count: int
    near: int = 0
    over: int = 0
    is_on: bool = False
    stops: bool = False


@router.get("/")
async def home(visit: Signed, show: str = "") -> Response:
    """首页"""
    assert visit.user
    faces = {"enterprise": _enterprise, "authority": _desk, "expert": _desk}
    return await faces.get(visit.user.face, _watch)(visit, show)


async def _work(visit: Visit, *services: str, limit: int) -> list[Mapping[str, Any]]:
    """What each service says, side by side."""
    asked = (visit.api.list(each, "/work", limit=limit) for each in services)
    return [each.body for each in await gather(*asked)]


# An enterprise


async def _enterprise(visit: Visit, show: str) -> Response:
    found = await _work(visit, *ENTERPRISE, limit=MOST)
    every = [task for each in found for task in each["items"]]
    progress = {line["step"]: line for each in found for line in each["progress"]}
    steps = [(*STEPS[name], progress[name]) for name in STEPS if name in progress]
    now = next((line["step"] for _, _, line in steps if line["reached"] != "done"), None)
    chosen = [task for task in every if show not in SHOWN or SHOWN[show][1](task)]
    return await visit.page(
        "entrance/home.html",
        tiles=_tiles(visit, every, show),
        rows=tasks.rows(chosen),
        total=len(chosen),
        every=len(every),
        steps=steps,
        now=now,
        own=progress["enterprise"],
        campaign=progress.get("send"),
    )


def _tiles(visit: Visit, every: Sequence[tasks.Task], show: str) -> list[Tile]:
    tiles = [Tile(visit("全部待办"), "/", len(every), is_on=show not in SHOWN)]
    for name, (label, belongs) in SHOWN.items():
        count = sum(map(belongs, every))
        stops = count > 0 and name in ("over", "returned")
        tiles.append(Tile(visit(label), f"/?show={name}", count, is_on=name == show, stops=stops))
    return tiles


# The authority and its experts


async def _desk(visit: Visit, _show: str) -> Response:
    assert visit.user
    services = ("review", "assessment") if visit.user.role.startswith("PROV_") else ("review",)
    found = await _work(visit, *services, limit=URGENT)
    items = [task for each in found for task in each["items"]]
    queues = {kind: counts for each in found for kind, counts in each["counts"].items()}
    return await visit.page(
        "entrance/desk.html",
        tiles=[_queue(visit, kind, queues[kind]) for kind in tasks.KINDS if kind in queues],
        rows=tasks.rows(items, together=False)[:URGENT],
        total=sum(each["all"] for each in queues.values()),
    )


def _queue(visit: Visit, kind: str, counts: Mapping[str, int]) -> Tile:
    return Tile(
        visit(tasks.KINDS[kind][1]),
        QUEUES[kind],
        counts["all"],
        near=counts["near"],
        over=counts["over"],
        stops=counts["over"] > 0,
    )


# Auditors and operators


async def _watch(visit: Visit, _show: str) -> Response:
    """What no service could apply."""
    found = await gather(*(visit.api.get(each, "/parked") for each in ENTERPRISE))
    return await visit.page("entrance/watch.html", readers=_parked(each.body for each in found))


def _parked(found: Iterable[Sequence[Mapping[str, Any]]]) -> list[tuple[str, str, int]]:
    """By reader and type of the fact, how many."""
    counts = Counter((each["reader"], each["type"]) for parked in found for each in parked)
    return [(reader, kind, count) for (reader, kind), count in sorted(counts.items())]
