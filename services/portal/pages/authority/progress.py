"""考核进度: how far a campaign had come on a day, as plots with a table under each. What the
numbers count is the service's; here they are only drawn.
"""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from services.portal.render.plots import Length, Share, bar_plot, line_plot
from services.portal.render.words import N_
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Signed, Visit

router = APIRouter()
HERE = "/progress"
Fields = Mapping[str, Any]
LISTS = (
    "assessment_status",
    "campaign_status",
    "registration_type",
    "reporting_unit",
    "speciality",
)
# in the order of a bar: what is counted, how it looks, its words
PARTS = (
    ("concluded", "b1", N_("已出结论")),
    ("in_review", "b2", N_("审核中")),
    ("returned", "b4", N_("退回补正")),
    ("unsent", "b3", N_("已开始未发送")),
    ("not_begun", "b5", N_("未开始")),
)
TIMED = ("in_review", "returned")
MOST_SHORTAGES = 8
QUEUE = "/cases?type=ASSESSMENT"


@router.get(HERE)
async def progress(visit: Signed, campaign: str = "", as_of: str = "") -> Response:
    """As the day ended; today where none is asked for."""
    listed, lists = await gather(
        visit.api.list("assessment", "/campaigns"),
        visit.site.reference.lists(visit.api, *LISTS),
    )
    campaigns = [each for each in listed.body["items"] if each["status"] != "PLANNED"]
    chosen = _chosen(campaigns, campaign)
    if chosen is None:
        return await visit.page("authority/progress_none.html")
    answer = await visit.api.list(
        "assessment",
        f"/campaigns/{chosen['id']}/progress",
        as_of=_day(as_of),
    )
    shown = Progress(visit, lists, answer.body)
    return await visit.page(
        "authority/progress.html",
        campaigns=campaigns,
        campaign=chosen,
        lists=lists,
        shown=shown,
    )


def _chosen(campaigns: Sequence[Fields], id: str) -> Fields | None:
    """The one that is asked for, else the latest."""
    asked = [each for each in campaigns if each["id"] == id] or campaigns
    return asked[-1] if asked else None


def _day(typed: str) -> str:
    """A day that is none is no day: then it is today's progress."""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True)
class ProgressTile:
    """How many enterprises; `stops`: there should be none."""

    label: str
    number: int
    href: str = ""
    stops: bool = False
    note: str = ""


@dataclass(frozen=True)
class Progress:
    """One answer of the service, as plots, tables and tiles."""

    visit: Visit
    lists: Mapping[str, CodeNames]
    told: Fields

    @property
    def day(self) -> date:
        return date.fromisoformat(self.told["as_of"])

    @property
    def is_today(self) -> bool:
        return self.day >= self.visit.site.clock.now().date()

    @property
    def is_before(self) -> bool:
        """Whether history begins later."""
        begins = self.told["begins_on"]
        return begins is None or self.told["as_of"] < begins

    def beside(self, days: int) -> str:
        """The same campaign so many days later."""
        day = self.day + timedelta(days=days)
        asked = {"campaign": self.told["campaign"], "as_of": day}
        return f"{HERE}?{urlencode(asked)}"

    @property
    def tiles(self) -> list[ProgressTile]:
        """Of today they lead on to the queue and to the roster."""
        total, visit = self.told["total"], self.visit
        roster = self._leads(f"/campaigns/{self.told['campaign']}")
        to_conclusions = self._leads("/conclusions")
        returned = self._leads(f"{QUEUE}&state=RETURNED")
        sent = self._leads(f"{QUEUE}&state=any")
        lacking = total["not_begun"]
        return [
            ProgressTile(visit("应考企业"), total["due"], roster),
            ProgressTile(visit("已发送"), total["sent"], sent, note=self._share_sent),
            ProgressTile(visit("审核中"), total["in_review"], self._leads(QUEUE)),
            ProgressTile(visit("退回补正"), total["returned"], returned),
            ProgressTile(visit("已出结论"), total["concluded"], to_conclusions),
            ProgressTile(visit("已开始未发送"), total["unsent"]),
            ProgressTile(visit("还没有开始"), lacking, roster, stops=lacking > 0),
        ]

    @property
    def _share_sent(self) -> str:
        total = self.told["total"]
        return f"{100 * total['sent'] / total['due']:.1f} %" if total["due"] else ""

    def _leads(self, path: str) -> str:
        """Where the visitor's menu leads there, of today: there is no queue of a past day."""
        page, *_ = path.removeprefix("/").partition("?")[0].split("/")
        return path if self.is_today and self.visit.offers(f"/{page}") else ""

    # By city

    @property
    def key(self) -> list[tuple[str, str]]:
        return [(look, self.visit(words)) for _, look, words in PARTS]

    @property
    def cities(self) -> Any:
        return bar_plot(
            Share(
                label=self.unit(each["city"]),
                parts={look: each[name] for name, look, _ in PARTS},
                part=each["sent"],
            )
            for each in self.told["cities"]
        )

    @property
    def city_titles(self) -> list[str]:
        visit = self.visit
        words = [visit(each) for _, _, each in PARTS]
        return [visit("报送单位"), visit("应考企业"), visit("已发送"), *words]

    @property
    def city_rows(self) -> list[list[Any]]:
        names = ("due", "sent", *(name for name, *_ in PARTS))
        return [
            [self.unit(each["city"]), *(each[name] for name in names)]
            for each in self.told["cities"]
        ]

    def unit(self, code: str) -> str:
        """Its name, without what is explained in brackets."""
        return self._say("reporting_unit", code).partition("(")[0].strip()

    # Time in queue

    @property
    def times(self) -> list[Fields]:
        """Of the states in which a record waits for somebody."""
        return [
            each
            for each in self.told["total"]["states"]
            if each["phase"] in TIMED and each["median_workdays"] is not None
        ]

    @property
    def time_plot(self) -> Any:
        return line_plot(
            [
                Length(
                    label=self.state(each),
                    numbers=[each["median_workdays"], each["longest_workdays"]],
                )
                for each in self.times
            ]
        )

    @property
    def time_words(self) -> str:
        said = self.visit("%(state)s：中位 %(median)s 日、最长 %(longest)s 日")
        return "；".join(
            said
            % {
                "state": self.state(each),
                "median": each["median_workdays"],
                "longest": each["longest_workdays"],
            }
            for each in self.times
        )

    @property
    def state_rows(self) -> list[list[Any]]:
        return [
            [
                self.state(each),
                each["records"],
                each["median_workdays"],
                each["longest_workdays"],
            ]
            for each in self.told["total"]["states"]
        ]

    def state(self, each: Fields) -> str:
        return self._say("assessment_status", each["state"])

    # Shortages

    @property
    def shortages(self) -> list[tuple[str, int]]:
        """By name of the registration or speciality, what most lack first."""
        return [(self._place(each), each["enterprises"]) for each in self.told["shortages"]]

    @property
    def shortage_plot(self) -> Any:
        most = self.shortages[:MOST_SHORTAGES]
        return line_plot([Length(name, [number]) for name, number in most])

    @property
    def shortage_words(self) -> str:
        most = self.shortages[:MOST_SHORTAGES]
        return "，".join(f"{name} {number}" for name, number in most)

    def _place(self, each: Fields) -> str:
        registered = each["group"] == "registered"
        return self._say("registration_type" if registered else "speciality", each["code"])

    def _say(self, name: str, code: str) -> str:
        return str(self.lists[name].item(code)[self.visit.language])
