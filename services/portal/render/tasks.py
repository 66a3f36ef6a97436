"""The worklist renderer: what awaits a visitor at several services (`GET /work`) as rows of one
table, things of one kind and reason together, what is over its time first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.render.lists import NEAR, Due
from services.portal.render.menu import PATHS
from services.portal.render.words import N_

Task = Mapping[str, Any]
PageCount = tuple[int, bool]  # things to do, and whether one of them came back or is over its time
PERIOD = 20  # working days of which the pie shows how many are used
NAMED = 2  # of alike ones
# kinds in their order: how a row is marked, in which words
KINDS = {
    "returned": ("returned", N_("退回补正")),
    "unsent": ("saved", N_("尚未发送")),
    "unfinished": ("draft", N_("未完成")),
    "missing": ("draft", N_("未开始")),
    "expiring": ("draft", N_("将到期")),
    "in_review": ("reviewing", N_("我在办")),
    "to_review": ("sent", N_("待受理")),
    "to_sign": ("sent", N_("待签发")),
    "to_conclude": ("sent", N_("待结论")),
    "onsite": ("reviewing", N_("实地核查")),
    "to_recheck": ("sent", N_("整改待复核")),
    "to_announce": ("sent", N_("待公告")),
    "campaign": ("draft", N_("考核批次")),
}
WITHIN_CAMPAIGN = ("unsent", "unfinished", "missing")
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}
ACTS = {
    "save": N_("去填写"),
    "send": N_("去发送"),
    "register": N_("登记企业"),
    "add_filing": N_("去添加备案"),
    "add_person": N_("添加人员"),
    "add_contract": N_("添加合同"),
    "add_project": N_("添加项目"),
    "add_stage": N_("添加阶段"),
    "start_record": N_("去填报"),
    "generate": N_("去生成"),
    "report": N_("报送报告"),
    "take": N_("受理"),
    "decide": N_("审核"),
    "opinion": N_("出具意见"),
    "sign": N_("签发"),
    "propose": N_("拟定结论"),
    "approve": N_("批准结论"),
    "minutes": N_("登记核查"),
    "recheck": N_("复核"),
    "announce": N_("公告"),
    "open_campaign": N_("开放填报"),
    "close_campaign": N_("截止填报"),
}
# where the portal keeps what a service places: service, its path (with the act, where that leads
# elsewhere), the page
PAGES = (
    ("enterprise", r"/enterprises/[^/]+/filings/.+", "/enterprise/{folder}/{id}"),
    ("enterprise", r"/enterprises/[^/]+:add_filing", "/enterprise/{folder}"),
    ("enterprise", r"/enterprises.*", "/enterprise"),
    ("personnel", r"/filings/.+", "/people/{folder}/{id}"),
    ("personnel", r"/people/[^/]+:add_filing", "/people/{folder}"),
    ("personnel", r"/people.*", "/people"),
    ("projects", r"/contracts/.+", "/contracts/{id}"),
    ("projects", r"/contracts:.+", "/contracts"),
    ("projects", r"/projects/.+", "/projects/{id}"),
    ("assessment", r"/records/.+", "/assessment/{id}"),
    ("assessment", r"/records:.+", "/assessment"),
    ("assessment", r"/campaigns/.+", "/campaigns/{id}"),
    ("review", r"/cases/.+", "/cases/{id}"),
    ("review", r"/rectifications/.+", "/rectifications/{id}"),
    ("review", r"/publicities/.+", "/publicities/{id}"),
)
CHANGES = frozenset({"ENT_CHANGE", "PER_CHANGE", "PER_RELEASE"})
MENU = {path: code for code, path in PATHS.items()}


@dataclass(frozen=True)
class TaskRow:
    """`names`: of the first ones, of `count`; `code`: the page of the manual where they are."""

    kind: str
    names: tuple[str, ...]
    count: int
    href: str
    code: str | None
    task: Task  # the most urgent of them

    @property
    def chip(self) -> str:
        return KINDS[self.kind][0]

    @property
    def label(self) -> str:
        return KINDS[self.kind][1]

    @property
    def due(self) -> Due | None:
        """None where there is no date, or nobody knows its working days yet."""
        left = self.task["working_days_left"]
        return None if left is None else Due(self.task["due_on"], left, PERIOD)

    @property
    def is_within_campaign(self) -> bool:
        """Whether its time ends with the window of a campaign, which may not be the latest one."""
        is_record = self.task["place"]["service"] == "assessment"
        return is_record and self.kind in WITHIN_CAMPAIGN

    @property
    def act(self) -> str:
        if self.kind == "returned":
            return N_("逐条改正")
        return ACTS[self.task["action"]]


def page_of(task: Task) -> str:
    """The portal's page of what awaits. Raises LookupError for a place that has none."""
    place = task["place"]
    with_act = f"{place['path']}:{task['action']}"
    for service, path, page in PAGES:
        if service != place["service"]:
            continue
        if re.fullmatch(path, place["path"]) or re.fullmatch(path, with_act):
            return page.format(id=task["id"], folder=_folder(task))
    raise LookupError(f"the portal has no page for {place}")


def _folder(task: Task) -> str:
    """What ends soon is filed anew by a change."""
    if task["kind"] == "expiring" or task["type"] in CHANGES:
        return "changes"
    return "filings"


def list_of(task: Task) -> str:
    """The page of all that are like it."""
    return page_of(task).removesuffix(f"/{task['id']}")


def rows(tasks: Iterable[Task], *, together: bool = True) -> list[TaskRow]:
    """The most urgent first; `together`: alike ones are one row."""
    alike: dict[tuple[str, ...], list[Task]] = {}
    for each in tasks:
        group = _group(each) if together else (each["kind"], each["id"])
        alike.setdefault(group, []).append(each)
    return sorted(map(_row, alike.values()), key=_urgency)


def by_page(tasks: Iterable[Task]) -> dict[str, PageCount]:
    """By the address of the manual's page, how much is to be done there."""
    found: dict[str, PageCount] = {}
    for each in tasks:
        if (page := list_of(each)) in MENU:
            count, stops = found.get(page, (0, False))
            found[page] = count + 1, stops or each["kind"] == "returned" or is_over(each)
    return found


def _group(task: Task) -> tuple[str, ...]:
    """What is to be done, where, and why."""
    return (
        task["kind"],
        list_of(task),
        task["action"],
        task["reason"]["zh"],
    )


def _row(tasks: Sequence[Task]) -> TaskRow:
    first = min(tasks, key=_due)
    place = list_of(first)
    names = [each["title"] for each in tasks[:NAMED]]
    return TaskRow(
        kind=first["kind"],
        names=tuple(filter(None, names)),
        count=len(tasks),
        href=page_of(first) if len(tasks) == 1 else place,
        code=MENU.get(place),
        task=first,
    )


def _due(task: Task) -> str:
    return task["due_on"] or "9999"


def _urgency(row: TaskRow) -> tuple[Any, ...]:
    """What is over first, then what is near its end, then by kind."""
    calm = not is_over(row.task)
    calmer = calm and not is_near(row.task)
    return calm, calmer, RANKS[row.kind], _due(row.task)


def is_over(task: Task) -> bool:
    return (task["working_days_left"] or 0) < 0


def is_near(task: Task) -> bool:
    left = task["working_days_left"]
    return left is not None and 0 <= left <= NEAR
