"""首页 of an enterprise: how far its year has come, what is to be done, why and until when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from services.portal.pages.entrance.asked import Work, work
from services.portal.render import tasks
from services.portal.render.lists import Tile
from services.portal.render.words import N_
from services.portal.web.visit import Visit

SERVICES = ("enterprise", "personnel", "projects", "assessment", "review")
MOST = 200  # tasks of a service
# steps of the year in their order, each with the page where it is done
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
Belongs = Callable[[tasks.Task], bool]


def of(*kinds: str) -> Belongs:
    return lambda task: task["kind"] in kinds


# tiles by their name in the address: words, and which tasks they count
SHOWN: dict[str, tuple[str, Belongs]] = {
    "over": (N_("已过期限"), tasks.is_over),
    "near": (N_("3 个工作日内到期"), tasks.is_near),
    "returned": (N_("退回补正"), of("returned")),
    "unsent": (N_("尚未发送"), of("unsent")),
    "unfinished": (N_("未完成"), of("unfinished", "missing")),
    "expiring": (N_("将到期"), of("expiring")),
}
ALL: tuple[str, Belongs] = (N_("全部待办"), lambda _: True)
STOPS = ("over", "returned")


@dataclass(frozen=True)
class StepView:
    """`line`: what the service says of it."""

    name: str
    line: Mapping[str, Any]
    is_now: bool

    @property
    def label(self) -> str:
        return STEPS[self.name][0]

    @property
    def href(self) -> str:
        return STEPS[self.name][1]


async def year(visit: Visit, show: str) -> Response:
    found = await work(visit, *SERVICES, limit=MOST)
    every = [task for each in found for task in each["items"]]
    steps = _steps(found)
    known = {each.name: each.line for each in steps}
    _words, belongs = SHOWN.get(show, ALL)
    chosen = list(filter(belongs, every))
    return await visit.page(
        "entrance/year.html",
        tiles=_tiles(visit, every, show),
        rows=tasks.rows(chosen),
        total=len(chosen),
        every=len(every),
        steps=steps,
        own=known["enterprise"],
        campaign=known.get("send"),
    )


def _steps(found: Sequence[Work]) -> list[StepView]:
    """Those that a service knows of; the first that is not done is where the enterprise stands."""
    told: dict[str, Mapping[str, Any]] = {}
    for each in found:
        told |= {line["step"]: line for line in each["progress"]}
    steps: list[StepView] = []
    is_done = True
    for name in filter(told.__contains__, STEPS):
        was_done, is_done = is_done, is_done and told[name]["reached"] == "done"
        steps.append(StepView(name, told[name], is_now=was_done and not is_done))
    return steps


def _tiles(visit: Visit, every: Sequence[tasks.Task], show: str) -> list[Tile]:
    label, _ = ALL
    tiles = [Tile(visit(label), len(every), "/", is_on=show not in SHOWN)]
    for name, (label, belongs) in SHOWN.items():
        count = sum(map(belongs, every))
        tile = Tile(
            label=visit(label),
            href=f"/?show={name}",
            count=count,
            is_on=name == show,
            stops=name in STOPS and count > 0,
        )
        tiles.append(tile)
    return tiles
