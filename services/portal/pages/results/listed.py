"""公告结果: everything that was announced, by campaign, with search."""

from asyncio import gather

from fastapi import APIRouter, Response

from services.portal.pages.results.facts import LISTS, conclusion, licences
from services.portal.pages.shared.cells import choices, code, named
from services.portal.render.lists import Cell, Column, ListFilter, ListView, list_view
from services.portal.web.api import ServiceAnswer
from services.portal.web.reference import CodeNames
from services.portal.web.visit import Guest, Visit

router = APIRouter()


@router.get("/results")
async def results(
    visit: Guest,
    q: str = "",
    campaign: str = "",
    unit: str = "",
    result: str = "",
    cursor: str = "",
) -> Response:
    """The latest campaign has no place of its own: whoever asks for nothing sees all."""
    asked = {"q": q, "campaign": campaign, "unit": unit, "result": result}
    listed, campaigns, lists = await gather(
        visit.api.list("review", "/results", **asked, cursor=cursor),
        visit.api.list("assessment", "/campaigns", limit=200),
        visit.site.reference.lists(visit.api, *LISTS),
    )
    titles = {str(each["id"]): str(each["title"]) for each in campaigns.body["items"]}
    return await visit.page(
        "results/list.html",
        view=_view(visit, listed, lists, titles, asked),
        title=titles.get(campaign, ""),
        searched=any(asked.values()),
    )


def _view(
    visit: Visit,
    listed: ServiceAnswer,
    lists: dict[str, CodeNames],
    titles: dict[str, str],
    asked: dict[str, str],
) -> ListView:
    units, conclusions = lists["reporting_unit"], lists["assessment_result"]
    final = CodeNames([each for each in conclusions.items if each.get("final", True)])
    return list_view(
        listed.body["items"],
        [
            Column(visit("企业名称"), lambda each: Cell(each["enterprise_name"], _page(each))),
            Column(visit("统一社会信用代码"), lambda each: code(each["uscc"])),
            Column(visit("主管单位"), lambda each: named(visit, units, each["unit"])),
            Column(visit("资质项目"), lambda each: Cell(licences(visit, each))),
            Column(visit("结论"), lambda each: conclusion(visit, conclusions, each["result"])),
            Column(visit("公告日期"), lambda each: Cell(each["notice"]["announced_on"])),
        ],
        empty=visit("没有符合条件的公告结果。公示期满并公告之后，结果才在这里。"),
        filters=[
            ListFilter("q", visit("企业名称或信用代码"), asked["q"]),
            ListFilter("campaign", visit("考核批次"), asked["campaign"], [*titles.items()][::-1]),
            ListFilter("unit", visit("主管单位"), asked["unit"], choices(visit, units)),
            ListFilter("result", visit("结论"), asked["result"], choices(visit, final)),
        ],
        next_cursor=listed.body["next_cursor"],
    )


def _page(result: object) -> str:
    assert isinstance(result, dict)
    return f"/results/{result['record_no']}"
