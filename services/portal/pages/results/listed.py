"""公告结果: everything that was announced, by campaign, with search."""

from asyncio import gather
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.portal.pages.results.facts import LISTS, conclusion, licences
from services.portal.pages.shared.cells import choices, code, named
from services.portal.render.lists import Cell, Column, Item, ListFilter, list_view
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Guest, Visit

router = APIRouter()


@dataclass(frozen=True)
class ResultFilters:
    """What was asked for; empty: anything."""

    q: str = ""
    campaign: str = ""
    unit: str = ""
    result: str = ""


@router.get("/results")
async def results(
    visit: Guest, asked: Annotated[ResultFilters, Depends()], cursor: str = ""
) -> Response:
    """Of all campaigns, unless one is chosen."""
    listed, campaigns, lists = await gather(
        visit.api.list("review", "/results", **asdict(asked), cursor=cursor),
        visit.api.list("assessment", "/campaigns", limit=200),
        visit.site.reference.lists(visit.api, *LISTS),
    )
    titles = {str(each["id"]): str(each["title"]) for each in campaigns.body["items"]}
    view = list_view(
        listed.body["items"],
        _columns(visit, lists),
        empty=visit("没有符合条件的公告结果。公示期满并公告之后，结果才在这里。"),
        filters=_filters(visit, asked, lists, titles),
        next_cursor=listed.body["next_cursor"],
    )
    return await visit.page(
        "results/list.html",
        view=view,
        title=titles.get(asked.campaign, ""),
        searched=asked != ResultFilters(),
    )


def _columns(visit: Visit, lists: dict[str, CodeNames]) -> list[Column]:
    units, conclusions = lists["reporting_unit"], lists["assessment_result"]
    return [
        Column(visit("企业名称"), lambda each: Cell(each["enterprise_name"], _page(each))),
        Column(visit("统一社会信用代码"), lambda each: code(each["uscc"])),
        Column(visit("主管单位"), lambda each: named(visit, units, each["unit"])),
        Column(visit("资质项目"), lambda each: Cell(licences(visit, each))),
        Column(visit("结论"), lambda each: conclusion(visit, conclusions, each["result"])),
        Column(visit("公告日期"), lambda each: Cell(each["notice"]["announced_on"])),
    ]


def _filters(
    visit: Visit, asked: ResultFilters, lists: dict[str, CodeNames], titles: dict[str, str]
) -> list[ListFilter]:
    units, conclusions = choices(visit, lists["reporting_unit"]), lists["assessment_result"]
    final = CodeNames([each for each in conclusions.items if each.get("final", True)])
    return [
        ListFilter("q", visit("企业名称或信用代码"), asked.q),
        ListFilter("campaign", visit("所属批次"), asked.campaign, [*titles.items()][::-1]),
        ListFilter("unit", visit("主管单位"), asked.unit, units),
        ListFilter("result", visit("结论"), asked.result, choices(visit, final)),
    ]


def _page(result: Item) -> str:
    return f"/results/{result['record_no']}"
