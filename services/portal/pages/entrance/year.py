"""首页 of an enterprise: how far its year has come, what is to be done, why and until when."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from services.portal.pages.entrance.asked import Work, work
from services.portal.pages.entrance.ready import ready
from services.portal.pages.entrance.sent import news, sent_views, watched
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
    "send": (N_("发送考核数据"), "/assessment"),
    "city": (N_("市级初审"), "/assessment"),
    "province": (N_("省级复核"), "/assessment"),
    "publicity": (N_("公示"), "/assessment"),
    "announced": (N_("公告"), "/assessment"),
}
Counts = Mapping[str, Mapping[str, int]]  # by kind: all, near, over


@dataclass(frozen=True)
class Shown:
    """A tile: its words, which tasks it shows, and how many there are by the services' counts."""

    label: str
    belongs: Callable[[tasks.Task], bool]
    count: Callable[[Counts], int]


def _of(label: str, *kinds: str) -> Shown:
    """A tile that counts tasks of these kinds."""
    return Shown(
        label,
        lambda task: task["kind"] in kinds,
        lambda counts: sum(counts[each]["all"] for each in kinds if each in counts),
    )


def _together(of: str) -> Callable[[Counts], int]:
    """All kinds, by one of their counts."""
    return lambda counts: sum(each[of] for each in counts.values())


SHOWN = {  # by their name in the address
    "over": Shown(N_("已过期限"), tasks.is_over, _together("over")),
    "near": Shown(N_("3 个工作日内到期"), tasks.is_near, _together("near")),
    "returned": _of(N_("退回补正"), "returned"),
    "unsent": _of(N_("尚未发送"), "unsent"),
    "unfinished": _of(N_("未完成"), "unfinished", "missing"),
    "expiring": _of(N_("将到期"), "expiring"),
}
ALL = Shown(N_("全部待办"), lambda _: True, _together("all"))
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
    found, away = await work(visit, *SERVICES, limit=MOST)
    every = [task for each in found for task in each["items"]]
    steps = _steps(found)
    known = {each.name: each.line for each in steps}
    shown, counts = SHOWN.get(show, ALL), _counts(found)
    chosen = list(filter(shown.belongs, every))
    sent = sent_views(line for each in found for line in each["sent"])
    lists = await visit.site.reference.lists(visit.api, "filing_status", "assessment_status")
    visit.remember_counts(tasks.by_page(every))
    return await visit.page(
        "entrance/year.html",
        away=away,
        tiles=_tiles(visit, counts, show),
        rows=tasks.rows(chosen),
        listed=len(chosen),
        total=shown.count(counts),
        every=len(every),
        steps=steps,
        own=known.get("enterprise"),
        ready=[] if away else ready(visit, known, every),
        campaign=known.get("send"),
        watched=watched(sent),
        news=news(sent),
        lists=lists,
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


def _counts(found: Sequence[Work]) -> Counts:
    """Of all services together."""
    counts: dict[str, dict[str, int]] = {}
    for each in found:
        for kind, count in each["counts"].items():
            held = counts.setdefault(kind, {"all": 0, "near": 0, "over": 0})
            counts[kind] = {name: held[name] + count[name] for name in held}
    return counts


def _tiles(visit: Visit, counts: Counts, show: str) -> list[Tile]:
    """With the counts of the services; what there should be none of stops the eye."""
    tiles = [Tile(visit(ALL.label), ALL.count(counts), "/", is_on=show not in SHOWN)]
    for name, shown in SHOWN.items():
        count = shown.count(counts)
        tile = Tile(
            label=visit(shown.label),
            href=f"/?show={name}",
            count=count,
            is_on=name == show,
            stops=name in STOPS and count > 0,
        )
        tiles.append(tile)
    return tiles
